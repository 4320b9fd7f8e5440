"""A month is its first day."""

import re
from datetime import date, timedelta

from django.core.exceptions import BadRequest
from django.utils import formats, timezone
from django.utils.translation import gettext

WRITTEN = re.compile(r"((?:19|20)\d\d)(?:(\d\d)|\s*[-/.年]\s*(\d\d?)\s*月?)", re.ASCII)


class NotAMonth(BadRequest, ValueError):
    """A text that names no month; unanswered in a view, it becomes "400 Bad Request"."""


def read(text: str | None, default: date | None = None) -> date:
    """The month written as 2022-08, 202208, 2022/8, 2022.8 or 2022年8月.

    Nothing written means the month of `default`, by default of today. Raises NotAMonth.
    """
    written = (text or "").strip()
    if not written:
        return first(default or timezone.localdate())
    found = WRITTEN.fullmatch(written)
    number = int(found[2] or found[3]) if found else 0
    if not found or not 1 <= number <= 12:
        raise NotAMonth(gettext("This is no month. Write it like 2022-08."))
    return date(int(found[1]), number, 1)


def first(day: date) -> date:
    """The month of `day`."""
    return date(day.year, day.month, 1)


def next_month(month: date) -> date:
    return first(month.replace(day=28) + timedelta(days=4))


def previous(month: date) -> date:
    return first(month.replace(day=1) - timedelta(days=1))


def last_day(month: date) -> date:
    return next_month(month) - timedelta(days=1)


def span(start: date, end: date) -> list[date]:
    """The months from `start` to `end`, both included; none if `end` is earlier."""
    count = 12 * (end.year - start.year) + end.month - start.month + 1
    return [
        date(start.year + place // 12, place % 12 + 1, 1) for place in range(start.month - 1, start.month - 1 + count)
    ]


def label(month: date) -> str:
    """The month as the user's language writes it: 2022年8月, August 2022."""
    return formats.date_format(month, "YEAR_MONTH_FORMAT")


def leaf_years(asked: str, first: int, last: int) -> tuple[int, int | None, int | None]:
    """The year asked for, by default the last, with the one before and the one after from `first` to `last`."""
    year = int(asked) if asked in map(str, range(first, last + 1)) else last
    return year, year - 1 if year > first else None, year + 1 if year < last else None
