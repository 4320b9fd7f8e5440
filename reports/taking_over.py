"""What was done before the program was there, taken over in bulk: settled disputes, and hazards with all their steps.

The rules are those of reports/disputes.py and reports/hazards.py, and the database holds them once more; who may do
what is not asked, since it was done long ago. For the command line and the demo.
"""

from collections.abc import Sequence
from datetime import date, timedelta
from typing import Any, NamedTuple

from django.db import connection, transaction
from django.utils import timezone
from django.utils.translation import gettext as _

from councils import audit
from councils.models import Council
from cunsao import bulk
from cunsao.personal_data import prepared
from reports.activities import Recorded, record_many
from reports.disputes import Brought
from reports.entering import Entry
from reports.hazards import STEPS, Found, marks
from reports.models import (
    Dispute,
    DisputeState,
    Hazard,
    HazardState,
    HazardStep,
    HazardTime,
    Relation,
    Severity,
    Source,
)
from reports.models.hazard import DAYS_ALLOWED
from reports.refusing import WorkRefused


class Settled(NamedTuple):
    """A dispute and how it ended."""

    brought: Brought
    settled: date
    agreement: str = ""


class Done(NamedTuple):
    """One step of a hazard that was taken: its key in STEPS, the day, the account's key, and the words."""

    deed: str
    day: date
    by: int | None = None
    text: str = ""
    handler: str = ""


class Gone(NamedTuple):
    """A hazard and the way it went."""

    found: Found
    steps: Sequence[Done] = ()


def disputes(rows: Sequence[Settled], step: Any = None) -> Recorded:
    """Enters settled disputes; keys are the disputes'. A refused one holds back no other. Queries do not grow."""
    with transaction.atomic():
        good = [at for at, row in enumerate(rows) if _is_whole(row)]
        entries = [
            Entry(rows[at].brought.village, rows[at].settled, "dispute", rows[at].brought.members) for at in good
        ]
        done = record_many(entries, None, Source.IMPORT, step, own_table="dispute")
        taken = [(good[at], key) for at, key in done.created.items()]
        keys = _write_disputes([(rows[at], key) for at, key in taken])
        refused = {good[at]: refusal for at, refusal in done.refused.items()}
        whole = set(good)
        for at in range(len(rows)):
            if at not in whole:
                refused[at] = WorkRefused("invalid", _("A dispute cannot be settled before it began."))
        return Recorded({at: key for (at, _activity), key in zip(taken, keys, strict=True)}, {}, refused)


def hazards(rows: Sequence[Gone], step: Any = None) -> Recorded:
    """Enters hazards with the steps they took, small ones without any: they were put right on the spot. Keys are the
    hazards'. Refuses a way that the loop does not have."""
    with transaction.atomic():
        ways: dict[int, dict[str, Any]] = {}
        refused: dict[int, WorkRefused] = {}
        for at, row in enumerate(rows):
            try:
                ways[at] = _way(row)
            except WorkRefused as refusal:
                refused[at] = refusal
        listed = list(ways)
        found = [rows[at].found for at in listed]
        entries = [
            Entry(each.village, each.day, _kind_of(each), each.members, zone=each.zone, place=each.place)
            for each in found
        ]
        done = record_many(entries, None, Source.IMPORT, step, own_table="hazard")
        refused |= {listed[at]: refusal for at, refusal in done.refused.items()}
        taken = [(listed[at], key) for at, key in done.created.items()]
        keys = _write_hazards([(rows[at], ways[at], key) for at, key in taken])
        return Recorded({at: key for (at, _activity), key in zip(taken, keys, strict=True)}, {}, refused)


def _kind_of(found: Found) -> str:
    return "hazard_mended" if found.severity == Severity.SMALL else "hazard_reported"


def _is_whole(row: Settled) -> bool:
    brought = row.brought
    return brought.relation in Relation.values and bool(brought.parties.strip()) and row.settled >= brought.day


