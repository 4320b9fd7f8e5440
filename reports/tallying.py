"""A village's month as one sheet: how often each member did what a bare number says enough about.

A cell is one record of the source "sheet" for a member, a kind and a month. Its key follows from these and the
village, so that the database holds no second one, however often and by however many it is sent. Its day is the last of
the month, or today where that is earlier, or the last day on which she was a member. Nothing, or 0, takes the record
away; the trail keeps what it said. A verified cell stays as it is. What was entered by itself is counted beside the
cell, not in it.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date
from typing import Any, NamedTuple
from uuid import UUID, uuid5

from django.db.models import Q
from django.utils import timezone
from django.utils.translation import gettext as _

from councils import audit
from councils.models import Change, Council
from cunsao import locks, months
from members.models import Membership
from reports.activities import ENTER, MEND, record_many
from reports.entering import Entry
from reports.kinds import KINDS, Kind
from reports.models import Activity, Photo, Source, State
from reports.models.activity import MOST
from reports.refusing import WorkRefused, refuse_future, refuse_without, village_for

SPACE = UUID("5d0c6b0e-9c6f-5b43-8f0a-3c1f6f6a7d11")  # of the keys of cells; never change it
WRITTEN = ["day", "quantity", "state", "verified_by", "verified_at", "reason", "version"]
Place = tuple[int, str]  # a member's key and a kind's


class Standing(NamedTuple):
    """A cell as it stands: version and quantity, both 0 where there is no record."""

    version: int = 0
    quantity: int = 0


class Typed(NamedTuple):
    """A cell as somebody typed it, and as it stood on her page."""

    member: int
    kind: str
    seen: Standing
    text: str


class Overtaken(WorkRefused):
    """Somebody else wrote the cell since it was shown; `standing` is what stands there now."""

    def __init__(self, standing: Standing, who: str) -> None:
        said = _("%(who)s wrote %(number)s here meanwhile.") % {"who": who, "number": standing.quantity}
        super().__init__("overtaken", said, "quantity")
        self.standing, self.who = standing, who


@dataclass
class _Writing:
    """What a request makes of the cells: entries for new ones, records that change, records that go."""

    made: dict[Place, Entry] = field(default_factory=dict)
    changed: dict[Place, Activity] = field(default_factory=dict)
    gone: dict[Place, Activity] = field(default_factory=dict)


def sheet_kinds() -> list[Kind]:
    return [kind for kind in KINDS.values() if kind.in_sheet]


def key_of(village: int, month: date, place: Place) -> UUID:
    return uuid5(SPACE, f"{village}/{month:%Y-%m}/{place[0]}/{place[1]}")


def days_of(village: Council, month: date) -> dict[int, date]:
    """{member: the day her cells have}, of all who were members in the month, up to today; one query."""
    last = min(months.last_day(month), timezone.localdate())
    running = Membership.objects.filter(Q(end=None) | Q(end__gte=month), village=village, start__lte=last)
    return {member: min(end or last, last) for member, end in running.order_by("start").values_list("member", "end")}


def cells(village: Council, month: date, places: Sequence[Place], held: bool = False) -> dict[Place, Activity]:
    """The records of cells; one query. `held`, nobody verifies or mends one before the transaction ends."""
    keys = {key_of(village.pk, month, place): place for place in places}
    found = Activity.objects.filter(client_key__in=keys).select_related("verified_by").order_by("pk")
    found = found.select_for_update(of=("self",)) if held else found
    return {keys[each.client_key]: each for each in found if each.client_key}


def enter(village: Council, month: date, typed: Sequence[Typed], by: Any) -> dict[Place, Standing | WorkRefused]:
    """What became of each cell: as it stands now, or why it was not written; one that is refused holds back no other.

    The number of queries does not depend on how many there are. Raises WorkRefused where `by` may not write here, or
    the month has not come.
    """
    refuse_without(by, ENTER)
    refuse_without(by, MEND)
    refuse_future(month)
    with locks.exclusive("sheet"):
        place = village_for(by, village.pk)
        stored = cells(place, month, [(each.member, each.kind) for each in typed], held=True)
        days = days_of(place, month)
        done: dict[Place, Standing | WorkRefused] = {}
        writing = _Writing()
        for each in typed:
            at = (each.member, each.kind)
            try:
                done[at] = _plan(each, stored.get(at), days, writing, place.pk, month)
            except WorkRefused as refusal:
                done[at] = refusal
        done |= _named(done, stored)
        done |= _write(writing, by)
    return done


def why_locked(record: Activity | None) -> str:
    """Why a cell is not written, in a sentence; "" where it may be."""
    if record is None or record.state != State.VERIFIED:
        return ""
    who = record.verified_by.full_name if record.verified_by else "–"
    day = f"{timezone.localtime(record.verified_at):%Y-%m-%d}"
    told = _("%(who)s verified this on %(day)s; it stays as it is. Enter what is missing by itself.")
    return told % {"who": who, "day": day}


def standing_of(record: Activity | None) -> Standing:
    return Standing(record.version, record.quantity) if record else Standing()


def _plan(
    typed: Typed, record: Activity | None, days: Mapping[int, date], writing: _Writing, village: int, month: date
) -> Standing:
    """Decides what is to be done about one cell. Raises WorkRefused."""
    now, wanted = standing_of(record), read(typed.text)
    if wanted == now.quantity:
        return now
    if locked := why_locked(record):
        raise WorkRefused("verified", locked, "quantity")
    if now != typed.seen:
        raise Overtaken(now, "")
    kind = KINDS.get(typed.kind)
    if kind is None or not kind.in_sheet:
        raise WorkRefused("kind", _("This kind of work has no column in the sheet."), "kind")
    if typed.member not in days:
        raise WorkRefused("no_member", _("She was no member of this village in this month."), "members")
    at = (typed.member, typed.kind)
    if record is None:
        key = key_of(village, month, at)
        writing.made[at] = Entry(village, days[typed.member], typed.kind, [typed.member], wanted, client_key=key)
        return Standing(1, wanted)
    if wanted:
        record.quantity, record.day, record.version = wanted, days[typed.member], record.version + 1
        record.state, record.verified_by, record.verified_at, record.reason = State.OPEN, None, None, ""
        writing.changed[at] = record
        return standing_of(record)
    writing.gone[at] = record
    return Standing()


def read(text: str) -> int:
    """The number that was typed; nothing is 0. Raises WorkRefused."""
    said = text.strip() or "0"
    if not (said.isascii() and said.isdecimal() and len(said) <= 5 and int(said) <= MOST):
        raise WorkRefused("quantity", _("Enter a whole number from 0 to 9,999."), "quantity")
    return int(said)


def _write(writing: _Writing, by: Any) -> dict[Place, Standing | WorkRefused]:
    """Writes what was decided; what a rule still refuses, by its place."""
    places = list(writing.made)
    made = record_many(list(writing.made.values()), by, Source.SHEET) if places else None
    audit.save_many(list(writing.changed.values()), WRITTEN)
    kept: dict[Place, Standing | WorkRefused] = {places[at]: each for at, each in made.refused.items()} if made else {}
    if writing.gone:
        keys = [each.pk for each in writing.gone.values()]
        pictured = set(Photo.objects.filter(activity__in=keys).values_list("activity", flat=True))
        for at, record in writing.gone.items():
            if record.pk in pictured:
                kept[at] = WorkRefused("pictured", _("This has photos. Take them away first."), "quantity")
        Activity.objects.filter(pk__in=[key for key in keys if key not in pictured]).delete()
    return kept


def _named(
    done: Mapping[Place, Standing | WorkRefused], stored: Mapping[Place, Activity]
) -> dict[Place, Standing | WorkRefused]:
    """Who was faster, out of the trail; no query where nobody was."""
    late = {at: each for at, each in done.items() if isinstance(each, Overtaken)}
    keys = [stored[at].pk for at in late if at in stored]
    if not late:
        return {}
    trail = Change.objects.filter(record="reports.activity", record_id__in=keys).order_by("pk")
    names = dict(trail.values_list("record_id", "actor__full_name"))
    somebody = _("Somebody else")
    return {
        at: Overtaken(each.standing, (names.get(stored[at].pk) if at in stored else "") or somebody)
        for at, each in late.items()
    }
