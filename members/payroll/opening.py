"""Opening a month, and opening it again: who ran in it stands in it once, whoever joined, left or moved meanwhile."""

from collections.abc import Sequence
from datetime import date, datetime
from decimal import Decimal
from typing import Any

from django.db import connection
from django.db.models import Q
from django.utils import timezone
from django.utils.translation import gettext as _

from councils import audit
from councils.models import Council, Level
from cunsao import locks, months
from members.models import (
    OPEN,
    EntryKind,
    MonthlyRoster,
    PerformanceScheme,
    RosterEntry,
    SubsidyRate,
)
from members.payroll import corrections
from members.payroll.refusals import StepRefused
from members.payroll.running import Term, ran_in, running, subsidy

LOCK = "councils"  # the register's: nobody joins, leaves or moves while a month is opened or approved
COLUMNS = (
    *("roster", "month", "member", "village", "kind", "days", "county_amount", "performance_amount", "note"),
    *("automatic", "mark", "version", "changed_by", "changed_at", "name", "village_name", "national_id_masked"),
    "bank_name",
)


def open_month(township: Council, month: date, by: Any, at: datetime | None = None) -> MonthlyRoster:
    """The township's roster of `month`, filled with who is to be paid; opened again, it takes in what changed since.

    Raises StepRefused: forbidden, out_of_scope, not_a_township, future, no_rate. See `open_months`.
    """
    return open_months([township], month, by, at)[0]


def open_months(townships: Sequence[Council], month: date, by: Any, at: datetime | None = None) -> list[MonthlyRoster]:
    """The rosters of several townships of one county, in their order, in a fixed number of queries.

    In: whose membership ran in the month, in the village of her last day in it. Out: who no longer did, if her
    roster is still open. What was typed stays; amounts of the county follow the rate and the days. A roster that
    was submitted or went further is returned as it is. `by` None is the command line; `at` is when it happened, by
    default now.
    """
    month = months.first(month)
    with locks.exclusive(LOCK):
        places = _places(townships, month, by)
        rate = SubsidyRate.objects.filter(county__children__in=places).distinct().of_month(month)
        if rate is None:
            raise StepRefused("no_rate", _("The county has set no subsidy for this month. Ask the county to set one."))
        schemes = _schemes(places, month)
        known = {each.township_id: each for each in MonthlyRoster.objects.filter(month=month, township__in=places)}
        missing = [
            MonthlyRoster(
                township=each, month=month, rate=rate, scheme=schemes.get(each.pk), opened_by=by,
                opened_at=at or timezone.now(),
            )
            for each in places
            if each.pk not in known
        ]  # fmt: skip
        if missing:
            known |= {each.township_id: each for each in MonthlyRoster.objects.bulk_create(missing)}
        _renew([each for each in known.values() if each.status in OPEN], rate, schemes, by)
        return [known[each.pk] for each in townships]


def refresh(roster: MonthlyRoster, by: Any) -> MonthlyRoster:
    """Takes in who joined, left or moved since an open month was opened. Raises StepRefused as `open_month`."""
    return open_month(roster.township, roster.month, by)


def follow(members: Sequence[int], by: Any) -> None:
    """Brings every open month that names these members, or has paid them before, in step with the register.

    For whoever enters that somebody left: the caller holds the register's lock.
    """
    townships = RosterEntry.objects.filter(member__in=members).values("roster__township")
    found = MonthlyRoster.objects.filter(status__in=OPEN, township__in=townships).select_related("rate", "scheme")
    by_month: dict[date, list[MonthlyRoster]] = {}
    for roster in found:
        by_month.setdefault(roster.month, []).append(roster)
    for _month, rosters in sorted(by_month.items()):
        schemes = {each.township_id: each.scheme for each in rosters if each.scheme}
        _renew(rosters, rosters[0].rate, schemes, by)


def _places(townships: Sequence[Council], month: date, by: Any) -> list[Council]:
    """The townships as they stand, if `by` may open their months. Raises StepRefused."""
    if by is not None and not by.has_perm("members.open_roster"):
        raise StepRefused("forbidden", _("Opening a month is for township chairs and county staff."))
    wanted = {each.pk for each in townships}
    visible = Council.objects.all() if by is None else Council.objects.visible_to(by)
    places = list(visible.filter(pk__in=wanted))
    if len(places) < len(wanted):
        raise StepRefused("out_of_scope", _("This township is not in your jurisdiction."))
    if any(each.level != Level.TOWNSHIP for each in places) or len({each.parent_id for each in places}) != 1:
        raise StepRefused("not_a_township", _("A month belongs to a township."))
    if month > months.first(timezone.localdate()):
        raise StepRefused("future", _("This month has not begun yet."))
    return places


def _schemes(places: Sequence[Council], month: date) -> dict[int, PerformanceScheme]:
    found: dict[int, PerformanceScheme] = {}
    for scheme in PerformanceScheme.objects.in_force(month).filter(township__in=places):
        found.setdefault(scheme.township_id, scheme)
    return found


