"""A council's figures of one month beside those of the month and the year before, and of the councils around it."""

from collections.abc import Mapping, Sequence
from datetime import date
from functools import cached_property
from typing import Any

from councils.models import Council
from cunsao import months as calendar
from reports import comparing, indicators
from reports.comparing import Change, change
from reports.indicators import Figure
from reports.periods import Period

MONTHS = 12  # of a trend


class Beside:
    """Each is asked once, when it is told; `keys` of what is told, of which `of_today` is compared with nothing.

    What the totals tell by month comes out of one series; a township's and a village's figures, with their addresses
    for `user`, out of those of all councils beside it.
    """

    def __init__(self, council: Council, month: date, keys: Sequence[str], of_today: Sequence[str], user: Any) -> None:
        self.council, self.keys, self.user = council, keys, user
        self.period = Period.month(month)
        self.months = calendar.span(date(month.year - 2, month.month, 1), month)[1:]
        self._compared = [key for key in keys if key not in of_today]
        self._by_month = [key for key in keys if indicators.CATALOGUE[key].kinds]

    @cached_property
    def now(self) -> Mapping[str, Figure]:
        own = dict(self._around.get(self.council.pk, {})) if self.council.closed is None else {}
        for key in self._by_month:
            own[key] = indicators.figure(key, self.series[key][-1], self.council, self.period, self.user)
        others = [key for key in self.keys if key not in own]
        return own | indicators.values(self.council, self.period, others, self.user)

    @cached_property
    def series(self) -> Mapping[str, Sequence[int]]:
        """Of work, what each of the twice twelve `months` has."""
        return indicators.series(self.council, self.months, self._by_month)

    def changes(self, key: str) -> tuple[Change, Change]:
        """Since the month before, and since the same month a year ago."""
        value = self.now[key].value
        return change(value, self._before.get(key)), change(value, self._year.get(key))

    def average(self, key: str) -> str:
        """Of the councils beside it and its own; nothing beside a county."""
        return comparing.average([each[key].value for each in self._around.values() if key in each])

    @cached_property
    def _before(self) -> Mapping[str, Any]:
        return self._values(self.period.before(), -2)

    @cached_property
    def _year(self) -> Mapping[str, Any]:
        return self._values(self.period.year_before(), -MONTHS - 1)

    def _values(self, period: Period, at: int) -> dict[str, Any]:
        """What is compared, in another month, which stands in the series `at` this place."""
        found = {key: self.series[key][at] for key in self._by_month}
        others = indicators.values(self.council, period, [key for key in self._compared if key not in found])
        return found | {key: figure.value for key, figure in others.items()}

    @cached_property
    def _around(self) -> Mapping[int, Mapping[str, Figure]]:
        above = self.council.parent
        return {} if above is None else indicators.below(above, self.period, self._compared, self.user)
