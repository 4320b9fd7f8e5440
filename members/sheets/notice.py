"""The public notice (公示): who is to get how much. It hangs on a wall, so no number of a person can stand in it."""

import re
from collections.abc import Iterable
from dataclasses import dataclass, fields
from decimal import Decimal
from itertools import groupby

from django.db.models import Sum
from django.utils import timezone
from django.utils.translation import gettext as _

from councils.models import Council
from cunsao import months
from cunsao.printing import Column, Form
from members.models import MonthlyRoster
from members.sheets.payment import seal_of

DIGITS = re.compile(r"[0-9０-９]{5,}")  # what could be a piece of an ID number, a phone or an account


@dataclass(frozen=True, slots=True)
class Row:
    """One line on the wall: words without a number of a person, and yuan. Anything else raises TypeError."""

    village: str
    name: str
    county: Decimal
    performance: Decimal

    def __post_init__(self) -> None:
        for field in fields(self):
            value = getattr(self, field.name)
            wanted = str if field.name in ("village", "name") else Decimal
            if type(value) is not wanted or (isinstance(value, str) and DIGITS.search(value)):
                raise TypeError(f"{field.name} of a public notice is no {wanted.__name__} that may stand there")

    @property
    def total(self) -> Decimal:
        return self.county + self.performance


def rows(roster: MonthlyRoster, village: Council | None = None) -> list[Row]:
    """A line a woman out of the frozen copy, by village and name; in one query that reads no number at all."""
    entries = roster.entries.filter(**({"village": village} if village else {}))
    named = entries.order_by("village__code", "member__pinyin", "member").values_list(
        "village__code", "village_name", "member", "member__pinyin", "name"
    )
    summed = named.annotate(county=Sum("county_amount"), performance=Sum("performance_amount"))
    return [
        Row(_clean(where), _clean(name), Decimal(county), Decimal(performance))
        for _code, where, _member, _pinyin, name, county, performance in summed
    ]


def forms(roster: MonthlyRoster, village: Council | None = None) -> list[Form]:
    """The notice of a month that was approved: a form for each village, or for one. One query."""
    found = groupby(rows(roster, village), lambda each: each.village)
    made = [_form(roster, name, list(own)) for name, own in found]
    return made or [_form(roster, str(village or roster.township), [])]


def _form(roster: MonthlyRoster, village: str, own: Iterable[Row]) -> Form:
    lines = list(own)
    return Form(
        title=_("Public notice of village sisters' subsidies"),
        columns=[
            Column(_("No."), 22, "number", centred=True),
            Column(_("Full name"), 38, centred=True),
            Column(_("County subsidy (yuan)"), 43, "amount", summed=True),
            Column(_("Performance subsidy (yuan)"), 43, "amount", summed=True),
            Column(_("In all (yuan)"), 44, "amount", summed=True),
        ],
        rows=[[at, each.name, each.county, each.performance, each.total] for at, each in enumerate(lines, 1)],
        left=_("Village: %(place)s") % {"place": f"{roster.township} {village}"},
        right=_("Month: %(month)s, %(count)d members") % {"month": months.label(roster.month), "count": len(lines)},
        closing=[_period(roster), _whom_to_tell(roster)],
        sealed_by=seal_of(roster),
    )


def _period(roster: MonthlyRoster) -> str:
    if roster.published_at is None or roster.notice_until is None:
        return _("The days of this notice are counted from when the month is published.")
    start = timezone.localdate(roster.published_at)
    words = {"start": f"{start:%Y-%m-%d}", "end": f"{roster.notice_until:%Y-%m-%d}"}
    return _("Days of this notice: from %(start)s to %(end)s.") % words


def _whom_to_tell(roster: MonthlyRoster) -> str:
    words = {"township": roster.township, "county": roster.township.parent}
    return _("Who objects tells the council of %(township)s or of %(county)s within these days.") % words


def _clean(words: str) -> str:
    """A name as it may hang there; digits in it were mistyped and belong to somebody."""
    return DIGITS.sub("＊", words)
