"""What entries of work are looked at against, asked once for all of them, and how they are written together."""

import json
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date
from typing import Any
from uuid import UUID

from django.core.exceptions import ValidationError
from django.db import connection
from django.utils import timezone
from django.utils.translation import gettext as _

from councils import audit
from councils.models import Council, Zone
from cunsao import bulk, months
from members.models import Member, Membership
from reports import kinds, totals
from reports.models import Activity, ActivityMember
from reports.models.activity import MOST, print_of, read_particulars
from reports.refusing import WorkRefused, out_of_scope, refuse_future

PAGE = 20_000  # keys in one question
COLUMNS = (
    "day", "month", "village", "township", "county", "zone", "role", "kind", "quantity", "household", "place", "text",
    "text_print", "particulars", "doers", "size", "source", "client_key", "recorded_by", "recorded_at", "state",
    "reason", "version",
)  # fmt: skip
LONGEST = {"household": 60, "place": 60, "text": 1000}
MOST_MEMBERS = 30


@dataclass(frozen=True)
class Entry:
    """One record as it is typed: keys of village, members and zone, the kind's key, how many."""

    village: int
    day: date
    kind: str
    members: Sequence[int]
    quantity: int = 1
    zone: int | None = None
    household: str = ""
    place: str = ""
    text: str = ""
    particulars: Mapping[str, Any] = field(default_factory=dict)
    client_key: UUID | None = None


class Known:
    """Villages, zones, members and keys that the entries name, as far as `by` sees them: six questions at most."""

    def __init__(self, entries: Sequence[Entry], by: Any) -> None:
        self.by = by
        self.particulars: dict[int, dict[str, Any]] = {}
        visible: Any = Council.objects.select_related("parent__parent")
        visible = visible if by is None else visible.visible_to(by)
        self.villages: dict[int, Council] = visible.in_bulk({each.village for each in entries})
        self.zones = dict(
            Zone.objects.filter(pk__in={each.zone for each in entries if each.zone}).values_list("pk", "village")
        )
        self.terms: dict[tuple[int, int], list[tuple[date, date | None]]] = {}
        running = Membership.objects.filter(village__in=list(self.villages), member__in=_members(entries)).order_by()
        for member, village, start, end in running.values_list("member", "village", "start", "end"):
            self.terms.setdefault((member, village), []).append((start, end))
        self.names = dict(
            Member.objects.filter(pk__in={member for member, _village in self.terms}).values_list("pk", "name")
        )
        self._sent: dict[UUID, tuple[int, int | None]] = {}
        keys = [each.client_key for each in entries if each.client_key]
        for start in range(0, len(keys), PAGE):
            found = Activity.objects.filter(client_key__in=keys[start : start + PAGE]).order_by()
            self._sent |= {key: (pk, who) for key, pk, who in found.values_list("client_key", "pk", "recorded_by")}
        self._taken: set[UUID] = set()

    def sent_before(self, entry: Entry) -> int | None:
        """The record's key if it was stored already. Raises WorkRefused for another's key, or one that stands twice."""
        key = entry.client_key
        if key is None:
            return None
        if key in self._taken:
            raise WorkRefused("twice", _("The same record stands here twice."))
        self._taken.add(key)
        pk, who = self._sent.get(key, (None, None))
        if pk is not None and who != (self.by.pk if self.by else None):
            raise WorkRefused("sent_by_another", _("This record was sent by somebody else. Enter it anew."))
        return pk

    def refuse(self, entry: Entry, own_table: str) -> None:
        """Raises WorkRefused where the entry breaks a rule; keeps its particulars as they are to be stored."""
        village = self.villages.get(entry.village)
        if village is None or not village.is_village:
            raise out_of_scope()
        kind = _kind(entry.kind, own_table)
        refuse_future(entry.day)
        _refuse_closed(village, entry.day)
        if entry.zone and self.zones.get(entry.zone) != entry.village:
            raise WorkRefused("zone", _("This zone belongs to another village."), "zone")
        if not 1 <= entry.quantity <= MOST:
            raise WorkRefused("quantity", _("Enter a number from 1 to 9,999."), "quantity")
        self._refuse_members(entry)
        for name, longest in LONGEST.items():
            if len(getattr(entry, name)) > longest:
                message = _("This text is longer than %(length)s characters. Shorten it.") % {"length": longest}
                raise WorkRefused("too_long", message, name)
        try:
            read = read_particulars(kind, entry.particulars, entry.household.strip(), entry.quantity)
        except ValidationError as fault:
            about, sentences = next(iter(fault.message_dict.items()))
            raise WorkRefused("invalid", " ".join(sentences), about) from fault
        self.particulars[id(entry)] = read

    def doers(self, entry: Entry) -> str:
        return "、".join(self.names[member] for member in entry.members)[:400]

    def _refuse_members(self, entry: Entry) -> None:
        if not entry.members:
            raise WorkRefused("members", _("Choose who did it."), "members")
        if len(entry.members) > MOST_MEMBERS or len(set(entry.members)) < len(entry.members):
            raise WorkRefused("members", _("Name each member once, and no more than 30."), "members")
        for member in entry.members:
            terms = self.terms.get((member, entry.village), [])
            if not any(start <= entry.day and (end is None or entry.day <= end) for start, end in terms):
                # Whether she exists elsewhere is not told.
                words = {"name": self.names.get(member, _("She"))}
                message = _("%(name)s was no member of this village on that day.") % words
                raise WorkRefused("no_member", message, "members")


