"""What of the year's budget is committed, paid and left: worked out from entries and payments, never stored."""

from dataclasses import dataclass
from datetime import date
from decimal import Decimal
from typing import Any

from django.db.models import Sum

from councils.models import Council
from councils.scope import within
from members.models import Budget, Payment, RosterEntry

NOTHING = Decimal("0.00")


@dataclass(frozen=True)
class Standing:
    """Yuan of the county's own subsidy in one year; `amount` and `left` are None where no budget was entered."""

    year: int
    amount: Decimal | None
    committed: Decimal  # approved, not paid yet
    paid: Decimal

    @property
    def left(self) -> Decimal | None:
        return None if self.amount is None else self.amount - self.committed - self.paid


def of(county: Council, year: int) -> Standing:
    """The year's budget of a county, in three queries. A claw-back lessens what is committed until it is settled."""
    year_of = {"month__gte": date(year, 1, 1), "month__lte": date(year, 12, 1)}
    budget = Budget.objects.filter(county=county, year=year).first()
    here = within("roster__township", county)
    approved = _sum(RosterEntry.objects.frozen().filter(here, **year_of))
    paid = _sum(Payment.objects.settled().filter(here, **year_of))
    return Standing(year, budget.amount if budget else None, approved - paid, paid)


def _sum(rows: Any) -> Decimal:
    found = rows.order_by().aggregate(sum=Sum("county_amount"))["sum"]
    return NOTHING if found is None else Decimal(found).quantize(NOTHING)