def _renew(rosters: Sequence[MonthlyRoster], rate: SubsidyRate, schemes: dict[int, PerformanceScheme], by: Any) -> None:
    """Entries of open rosters of one month as the register has it now; the number of queries is fixed."""
    if not rosters:
        return
    month, here = rosters[0].month, {each.township_id: each for each in rosters}
    held = list(MonthlyRoster.objects.select_for_update(of=("self",)).filter(pk__in=[each.pk for each in rosters]))
    if any(each.status not in OPEN for each in held):
        raise StepRefused("overtaken", _("Somebody else was faster. Look at the month again."))
    _bind(rosters, rate, schemes)
    within = Q(village__parent__in=[each.township.code for each in rosters])
    terms = running(month, within)
    standing = list(
        RosterEntry.objects.regular()
        .filter(Q(roster__in=rosters) | Q(member__in=ran_in(month, within)), month=month)
        .select_related("roster")
        .defer("bank_account")
    )
    going, settled = _sort(standing, terms, here)
    if going:
        RosterEntry.objects.filter(pk__in=[each.pk for each in going]).delete()
    _mend([each for each in standing if each.pk not in {gone.pk for gone in going}], terms, here, rate)
    coming = [term for term in terms.values() if term.township in here and term.member not in settled]
    _write(coming, here, rate, by)
    corrections.make_due(rosters, by)


def _bind(rosters: Sequence[MonthlyRoster], rate: SubsidyRate, schemes: dict[int, PerformanceScheme]) -> None:
    """An open month is worked out by the rate and the scheme in force now."""
    changed = []
    for each in rosters:
        scheme = schemes.get(each.township_id)
        if (each.rate_id, each.scheme_id) != (rate.pk, scheme.pk if scheme else None):
            each.rate, each.scheme = rate, scheme
            changed.append(each)
    audit.save_many(changed, ["rate", "scheme"])


def _sort(
    standing: Sequence[RosterEntry], terms: dict[int, Term], here: dict[int, MonthlyRoster]
) -> tuple[list[RosterEntry], set[int]]:
    """Which entries go, and the members whose entry stays, wherever it stands."""
    going, settled = [], set()
    ours = {each.pk for each in here.values()}
    for entry in standing:
        term = terms.get(entry.member_id)
        if entry.roster_id in ours:
            stays = term is not None and term.township == entry.roster.township_id
        else:  # another township's: handed in, it stays; still open, it gives way to where she was last
            stays = term is None or entry.roster.status not in OPEN or term.township not in here
        if stays:
            settled.add(entry.member_id)
        else:
            going.append(entry)
    return going, settled


def _mend(
    staying: Sequence[RosterEntry], terms: dict[int, Term], here: dict[int, MonthlyRoster], rate: SubsidyRate
) -> None:
    """Village, days and county amount follow the register; what the chair typed stays."""
    ours, changed = {each.pk for each in here.values()}, []
    for entry in staying:
        if entry.roster_id not in ours:
            continue
        term = terms[entry.member_id]
        should = (term.village, term.days, subsidy(rate, entry.month, term.days))
        if (entry.village_id, entry.days, entry.county_amount) != should:
            entry.village_id, entry.days, entry.county_amount = should
            entry.version += 1
            changed.append(entry)
    audit.save_many(changed, ["village", "days", "county_amount", "version"])


def _write(coming: Sequence[Term], here: dict[int, MonthlyRoster], rate: SubsidyRate, by: Any) -> None:
    if not coming:
        return
    month = next(iter(here.values())).month
    usual = _usual(month, coming, here)
    amount, day = connection.ops.adapt_decimalfield_value, connection.ops.adapt_datefield_value(month)
    now = connection.ops.adapt_datetimefield_value(timezone.now())
    rows = [
        (here[term.township].pk, day, term.member, term.village, EntryKind.REGULAR.value, term.days,
         amount(subsidy(rate, month, term.days), 10, 2), amount(usual[term.member], 10, 2), "",
         False, "", 0, by.pk if by else None, now, "", "", "", "")
        for term in coming
    ]  # fmt: skip
    audit.copy_in(
        RosterEntry, COLUMNS, rows, names=[term.name for term in coming], councils=[term.township for term in coming]
    )


def _usual(month: date, coming: Sequence[Term], here: dict[int, MonthlyRoster]) -> dict[int, Decimal]:
    """Performance subsidies to begin with: last month's in the same township, else what its scheme usually gives."""
    last = RosterEntry.objects.regular().filter(
        month=months.previous(month), roster__township__in=[each.township_id for each in here.values()]
    )
    before = {
        (member, township): performance
        for member, township, performance in last.order_by().values_list(
            "member", "roster__township", "performance_amount"
        )
    }
    found = {}
    for term in coming:
        scheme = here[term.township].scheme
        default = scheme.default_amount if scheme else Decimal(0)
        amount = before.get((term.member, term.township), default)
        found[term.member] = min(amount, scheme.cap) if scheme else amount
    return found


def unopened(county: Council, month: date) -> list[Council]:
    """Townships of the county that stood in `month` and have not opened it."""
    opened = MonthlyRoster.objects.filter(month=month).values("township")
    standing = Council.objects.filter(parent=county.code, level=Level.TOWNSHIP).open_on(months.last_day(month))
    return list(standing.exclude(pk__in=opened))