def _write_disputes(taken: Sequence[tuple[Settled, int]]) -> Sequence[int]:
    sealed = [
        prepared(_field(Dispute, name), texts)
        for name, texts in (
            ("parties", [row.brought.parties for row, _key in taken]),
            ("text", [row.brought.text for row, _key in taken]),
            ("agreement", [row.agreement for row, _key in taken]),
        )
    ]
    columns = ["village", "day", "relation", "state", "settled", "activity", "recorded_at", "version"]
    now = _moment()
    rows = [
        (
            row.brought.village, _day(row.brought.day), row.brought.relation, DisputeState.SETTLED.value,
            _day(row.settled), key, now, 2, *secrets,
        )
        for (row, key), secrets in zip(taken, zip(*sealed, strict=True), strict=True)
    ]  # fmt: skip
    keys = audit.copy_in(
        Dispute, [*columns, "parties", "text", "agreement"], rows,
        names=[f"{row.brought.day:%Y-%m-%d}" for row, _key in taken],
        councils=[row.brought.village for row, _key in taken],
    )  # fmt: skip
    pairs = [(key, member) for key, (row, _a) in zip(keys, taken, strict=True) for member in row.brought.members]
    bulk.copy_in(Dispute.mediators.through, ["dispute", "member"], pairs)
    return keys


def _write_hazards(taken: Sequence[tuple[Gone, dict[str, Any], int]]) -> Sequence[int]:
    villages = Council.objects.select_related("parent__parent").in_bulk({row.found.village for row, _w, _k in taken})
    rules = list(HazardTime.objects.select_related("county").order_by("-start"))
    columns = [
        "village", "township", "zone", "day", "severity", "place", "text", "state", "desk", "due", "handler",
        "handled_by", "handled_on", "verified_by", "closed_on", "activity", "version",
    ]  # fmt: skip
    rows = []
    for row, way, key in taken:
        found, township = row.found, villages[row.found.village].parent
        reported = found.reported_on or found.day
        small = found.severity == Severity.SMALL
        allowed = 0 if small else _days_allowed(rules, township.parent_id, found.severity, reported)
        rows.append((
            found.village, township.pk, found.zone, _day(found.day), found.severity, found.place, found.text,
            way["state"], str(way["desk"]), None if small else _day(reported + timedelta(days=allowed)), way["handler"],
            way["handled_by"],
            _day(way["handled_on"]), way["verified_by"], _day(way["closed_on"]), key, 1 + len(row.steps),
        ))  # fmt: skip
    keys = audit.copy_in(Hazard, columns, rows, "place", "village")
    now = _moment()
    steps = [
        (key, number, _day(done.day), now, done.by, done.deed, before, after, done.text, done.handler)
        for key, (_row, way, _activity) in zip(keys, taken, strict=True)
        for number, (done, before, after) in enumerate(way["steps"], 1)
    ]
    names = ["hazard", "number", "day", "at", "by", "deed", "state_before", "state_after", "text", "handler"]
    bulk.copy_in(HazardStep, names, steps)
    return keys


def _way(row: Gone) -> dict[str, Any]:
    """Where the steps lead, and each with the states around it. Raises WorkRefused where the loop has no such way."""
    found = row.found
    if found.severity == Severity.SMALL and not row.steps:
        closed = HazardState.CLOSED.value
        return {
            "state": closed, "desk": "township", "handler": "", "handled_by": None, "handled_on": found.day,
            "verified_by": None, "closed_on": found.day, "steps": [(Done("mend", found.day), "", closed)],
        }  # fmt: skip
    if found.severity not in DAYS_ALLOWED:
        raise WorkRefused("invalid", _("Choose how bad it is."), "severity")
    reported = Done("report", found.reported_on or found.day)
    way: dict[str, Any] = {
        "state": HazardState.REPORTED.value, "desk": "township", "handler": "", "handled_by": None,
        "handled_on": None, "verified_by": None, "closed_on": None,
        "steps": [(reported, "", HazardState.REPORTED.value)],
    }  # fmt: skip
    last = reported.day
    for done in row.steps:
        step = STEPS[done.deed]
        if way["state"] not in step.before or done.day < last:
            raise WorkRefused("not_now", _("This step is not open now. Look at the hazard again."))
        if done.deed == "verify" and done.by is not None and done.by == way["handled_by"]:
            raise WorkRefused("same_person", _("Another person than who handled it verifies it."))
        way["steps"].append((done, way["state"], str(step.after)))
        way |= {"state": str(step.after)} | marks(done.deed, done.day, done.by, done.handler)
        last = done.day
    return way


def _days_allowed(rules: Sequence[HazardTime], county_code: Any, severity: str, day: date) -> int:
    for rule in rules:
        if rule.county.code == county_code and rule.severity == severity and rule.start <= day:
            return int(rule.days)
    return DAYS_ALLOWED[Severity(severity)]


def _field(model: Any, name: str) -> Any:
    return model._meta.get_field(name)


def _day(day: date | None) -> Any:
    return None if day is None else connection.ops.adapt_datefield_value(day)


def _moment() -> Any:
    return connection.ops.adapt_datetimefield_value(timezone.now())
