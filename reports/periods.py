"""A time that figures are told of: from its first day to its last, both included."""

import re
from dataclasses import dataclass
from datetime import date, timedelta
from typing import Any, Self

from django.core.exceptions import BadRequest
from django.utils import formats, timezone
from django.utils.translation import gettext as _

from cunsao import months

BEGINNING = date(2000, 1, 1)  # nothing is counted before it
QUARTER = re.compile(r"((?:19|20)\d\d)-?[Qq]([1-4])", re.ASCII)
YEAR = re.compile(r"(?:19|20)\d\d", re.ASCII)


class NotAPeriod(BadRequest, ValueError):
    """A text that names no period; unanswered in a view, it becomes "400 Bad Request"."""


@dataclass(frozen=True, order=True)
class Period:
    """Days from the first to the last."""

    first: date
    last: date

    def __post_init__(self) -> None:
        if self.last < self.first:
            raise NotAPeriod(_("A period cannot end before it begins."))

    @classmethod
    def month(cls, day: date) -> Self:
        """The whole month of `day`."""
        return cls(months.first(day), months.last_day(day))

    @classmethod
    def quarter(cls, day: date) -> Self:
        """The whole quarter of `day`."""
        first = date(day.year, (day.month - 1) // 3 * 3 + 1, 1)
        return cls(first, months.last_day(date(day.year, first.month + 2, 1)))

    @classmethod
    def year(cls, year: int) -> Self:
        return cls(date(year, 1, 1), date(year, 12, 31))

    @classmethod
    def until(cls, day: date) -> Self:
        """From the beginning of all records until `day`."""
        return cls(BEGINNING, day)

    @classmethod
    def read(cls, asked: Any, default: Self | None = None) -> Self:
        """What a query string asks for: ?from=…&until=… by day, or ?period=2022, 2022-Q3 or 2022-08, or ?month=2022-08.

        Nothing asked means `default`, by default the present month. Raises NotAPeriod.
        """
        if asked.get("from") or asked.get("until"):
            last = _day(asked.get("until")) if asked.get("until") else timezone.localdate()
            return cls(_day(asked.get("from")) if asked.get("from") else BEGINNING, last)
        text = (asked.get("period") or asked.get("month") or "").strip()
        if not text:
            return default or cls.month(timezone.localdate())
        if found := QUARTER.fullmatch(text):
            return cls.quarter(date(int(found[1]), int(found[2]) * 3, 1))
        if YEAR.fullmatch(text):
            return cls.year(int(text))
        try:
            return cls.month(months.read(text))
        except months.NotAMonth as fault:
            raise NotAPeriod(_("This is no period. Write 2022, 2022-Q3 or 2022-08.")) from fault

    @property
    def kind(self) -> str:
        """month, quarter or year; until, if it began with the records; else days."""
        named = {"month": Period.month(self.first), "quarter": Period.quarter(self.first)}
        named["year"] = Period.year(self.first.year)
        found = next((name for name, whole in named.items() if self == whole), "days")
        return "until" if self.first == BEGINNING and found == "days" else found

    @property
    def label(self) -> str:
        """In the reader's language: 2022年8月, 2022年第三季度, 2022年, 截至2022年8月31日, or the two days."""
        words = {"year": self.first.year, "quarter": (self.first.month + 2) // 3}
        if self.kind == "month":
            return months.label(self.first)
        if self.kind == "quarter":
            ordinals = {1: _("1st"), 2: _("2nd"), 3: _("3rd"), 4: _("4th")}
            return _("%(ordinal)s quarter of %(year)d") % {
                "year": self.first.year,
                "ordinal": ordinals[words["quarter"]],
            }
        if self.kind == "year":
            return _("the year %(year)d") % words
        last = formats.date_format(self.last, "DATE_FORMAT")
        if self.kind == "until":
            return _("as of %(day)s") % {"day": last}
        return _("%(first)s to %(last)s") % {"first": formats.date_format(self.first, "DATE_FORMAT"), "last": last}

    @property
    def query(self) -> str:
        """What `read` reads: of an address, after the question mark."""
        written = {
            "month": f"{self.first:%Y-%m}", "quarter": f"{self.first.year}-Q{(self.first.month + 2) // 3}",
            "year": f"{self.first.year}",
        }  # fmt: skip
        kind = self.kind
        return f"period={written[kind]}" if kind in written else f"from={self.first}&until={self.last}"

    def before(self) -> Self:
        """The one before of the same length: the month, quarter or year before, else as many days."""
        ended = self.first - timedelta(days=1)
        if self.kind == "month":
            return type(self).month(ended)
        if self.kind == "quarter":
            return type(self).quarter(ended)
        if self.kind == "year":
            return type(self).year(ended.year)
        return type(self)(ended - (self.last - self.first), ended)

    def year_before(self) -> Self:
        """The same days a year earlier; a whole month stays a whole month."""
        return type(self)(_year_earlier(self.first), _year_earlier(self.last, months.last_day(self.last) == self.last))

    def since_january(self) -> Self:
        """From the first day of the year in which it ends until its last day."""
        return type(self)(date(self.last.year, 1, 1), self.last)

    def since_beginning(self) -> "Period":
        """All there is until its last day."""
        return Period(BEGINNING, self.last)

    @property
    def ends(self) -> tuple[date, date]:
        """The first and the last of the months it touches."""
        return months.first(self.first), months.first(self.last)

    def months(self) -> list[date]:
        """The months it touches."""
        return months.span(*self.ends)


def _year_earlier(day: date, ends_month: bool = False) -> date:
    month = date(day.year - 1, day.month, 1)
    last = months.last_day(month)
    return last if ends_month else min(last, month.replace(day=min(day.day, last.day)))


def _day(text: Any) -> date:
    try:
        return date.fromisoformat(str(text).strip())
    except ValueError as fault:
        raise NotAPeriod(_("This is no day. Write it like 2022-08-31.")) from fault
