"""Which months one leafs through: from the first of which a county has anything to the present one."""

from datetime import date
from typing import Any

from django.core.cache import cache
from django.db.models import Max, OuterRef, Subquery

from councils.models import Council
from cunsao import months
from members.models import MonthlyRoster, SubsidyRate
from reports.models import MonthlyTotal


def first_month(council: Council, today: date) -> date:
    """The first in which there is work, a roster, or a rate by which one is due, anywhere in the council's county.

    The present one where there is none of them. One query.
    """
    firsts = {
        "first_work": _least(MonthlyTotal.objects.filter(county=OuterRef("pk"), village=None), "month"),
        "first_roster": _least(MonthlyRoster.objects.filter(township__parent=OuterRef("code")), "month"),
        "first_rate": _least(SubsidyRate.objects.filter(county=OuterRef("pk")), "start"),
    }
    found = Council.objects.filter(code=council.code[:6]).annotate(**firsts).values_list(*firsts).get()
    return min(months.first(each) for each in (*found, today) if each)


def goes_back_to(council: Council, month: date, today: date) -> bool:
    """Whether one leafs back to a month: it is the `first_month` or comes after it. What was a first one once is kept,
    so that only who stands at the beginning asks again.
    """
    kept_at = f"first:{council.code[:6]}"
    if month >= cache.get(kept_at, date.max):
        return True
    first = first_month(council, today)
    cache.set(kept_at, first)
    return month >= first


def newest_month(council: Council, today: date) -> date:
    """The latest month in which anything was recorded there; the present one where nothing ever was. One query."""
    found = MonthlyTotal.objects.of(council).filter(month__lte=today).aggregate(latest=Max("month"))["latest"]
    return found or months.first(today)


def newest_day(council: Council, today: date) -> date:
    """The last day of the newest month, or today if that has not ended."""
    return min(months.last_day(newest_month(council, today)), today)


def year_before(today: date) -> date:
    """The month until which one leafs back to enter what was done, whether or not anything stands yet."""
    return date(today.year - 1, today.month, 1)


def _least(rows: Any, field: str) -> Subquery:
    return Subquery(rows.order_by(field).values(field)[:1])
