"""What stops a month, and what somebody should look at before it goes on."""

from collections import Counter
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass
from datetime import date
from decimal import Decimal

from django.db.models import Q
from django.utils.translation import gettext as _

from cunsao import months
from members.models import EntryKind, Member, Membership, MonthlyRoster, RosterEntry
from members.payroll.copies import shown
from members.payroll.running import Term, running, subsidy
from members.payroll.turnover import Since, since_last

FAR = Decimal("0.5")  # of last month's amount
# Who was active from one month to another, both included, among the members given by their keys: told from above.
Activity = Callable[[Sequence[int], date, date], set[int]]
_activity: list[Activity] = []


def count_activity(asking: Activity) -> Activity:
    """Registers who knows of members' activities; without anybody there is no warning of none."""
    if asking not in _activity:
        _activity.append(asking)
    return asking


@dataclass(frozen=True, slots=True)
class Finding:
    """One thing about one member in a month: it stops the month, or only warns. `entry` is None where she has none."""

    code: str
    message: str
    blocks: bool
    member: int
    entry: int | None = None


def checks(roster: MonthlyRoster, entries: Sequence[RosterEntry] | None = None) -> list[Finding]:
    """Everything to be mended or looked at, what stops the month first, in a fixed number of queries.

    `entries` are what `shown` gave, if the caller has them. Nothing for an approved month: it is past mending. Codes
    that stop it: ended, stale, missing, no_account, second, above_cap. Codes that warn: shared_account, owed, quiet,
    far.
    """
    if roster.is_frozen:
        return []
    here = shown(roster) if entries is None else entries
    regular = [each for each in here if each.kind == EntryKind.REGULAR]
    terms = running(roster.month, Q(village__parent=roster.township.code) | Q(member__in=[e.member_id for e in here]))
    found = [
        *_of_register(roster, regular, terms), *_of_accounts(here), *_of_amounts(roster, regular, here),
        *_shared_elsewhere(here), *_quiet(roster, regular), *_far(regular, since_last(roster, here)),
    ]  # fmt: skip
    return sorted(found, key=lambda each: not each.blocks)


def _of_register(roster: MonthlyRoster, regular: Sequence[RosterEntry], terms: dict[int, Term]) -> Iterator[Finding]:
    for entry in regular:
        term = terms.get(entry.member_id)
        if term is None or term.township != roster.township_id:
            yield _block("ended", entry, _("%(name)s was no member here at the end of the month. Take in changes."))
        elif (term.village, term.days, subsidy(roster.rate, roster.month, term.days)) != (
            entry.village_id, entry.days, entry.county_amount,
        ):  # fmt: skip
            yield _block("stale", entry, _("What the register says of %(name)s has changed. Take in changes."))
    standing = {entry.member_id for entry in regular}
    absent = [term for term in terms.values() if term.township == roster.township_id and term.member not in standing]
    if not absent:
        return
    elsewhere = RosterEntry.objects.regular().filter(month=roster.month, member__in=[term.member for term in absent])
    paid = set(elsewhere.values_list("member", flat=True))
    for term in absent:
        if term.member not in paid:
            message = _("%(name)s is a member and does not stand in the month. Take in changes.") % {"name": term.name}
            yield Finding("missing", message, True, term.member)


def _of_accounts(here: Sequence[RosterEntry]) -> Iterator[Finding]:
    people, sums = {each.member_id: each for each in here}, _sums(here)
    owners = Counter(each.bank_account_print for each in people.values() if each.bank_account_print)
    namesakes = Counter((each.bank_account_print, each.name) for each in people.values())
    for entry in people.values():
        if not entry.bank_account_print:
            if sums[entry.member_id] <= 0:
                continue  # nothing goes to the bank
            yield _block("no_account", entry, _("%(name)s has no bank account. Enter it in her record."))
        elif namesakes[entry.bank_account_print, entry.name] > 1:
            message = _("%(name)s stands in the month twice, with one account. Merge her two records.")
            yield _block("second", entry, message)
        elif owners[entry.bank_account_print] > 1:
            yield _warn("shared_account", entry, _("%(name)s and somebody else have one account."))


def _shared_elsewhere(here: Sequence[RosterEntry]) -> Iterator[Finding]:
    """Whose account is also that of somebody outside the roster; who that is, is not said."""
    by_print = {each.bank_account_print: each for each in here if each.bank_account_print}
    others = Member.objects.filter(bank_account_print__in=list(by_print)).exclude(
        pk__in=[each.member_id for each in here]
    )
    serving = others.filter(pk__in=Membership.objects.filter(end=None).values("member"))
    for account in set(serving.order_by().values_list("bank_account_print", flat=True)):
        yield _warn("shared_account", by_print[account], _("%(name)s and somebody else have one account."))


def _of_amounts(
    roster: MonthlyRoster, regular: Sequence[RosterEntry], here: Sequence[RosterEntry]
) -> Iterator[Finding]:
    if roster.scheme:
        for entry in regular:
            if entry.performance_amount > roster.scheme.cap:
                message = _("%(name)s gets more than the township's scheme allows (%(cap)s).")
                yield _block("above_cap", entry, message, cap=roster.scheme.cap)
    sums = _sums(here)
    for entry in {each.member_id: each for each in here}.values():
        if sums[entry.member_id] < 0:
            yield _warn("owed", entry, _("%(name)s has to return more than she gets; the bank cannot do that."))


def _sums(here: Sequence[RosterEntry]) -> dict[int, Decimal]:
    """What each member gets in all."""
    sums: dict[int, Decimal] = {}
    for entry in here:
        sums[entry.member_id] = sums.get(entry.member_id, Decimal(0)) + entry.total
    return sums


def _quiet(roster: MonthlyRoster, regular: Sequence[RosterEntry]) -> Iterator[Finding]:
    if not _activity:
        return
    first = roster.month
    for _month in range(roster.rate.quiet_months - 1):
        first = months.previous(first)
    members = [each.member_id for each in regular]
    active = set().union(*(asking(members, first, roster.month) for asking in _activity))
    for entry in regular:
        if entry.member_id not in active:
            message = _("%(name)s has no activity for %(count)d months.")
            yield _warn("quiet", entry, message, count=roster.rate.quiet_months)


def _far(regular: Sequence[RosterEntry], since: Since) -> Iterator[Finding]:
    for entry in regular:
        last = since.last.get(entry.member_id)
        if last is not None and abs(entry.total - last) > FAR * last:
            message = _("%(name)s gets %(now)s; last month it was %(last)s.")
            yield _warn("far", entry, message, now=entry.total, last=last)


def _block(code: str, entry: RosterEntry, message: str, **words: object) -> Finding:
    return Finding(code, message % {"name": entry.name, **words}, True, entry.member_id, entry.pk)


def _warn(code: str, entry: RosterEntry, message: str, **words: object) -> Finding:
    return Finding(code, message % {"name": entry.name, **words}, False, entry.member_id, entry.pk)