def written(entries: Sequence[Entry], known: Known, source: str, step: Callable[[int], Any] | None) -> Sequence[int]:
    """Writes entries that were looked at, their members and their entries in the trail; returns the new keys."""
    if not entries:
        return []
    days, moment = _days(entries), connection.ops.adapt_datetimefield_value(timezone.now())
    keys = audit.copy_in(
        Activity, COLUMNS, [_row(each, known, source, days, moment) for each in entries], step=step,
        names=[f"{each.day:%Y-%m-%d} {kinds.KINDS[each.kind].label}" for each in entries],
        councils=[each.village for each in entries],
        told={"client_key": [""] * len(entries), "recorded_at": [""] * len(entries)},
    )  # fmt: skip
    bulk.copy_in(
        ActivityMember,
        ["activity", "member"],
        [(key, member) for key, entry in zip(keys, entries, strict=True) for member in entry.members],
    )
    totals.move(added=[_part(each, known) for each in entries])
    return keys


def _part(entry: Entry, known: Known) -> totals.Part:
    village: Any = known.villages[entry.village]
    month, township = months.first(entry.day), village.parent
    return totals.Part(month, entry.kind, village.pk, township.pk, township.parent.pk, entry.quantity)


def _row(entry: Entry, known: Known, source: str, days: dict[date, tuple[Any, Any]], moment: Any) -> tuple[Any, ...]:
    village: Any = known.villages[entry.village]
    township = village.parent
    day, month = days[entry.day]
    key = entry.client_key
    particulars = known.particulars[id(entry)]
    return (
        day, month, village.pk, township.pk, township.parent.pk, entry.zone, kinds.KINDS[entry.kind].role.value,
        entry.kind, entry.quantity, entry.household.strip(), entry.place, entry.text, print_of(entry.text),
        json.dumps(particulars, ensure_ascii=False), known.doers(entry), len(entry.members), str(source),
        _uuid(key), known.by.pk if known.by else None, moment, "open", "", 1,
    )  # fmt: skip


def _uuid(key: UUID | None) -> Any:
    """As the column stores it."""
    column: Any = Activity._meta.get_field("client_key")
    return column.get_db_prep_value(key, connection)


def _days(entries: Sequence[Entry]) -> dict[date, tuple[Any, Any]]:
    """{day: (day, month)} as columns store them."""
    adapt = connection.ops.adapt_datefield_value
    return {day: (adapt(day), adapt(months.first(day))) for day in {each.day for each in entries}}


def _members(entries: Sequence[Entry]) -> set[int]:
    return {member for each in entries for member in each.members}


def _kind(key: str, own_table: str) -> kinds.Kind:
    kind = kinds.KINDS.get(key)
    if kind is None:
        raise WorkRefused("kind", _("There is no such kind of work."), "kind")
    if kind.its_own != own_table:
        raise WorkRefused("own_table", _("“%(kind)s” has a form of its own.") % {"kind": kind.label}, "kind")
    return kind


def _refuse_closed(village: Council, day: date) -> None:
    if village.closed is not None and day >= village.closed:
        raise WorkRefused("village_closed", _("This village is closed; choose the one that goes on."), "village")
