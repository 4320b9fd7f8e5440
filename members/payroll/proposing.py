"""What somebody above proposes for a month's performance subsidies: looked at, and taken over by the chair in one act.

The floor above registers its amounts and the page that tells where they come from.
"""

import hashlib
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from datetime import date
from decimal import Decimal
from typing import Any

from django.db import transaction
from django.utils.translation import gettext as _

from councils.models import Council
from members.models import EntryKind, MonthlyRoster, RosterEntry
from members.payroll.copies import shown
from members.payroll.entering import MOST, enter_many
from members.payroll.refusals import EntryRefused, StepRefused

NOTHING = Decimal("0.00")
# {member's key: yuan} for a township and month; nothing where nobody proposes anything.
Amounts = Callable[[Council, date], dict[int, Decimal]]
_sources: list[tuple[Amounts, str]] = []


def propose_performance(page: str) -> Callable[[Amounts], Amounts]:
    """Registers who proposes; `page` names the address, by township's code and month, that tells why."""

    def register(amounts: Amounts) -> Amounts:
        if (amounts, page) not in _sources:
            _sources.append((amounts, page))
        return amounts

    return register


@dataclass(frozen=True)
class Proposed:
    """The regular entries that the proposal is about, each with its amount; `page` names the address that says why."""

    amounts: Sequence[tuple[RosterEntry, Decimal]]
    page: str

    @property
    def differing(self) -> list[tuple[RosterEntry, Decimal]]:
        return [(entry, amount) for entry, amount in self.amounts if entry.performance_amount != amount]

    @property
    def now(self) -> Decimal:
        return sum((entry.performance_amount for entry, _amount in self.amounts), NOTHING)

    @property
    def total(self) -> Decimal:
        return sum((amount for _entry, amount in self.amounts), NOTHING)

    @property
    def digest(self) -> str:
        """Of what was shown: another amount or another version of an entry gives another."""
        told = ";".join(f"{entry.pk},{entry.version},{amount}" for entry, amount in self.amounts)
        return hashlib.sha256(told.encode()).hexdigest()


def proposed(roster: MonthlyRoster, entries: Sequence[RosterEntry] | None = None) -> Proposed | None:
    """What is proposed for an open month, no amount above its scheme's cap; None where nobody proposes anything.

    `entries` are what `shown` gave, if the caller has them. Who is not in the proposal keeps what she has.
    """
    if not roster.is_open:
        return None
    cap = roster.scheme.cap if roster.scheme else MOST
    for amounts, page in _sources:
        if found := amounts(roster.township, roster.month):
            here = shown(roster) if entries is None else entries
            regular = [each for each in here if each.kind == EntryKind.REGULAR and each.member_id in found]
            return Proposed([(each, min(found[each.member_id], cap)) for each in regular], page)
    return None


def accept_proposal(roster: MonthlyRoster, seen: str, by: Any) -> int:
    """Writes the proposal that was seen, by its digest, into the month; how many entries changed.

    Raises StepRefused where it is another meanwhile, where there is none, or where the month is not open to `by`.
    """
    offered = proposed(roster)
    if offered is None:
        raise StepRefused("nothing", _("There is no proposal for this month."))
    if offered.digest != seen:
        raise StepRefused("changed", _("Points or amounts changed since you looked. Look at the proposal again."))
    rows = [(entry.pk, entry.version, {"performance_amount": amount}) for entry, amount in offered.differing]
    with transaction.atomic():
        done = enter_many(roster, rows, by)
        for each in done.values():
            if isinstance(each, EntryRefused):  # all of it or nothing
                raise StepRefused("changed", str(each))
    return len(rows)
