"""Which township handed in which month on time."""

from collections import Counter
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date

from django.db import models
from django.db.models import Q
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from councils.models import Council, Level
from cunsao import months as calendar
from members.models import Excuse, MonthlyRoster, SubsidyRate


class Timing(models.TextChoices):
    ON_TIME = "on_time", _("on time")
    LATE = "late", _("late")
    DUE = "due", _("to be handed in")
    MISSING = "missing", _("missing")
    EXCUSED = "excused", _("excused")


@dataclass
class Timeliness:
    """How each township stood to each month: by (township's key, month). A pair that is not in it had nothing to do."""

    cells: dict[tuple[int, date], Timing] = field(default_factory=dict)
    rosters: dict[tuple[int, date], MonthlyRoster] = field(default_factory=dict)
    townships: list[Council] = field(default_factory=list)
    deadlines: dict[date, date] = field(default_factory=dict)

    def counted(self, month: date | None = None, township: int | None = None) -> Counter[Timing]:
        """How many of each, in all or of one month or township."""
        return Counter(
            timing
            for (place, when), timing in self.cells.items()
            if month in (None, when) and township in (None, place)
        )

    def rate(self, month: date | None = None, township: int | None = None) -> float | None:
        """The share that was on time, 0 to 1, of what was due: neither excused nor still to come. None if nothing was.

        Each township counts once a month, so the share cannot exceed 1, whatever was opened or closed.
        """
        counted = self.counted(month, township)
        due = sum(counted[each] for each in (Timing.ON_TIME, Timing.LATE, Timing.MISSING))
        return counted[Timing.ON_TIME] / due if due else None


def standing(
    county: Council, months: Sequence[date], today: date | None = None, townships: Sequence[Council] | None = None
) -> Timeliness:
    """The timeliness of a county's townships, in four queries whatever their number and that of months; in three of
    those that the caller has at hand.

    A township counts for a month in which it stood, if only for a day, or which it handed in. The first handing in
    counts, so that a month returned by the county is not late for it. Months before the first rate have no deadline.
    """
    now = today or timezone.localdate()
    found = Timeliness()
    if not months:
        return found
    rates = list(SubsidyRate.objects.filter(county=county).order_by("start"))
    for month in months:
        if rate := next((each for each in reversed(rates) if each.start <= month), None):
            found.deadlines[month] = rate.deadline(month)
    if townships is None:
        townships = Council.objects.filter(parent=county.code, level=Level.TOWNSHIP)
    found.townships = list(townships)
    rosters = MonthlyRoster.objects.filter(township__in=found.townships, month__in=list(months))
    found.rosters = {(each.township_id, each.month): each for each in rosters}
    excuses = _excuses(found.townships, months)
    for township in found.townships:
        for month in months:
            place = (township.pk, month)
            roster = found.rosters.get(place)
            if month in found.deadlines and (_stood(township, month) or (roster and roster.first_submitted_at)):
                excused = any(start <= month <= until for start, until in excuses.get(township.pk, []))
                found.cells[place] = _timing(roster, found.deadlines[month], now, excused)
    return found


def _timing(roster: MonthlyRoster | None, deadline: date, now: date, excused: bool) -> Timing:
    handed_in = timezone.localdate(roster.first_submitted_at) if roster and roster.first_submitted_at else None
    if handed_in and handed_in <= deadline:
        return Timing.ON_TIME
    if excused:
        return Timing.EXCUSED
    if handed_in:
        return Timing.LATE
    return Timing.DUE if now <= deadline else Timing.MISSING


def _stood(township: Council, month: date) -> bool:
    opened, closed = township.opened or date.min, township.closed or date.max
    return opened <= calendar.last_day(month) and closed > month


def _excuses(townships: Sequence[Council], months: Sequence[date]) -> Mapping[int, list[tuple[date, date]]]:
    found: dict[int, list[tuple[date, date]]] = {}
    asked = Excuse.objects.filter(Q(start__lte=max(months), until__gte=min(months)), township__in=list(townships))
    for township, start, until in asked.order_by().values_list("township", "start", "until"):
        found.setdefault(township, []).append((start, until))
    return found
