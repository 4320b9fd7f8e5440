"""Which months one leafs through: from the first of which a county has anything to the present one."""

from datetime import date
from functools import lru_cache
from typing import Any

from django.core.cache import cache
from django.db.models import Max, OuterRef, Subquery

from councils import blanks
from councils.models import Council, Level
from cunsao import months
from cunsao.prepared import ALL, Question
from members.models import MonthlyRoster, SubsidyRate
from reports.models import MonthlyTotal


def first_month(council: Council, today: date) -> date:
    """The first in which there is work, a roster, or a rate by which one is due, anywhere in the council's county.

    The present one where there is none of them. One query.
    """
    (firsts,) = _firsts().ask(blanks.filled(council))
    return min(months.first(each) for each in (*firsts, today) if each)


@lru_cache
def _firsts() -> Question:
    """Of any council's county: the first month with work, the first with a roster, and the day of the first rate."""
    firsts = {
        "first_work": _least(MonthlyTotal.objects.filter(county=OuterRef("pk"), village=None), "month"),
        "first_roster": _least(MonthlyRoster.objects.filter(township__parent=OuterRef("code")), "month"),
        "first_rate": _least(SubsidyRate.objects.filter(county=OuterRef("pk")), "start"),
    }
    county = Council.objects.filter(code=blanks.council(Level.COUNTY).code[:6])
    return Question(county.annotate(**firsts).values_list(*firsts))


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
    ((found,),) = _newest(council.level).ask(blanks.filled(council, today=today))
    return found or months.first(today)


@lru_cache
def _newest(level: str) -> Question:
    rows = MonthlyTotal.objects.of(blanks.council(level)).filter(month__lte=blanks.day("today")).order_by()
    return Question(rows.values(every=ALL).annotate(latest=Max("month")).values_list("latest"))


def newest_day(council: Council, today: date) -> date:
    """The last day of the newest month, or today if that has not ended."""
    return min(months.last_day(newest_month(council, today)), today)


def year_before(today: date) -> date:
    """The month until which one leafs back to enter what was done, whether or not anything stands yet."""
    return date(today.year - 1, today.month, 1)


def _least(rows: Any, field: str) -> Subquery:
    return Subquery(rows.order_by(field).values(field)[:1])
