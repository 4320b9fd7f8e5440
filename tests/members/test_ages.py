import pytest

from members.ages import BANDS, band_of


def test_every_grown_age_is_in_one_band():
    for age in range(18, 121):
        assert [band.key for band in BANDS if band.youngest <= age <= band.oldest] == [band_of(2000, 2000 + age)]


@pytest.mark.parametrize("year", [None, 1800, 2020])
def test_an_age_that_is_none_has_no_band(year):
    assert band_of(year, 2026) == ""
