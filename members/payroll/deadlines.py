"""Which township handed in which month on time."""

from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass, field
from datetime import date
from functools import lru_cache
from itertools import product

from django.db import models
from django.db.models import Q
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from councils import blanks
from councils.models import Council, Level
from cunsao import months as calendar
from cunsao.prepared import Question, Records
from members.models import Excuse, MonthlyRoster, SubsidyRate

FIRST, LAST = blanks.day("first"), blanks.day("last")  # of the months that are asked


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
    if townships is None:
        townships = Council.objects.filter(parent=county.code, level=Level.TOWNSHIP)
    found.townships, found.deadlines = list(townships), _deadlines(county, months)
    scope = found.townships[0] if len(found.townships) == 1 else county
    span = blanks.filled(scope, first=min(months), last=max(months))
    rosters = {(each.township_id, each.month): each for each in _rosters(scope.level).find(span)}
    excuses = _excuses(scope.level).ask(span)
    for township, month in product(found.townships, months):
        place = (township.pk, month)
        roster = rosters.get(place)
        if roster:
            found.rosters[place] = roster
        if month in found.deadlines and (_stood(township, month) or (roster and roster.first_submitted_at)):
            excused = any(key == township.pk and start <= month <= until for key, start, until in excuses)
            found.cells[place] = _timing(roster, found.deadlines[month], now, excused)
    return found


def _deadlines(county: Council, months: Sequence[date]) -> dict[date, date]:
    """By the rate in force; a month before the first one has none."""
    rates = _rates().find(blanks.filled(county))
    in_force = ((month, next((each for each in reversed(rates) if each.start <= month), None)) for month in months)
    return {month: rate.deadline(month) for month, rate in in_force if rate}


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


@lru_cache
def _rates() -> Records:
    return Records(SubsidyRate.objects.filter(county=blanks.council(Level.COUNTY).pk).order_by("start"))


@lru_cache
def _rosters(level: str) -> Records:
    return Records(MonthlyRoster.objects.filter(_of(level), month__range=(FIRST, LAST)).order_by())


@lru_cache
def _excuses(level: str) -> Question:
    inside = Excuse.objects.filter(_of(level), start__lte=LAST, until__gte=FIRST).order_by()
    return Question(inside.values_list("township", "start", "until"))


def _of(level: str) -> Q:
    """Of the townships of any county, or of any one of them."""
    place = blanks.council(level)
    return Q(township__parent=place.code) if level == Level.COUNTY else Q(township=place.pk)
