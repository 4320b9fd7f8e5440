"""The county's circular (通报): who handed in which month on time, and how completely the villages recorded their work."""

from collections.abc import Sequence
from datetime import date
from typing import NamedTuple

from django.db.models import Count
from django.utils import timezone
from django.utils.translation import gettext as _

from councils.models import VILLAGES, Council
from cunsao import months as calendar
from cunsao.printing import Column, Form
from cunsao.workbook.writing import Value
from members.payroll import deadlines
from members.payroll.deadlines import Timeliness, Timing
from reports.comparing import percent
from reports.models import MonthlyTotal
from reports.periods import Period


class Completeness(NamedTuple):
    """Of a township: pairs of a village and a month in which it stood, and in how many of them something was recorded."""

    township: Council
    villages: int
    expected: int
    recorded: int

    @property
    def rate(self) -> float | None:
        """From 0 to 1; None where nothing was to be recorded."""
        return self.recorded / self.expected if self.expected else None


def completeness(county: Council, months: Sequence[date]) -> list[Completeness]:
    """One for each township that stands, in three queries whatever their number. A village counts for a month in which
    it stood, if only for a day; what a village recorded that stands there no more counts for neither."""
    townships = list(Council.objects.filter(parent=county.code, closed=None))
    villages = list(Council.objects.filter(parent__parent=county.code, level__in=VILLAGES))
    here = {each.pk: each for each in villages}
    standing = {(each.pk, month) for each in villages for month in months if _stood(each, month)}
    found = MonthlyTotal.objects.filter(village__in=list(here), month__in=list(months), records__gt=0)
    pairs = set(found.order_by().values_list("village", "month").annotate(kinds=Count("key")).values_list("village", "month"))
    told = []
    for township in townships:
        own = {each.pk for each in villages if each.parent_id == township.code}
        expected = {pair for pair in standing if pair[0] in own}
        told.append(
            Completeness(
                township, sum(here[pk].is_open for pk in own), len(expected), len(expected & pairs)
            )
        )  # fmt: skip
    return told


def forms(county: Council, period: Period, maker: str, today: date | None = None) -> list[Form]:
    """Two tables: on time, and complete; of the months of `period` that have begun."""
    now = today or timezone.localdate()
    begun = [month for month in period.months() if month <= now]
    beneath = {
        "left": _("Unit: %(place)s") % {"place": county.name},
        "right": _("Made by %(who)s on %(day)s") % {"who": maker, "day": f"{now:%Y-%m-%d}"},
    }
    return [
        _on_time(deadlines.standing(county, begun, now), period, beneath),
        _complete(completeness(county, begun), period, beneath),
    ]


def _on_time(found: Timeliness, period: Period, beneath: dict[str, str]) -> Form:
    rows: list[list[Value]] = []
    ranked = sorted(found.townships, key=lambda each: _rank(found.rate(township=each.pk), each.code))
    for number, township in enumerate(ranked, 1):
        counted = found.counted(township=township.pk)
        if counted:
            rows.append(_counted(number, str(township), counted, found.rate(township=township.pk)))
    counted = found.counted()
    missing = [
        f"{township}（{'、'.join(calendar.label(month) for month in late)}）"
        for township in ranked
        if (late := [when for (place, when), how in found.cells.items() if place == township.pk and how == Timing.MISSING])
    ]
    closing = [_("All townships: %(rate)s on time.") % {"rate": percent(found.rate())}]
    return Form(
        title=_("Months handed in on time, %(period)s") % {"period": period.label},
        columns=[
            Column(_("No."), 12, "number", centred=True), Column(_("Township"), 38),
            *(Column(str(label), 22, "number", summed=True) for label in (_("due"), *_timings())),
            Column(_("on time"), 26, centred=True),
        ],
        rows=rows, closing=[*closing, *(_("Missing: %(who)s") % {"who": each} for each in missing[:12])], **beneath,
    ) if counted else Form(
        title=_("Months handed in on time, %(period)s") % {"period": period.label},
        columns=[Column(_("Township"), 60)], rows=[], closing=[_("Nothing was due.")], **beneath,
    )  # fmt: skip


def _timings() -> list[str]:
    return [str(each.label) for each in (Timing.ON_TIME, Timing.LATE, Timing.MISSING, Timing.EXCUSED)]


def _counted(number: int, place: str, counted: dict[Timing, int], rate: float | None) -> list[Value]:
    due = counted[Timing.ON_TIME] + counted[Timing.LATE] + counted[Timing.MISSING]
    each = [counted[timing] for timing in (Timing.ON_TIME, Timing.LATE, Timing.MISSING, Timing.EXCUSED)]
    return [number, place, due, *each, percent(rate)]


def _complete(found: Sequence[Completeness], period: Period, beneath: dict[str, str]) -> Form:
    ranked = sorted(found, key=lambda each: _rank(each.rate, each.township.code))
    expected, recorded = sum(each.expected for each in found), sum(each.recorded for each in found)
    return Form(
        title=_("Completeness of work records, %(period)s") % {"period": period.label},
        columns=[
            Column(_("No."), 12, "number", centred=True), Column(_("Township"), 44),
            Column(_("Villages"), 28, "number", summed=True),
            Column(_("Village months expected"), 36, "number", summed=True),
            Column(_("of these with records"), 36, "number", summed=True), Column(_("complete"), 30, centred=True),
        ],
        rows=[
            [number, str(each.township), each.villages, each.expected, each.recorded, percent(each.rate)]
            for number, each in enumerate(ranked, 1)
        ],
        closing=[_("All townships: %(rate)s complete.") % {"rate": percent(recorded / expected if expected else None)}],
        **beneath,
    )  # fmt: skip


def _rank(rate: float | None, code: str) -> tuple[bool, float, str]:
    """The best first, who had nothing due last."""
    return rate is None, -(rate or 0), code


def _stood(village: Council, month: date) -> bool:
    return (village.opened or date.min) <= calendar.last_day(month) and (village.closed or date.max) > month
