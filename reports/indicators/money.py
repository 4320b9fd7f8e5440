"""Figures of money and of the month's rosters. A township's; a village has none of its own."""

from datetime import datetime, time, timedelta
from decimal import Decimal
from typing import Any

from django.db.models import DecimalField, Exists, OuterRef, Q, Sum, Value
from django.db.models.functions import Coalesce
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from councils.models import Council
from members.models import Excuse, MonthlyRoster, Payment, PaymentState, RosterEntry, RosterStatus, SubsidyRate
from members.models.month import UNDECIDED
from reports.indicators.indicator import Indicator, Rule, Unit
from reports.models import Campaign
from reports.periods import Period

YUAN: Any = DecimalField(max_digits=14, decimal_places=2)
APPROVED = ~Q(roster__status__in=UNDECIDED)
SETTLED = Q(state__in=[PaymentState.PAID, PaymentState.OFFSET])
UNSETTLED = ~Q(roster__status=RosterStatus.PAID)
HER_PAYMENT = Payment._base_manager.filter(SETTLED, roster=OuterRef("roster"), member=OuterRef("member"))


def _sum(name: str) -> Any:
    return lambda where: Coalesce(Sum(name, filter=where), Value(Decimal(0)), output_field=YUAN)


def _in_force(period: Period, council: Council) -> Q:
    """The last rate that began by the day."""
    later = SubsidyRate._base_manager.filter(
        county=OuterRef("county"), start__gt=OuterRef("start"), start__lte=period.last
    )
    return Q(~Q(Exists(later)), start__lte=period.last)


def _of_year(period: Period) -> Q:
    return Q(month__range=period.ends)


def _on_time(period: Period, council: Council) -> Q:
    """Handed in by the deadline of its month, as members/payroll/deadlines.py has it; one question for the rates."""
    rates = list(SubsidyRate.objects.filter(county__code=council.code[:6]).order_by("-start"))
    on_time = Q(pk__in=[])
    for month in MonthlyRoster.objects.filter(_of_year(period)).order_by().values_list("month", flat=True).distinct():
        if rate := next((each for each in rates if each.start <= month), None):
            over = datetime.combine(rate.deadline(month) + timedelta(days=1), time(), timezone.get_current_timezone())
            on_time |= Q(month=month, first_submitted_at__lt=over)
    return on_time


def _late(period: Period, council: Council) -> Q:
    excused = Excuse._base_manager.filter(
        township=OuterRef("township"), start__lte=OuterRef("month"), until__gte=OuterRef("month")
    )
    known = SubsidyRate._base_manager.filter(county__code=council.code[:6], start__lte=OuterRef("month"))
    handed_in = _of_year(period) & Q(Exists(known), first_submitted_at__isnull=False)
    return handed_in & ~_on_time(period, council) & ~Q(Exists(excused))


def _yuan(key: str, name: Any, meaning: Any, model: Any, where: Q, **more: Any) -> Indicator:
    """A payment and an entry have the month of their roster; the rosters of the year are few and lead to theirs."""
    return Indicator(key, name, Unit.YUAN, meaning, Rule.YEAR, model,
                     lambda period, council: where & _of_year(period) & Q(roster__month__range=period.ends),
                     _sum("county_amount"), place="roster__township", alone=True, prepared=True, **more)  # fmt: skip


# A payment is the sum of a woman's entries in a roster. What is left to pay is therefore the difference of two sums,
# and nobody's payment need be looked for entry by entry.
OF_UNPAID = _yuan("subsidy_of_unpaid_rosters", "", "", RosterEntry, APPROVED & UNSETTLED)
PAID_OF_THEM = _yuan("subsidy_paid_of_unpaid_rosters", "", "", Payment, SETTLED & UNSETTLED)
MONEY = [
    Indicator("subsidy_per_member_month", _("county subsidy per member and month"), Unit.YUAN, _("What the county pays "
              "a member for the month of this day."), Rule.STOCK, SubsidyRate,
              _in_force, _sum("amount"), shared=True),
    _yuan("subsidy_approved", _("county subsidy approved"), _("The county's subsidy in approved months of the year: "
          "paid, and committed."), RosterEntry, APPROVED),
    _yuan("subsidy_paid", _("county subsidy paid"), _("The county's subsidy for months of the year that was paid."),
          Payment, SETTLED),
    _yuan("subsidy_committed", _("county subsidy committed"), _("The county's subsidy in approved months of the year "
          "that is not paid yet."), RosterEntry, APPROVED & UNSETTLED & ~Q(Exists(HER_PAYMENT)),
          rest=(OF_UNPAID, PAID_OF_THEM)),
    Indicator("rosters", _("rosters handed in"), Unit.ITEMS, _("Months of townships that were handed in, of the months "
              "of the period."), Rule.FLOW, MonthlyRoster,
              lambda period, council: _of_year(period) & Q(first_submitted_at__isnull=False), place="township"),
    Indicator("rosters_on_time", _("rosters on time"), Unit.ITEMS, _("Months of townships that were handed in by the "
              "county's day."), Rule.FLOW, MonthlyRoster, _on_time, place="township"),
    Indicator("rosters_late", _("rosters handed in late"), Unit.ITEMS, _("Months of townships that were handed in "
              "after the county's day, without an excuse."), Rule.FLOW, MonthlyRoster, _late, place="township"),
    Indicator("campaigns", _("campaigns running"), Unit.ITEMS, _("Tasks with a target for the council or below that "
              "run on this day."), Rule.STOCK, Campaign,
              lambda period, council: Q(start__lte=period.last, deadline__gte=period.last, withdrawn=None),
              shared=True),
]  # fmt: skip
