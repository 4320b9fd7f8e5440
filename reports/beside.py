"""A council's figures of one month beside those of the month and the year before, and of the councils around it."""

from collections.abc import Mapping, Sequence
from datetime import date
from functools import cached_property, lru_cache
from typing import Any, NamedTuple

from django.core.cache import cache

from councils import blanks
from councils.models import Council
from cunsao import months as calendar
from cunsao.prepared import Blank, Records
from reports import comparing, indicators
from reports.comparing import Change, change
from reports.indicators import CATALOGUE, Figure
from reports.lines import COMPARED
from reports.periods import Period

MONTHS = 12  # of a trend
KEPT = 300  # seconds that what a month is compared with is kept, in each process of the server


class Compared(NamedTuple):
    """What a council's figures of days past are, {key: value}."""

    before: Mapping[str, Any]
    year: Mapping[str, Any]


class Beside:
    """Each is asked once, when it is told: `keys` of the council and `of_below` of the councils below it.

    Both are of this moment, as the lists that they open. What they are compared with is COMPARED whoever reads, so that
    it can be kept for all, and may be five minutes old.
    """

    def __init__(self, council: Council, month: date, user: Any, keys: Sequence[str], of_below: Sequence[str]) -> None:
        self.council, self.user, self.keys, self.of_below = council, user, keys, of_below
        self.period = Period.month(month)
        self.months = calendar.span(date(month.year - 2, month.month, 1), month)[1:]
        self._by_month = [key for key in keys if CATALOGUE[key].kinds]

    @cached_property
    def now(self) -> Mapping[str, Figure]:
        """What the totals tell comes out of their series, and what adds up out of the councils below."""
        own = {key: self.series[key][-1] for key in self._by_month}
        own |= {key: sum(each[key] for each in self.below.values()) for key in self._adding_up}
        found = {key: indicators.figure(key, value, self.council, self.period, self.user) for key, value in own.items()}
        others = [key for key in self.keys if key not in own]
        return found | indicators.values(self.council, self.period, others, self.user)

    @cached_property
    def below(self) -> Mapping[int, Mapping[str, Any]]:
        """{key of a council below: {key: value}}; nothing below a village."""
        asked = [*self.of_below, *self._adding_up]
        return indicators.counted_below(self.council, self.period, asked, self.children)

    @cached_property
    def children(self) -> list[Council]:
        if self.council.is_village:
            return []
        said = blanks.filled(self.user.council) | {"above": self.council.code}
        return _children(self.user.council.level).find(said)

    @cached_property
    def series(self) -> Mapping[str, Sequence[int]]:
        """Of work, what each of the twice twelve `months` has."""
        return indicators.series(self.council, self.months, self._by_month)

    def changes(self, key: str) -> tuple[Change, Change]:
        """Since the month before, and since the same month a year ago."""
        value = self.now[key].value
        if key in self._by_month:
            return change(value, self.series[key][-2]), change(value, self.series[key][-MONTHS - 1])
        return change(value, self._kept.before.get(key)), change(value, self._kept.year.get(key))

    def average(self, key: str) -> str:
        """Of the councils beside it and its own; nothing beside a county."""
        return self._averages.get(key, "")

    @property
    def _adding_up(self) -> list[str]:
        if self.council.is_village:
            return []
        return [key for key in self.keys if CATALOGUE[key].adds_up and not CATALOGUE[key].kinds]

    @cached_property
    def _kept(self) -> Compared:
        kept_at = f"beside:{self.council.pk}:{self.period.first}"
        return cache.get_or_set(kept_at, self._past, KEPT)  # type: ignore[return-value]

    def _past(self) -> Compared:
        stocks = [key for key in COMPARED if not CATALOGUE[key].kinds]
        before, year = (
            {key: figure.value for key, figure in indicators.values(self.council, period, stocks).items()}
            for period in (self.period.before(), self.period.year_before())
        )
        return Compared(before, year)

    @cached_property
    def _averages(self) -> Mapping[str, str]:
        """Kept once for all that stand side by side."""
        above = self.council.parent
        if above is None:
            return {}
        kept_at = f"average:{above.pk}:{self.period.first}"
        return cache.get_or_set(kept_at, lambda: self._average(above), KEPT)  # type: ignore[return-value]

    def _average(self, above: Council) -> Mapping[str, str]:
        siblings = list(Council.objects.filter(parent=above))
        around = indicators.counted_below(above, self.period, COMPARED, siblings)
        return {key: comparing.average([each[key] for each in around.values() if key in each]) for key in COMPARED}


@lru_cache
def _children(level: str) -> Records:
    """Those right below one that a reader of the level sees."""
    return Records(Council.objects.visible_to(blanks.reader(level)).filter(parent=Blank("above", blanks.CODE)))
