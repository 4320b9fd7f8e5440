"""Cells of an open month, saved one by one or many at once; whoever was overtaken is told by whom."""

from collections.abc import Mapping, Sequence
from decimal import Decimal, InvalidOperation
from typing import Any

from django.db import transaction
from django.db.models import F
from django.utils import timezone
from django.utils.translation import gettext as _

from councils import audit
from members.models import OPEN, EntryKind, MonthlyRoster, RosterEntry
from members.payroll.refusals import EntryRefused, Overtaken, StepRefused, refuse_unseen

MOST = Decimal(100_000)  # where no scheme says less
NOTE = 200


def enter(entry: RosterEntry, field: str, value: Any, version: int, by: Any) -> RosterEntry:
    """Writes one cell of a regular entry, "performance_amount" (yuan) or "note"; returns the entry as it stands now.

    `version` is that of the entry which the writer saw. The same cell sent twice changes nothing the second time.
    Raises Overtaken where somebody else wrote the entry meanwhile, EntryRefused for a value that cannot stand there,
    StepRefused where the month is not open to `by`.
    """
    found = RosterEntry.objects.select_related("roster").filter(pk=entry.pk).first()
    if found is None:
        raise StepRefused("gone", _("She stands in this month no longer. Load the page again."))
    done = enter_many(found.roster, [(found.pk, version, {field: value})], by)[found.pk]
    if isinstance(done, EntryRefused):
        raise done
    return done


def enter_many(
    roster: MonthlyRoster, rows: Sequence[tuple[int, int, Mapping[str, Any]]], by: Any
) -> dict[int, RosterEntry | EntryRefused]:
    """Writes cells of many entries, each row (entry's key, version seen, {field: value}).

    What became of each, by its key: the entry as it stands now, or why it was not written; one that is refused holds
    back no other. A fixed number of queries. Raises StepRefused where the month is not open to `by`.
    """
    with transaction.atomic():
        held = _held(roster, by)
        entries = {
            each.pk: each
            for each in held.entries.filter(pk__in=[key for key, _version, _values in rows])
            .select_related("changed_by__council", "changed_by__role", "member")
            .defer("bank_account")
        }
        cap = held.scheme.cap if held.scheme else MOST
        done: dict[int, RosterEntry | EntryRefused] = {}
        written = []
        for key, version, values in rows:
            try:
                entry = _known(entries, key)
                if _take(entry, version, {name: _read(name, value, cap) for name, value in values.items()}, by):
                    written.append(entry)
                done[key] = entry
            except EntryRefused as refusal:
                done[key] = refusal
        audit.save_many(written, ["performance_amount", "note", "mark", "version", "changed_by", "changed_at"])
        if written:
            MonthlyRoster.objects.filter(pk=held.pk).update(version=F("version") + 1)
    return done


def _held(roster: MonthlyRoster, by: Any) -> MonthlyRoster:
    if by is not None and not by.has_perm("members.change_rosterentry"):
        raise StepRefused("forbidden", _("Only the township's chair enters the month."))
    refuse_unseen(roster, by)
    held: MonthlyRoster = (
        MonthlyRoster.objects.select_for_update(of=("self",)).select_related("scheme").get(pk=roster.pk)
    )
    if held.status not in OPEN:
        raise StepRefused("not_open", _("This month was handed in and is locked."))
    return held


def _known(entries: Mapping[int, RosterEntry], key: int) -> RosterEntry:
    entry = entries.get(key)
    if entry is None:
        raise EntryRefused("gone", _("She stands in this month no longer. Load the page again."))
    if entry.kind != EntryKind.REGULAR:
        raise EntryRefused("correction", _("A correction is not changed here. Ask the county."))
    return entry


def _take(entry: RosterEntry, version: int, values: Mapping[str, Any], by: Any) -> bool:
    """Puts the values into the entry; whether anything is to be written. Raises Overtaken."""
    differing = [name for name, value in values.items() if getattr(entry, name) != value]
    if not differing:
        return False
    if entry.version != version:
        raise Overtaken(entry, differing[0])
    for name in differing:
        setattr(entry, name, values[name])
    entry.version += 1
    entry.changed_by, entry.changed_at = by, timezone.now()
    return True


def _read(name: str, value: Any, cap: Decimal) -> Any:
    if name == "performance_amount":
        return _amount(value, cap)
    if name == "note":
        text = " ".join(str(value or "").split())
        if len(text) > NOTE:
            raise EntryRefused("too_long", _("A note takes %(count)d characters at most.") % {"count": NOTE})
        return text
    raise EntryRefused("field", _("This column is not entered by hand."))


def _amount(value: Any, cap: Decimal) -> Decimal:
    text = str(value if value is not None else "").strip().replace(",", "").replace("，", "") or "0"
    try:
        amount = Decimal(text)
    except InvalidOperation:
        raise EntryRefused("no_amount", _("This is no amount. Write it like 150 or 150.50.")) from None
    if not amount.is_finite() or abs(amount) > MOST**2 or amount != round(amount, 2):
        raise EntryRefused("no_amount", _("This is no amount. Write it like 150 or 150.50."))
    if amount < 0:
        raise EntryRefused("negative", _("A subsidy is not below 0. What was paid too much is a correction."))
    if amount > cap:
        raise EntryRefused("above_cap", _("The township's scheme gives %(cap)s at most.") % {"cap": cap})
    return round(amount, 2)
