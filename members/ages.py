"""Ages in bands, for those who may see ages: by year of birth, so a band tells no birthday."""

from typing import NamedTuple

from django.db.models import Q


class Band(NamedTuple):
    """So many years old in the year asked about, both bounds included."""

    key: str
    youngest: int
    oldest: int

    def born(self, year: int) -> Q:
        """Members who are in this band in `year`."""
        return Q(birth_year__lte=year - self.youngest, birth_year__gte=year - self.oldest)


BANDS = tuple(
    Band(f"{youngest}–{oldest}", youngest, oldest)
    for youngest, oldest in ((18, 29), (30, 39), (40, 49), (50, 59), (60, 69), (70, 120))
)


def band_of(birth_year: int | None, year: int) -> str:
    """The band's name; nothing where the year of birth is not known."""
    if birth_year is None:
        return ""
    return next((band.key for band in BANDS if band.youngest <= year - birth_year <= band.oldest), "")
