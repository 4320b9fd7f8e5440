from collections import Counter
from datetime import date

import pytest

from councils import divisions
from councils.intake.resource import resource_of
from reports.demo import county, ledgers
from reports.demo.people import Draw, people
from tests.reports.demo.test_people import DAY, VILLAGES

pytestmark = pytest.mark.once
MODELS, CHOSEN = {"好媳妇", "好婆婆", "好妯娌", "好邻里"}, {"美丽庭院", "清洁文明户"}

MAY_LIE_AHEAD = {"insured": {"end"}}  # a cover runs until then


@pytest.fixture(scope="module")
def invented():
    return ledgers.Invented(VILLAGES, people(VILLAGES))


def is_late(value):
    return isinstance(value, date) and value > DAY


def drawn(kind, invented):
    return list(ledgers._inventors[kind](invented, Draw(7)))


def test_the_published_figures_are_counted_from_single_records(invented):
    rows = drawn("honours", invented)
    persons = {(row["village_code"], row["receiver"], row["name"]) for row in rows if row["kind"] in MODELS}
    households = {(row["village_code"], row["name"]) for row in rows if row["kind"] in CHOSEN}
    assert (len(persons), len(households)) == (3590, 13268)
    assert Counter(row["kind"] in MODELS for row in rows)[True] == 3590


@pytest.mark.django_db
def test_every_row_speaks_of_columns_that_its_ledger_has_and_of_no_day_to_come():
    divisions.load(divisions.read(county.DIVISIONS))  # policies and sessions are opened for its councils
    real = ledgers.Invented(county.villages(), people(county.villages()))
    for kind in ledgers._inventors:
        rows = drawn(kind, real)
        assert rows
        assert {name for row in rows for name in row} <= set(resource_of(kind).fields)
        assert {name for row in rows for name, value in row.items() if is_late(value)} <= MAY_LIE_AHEAD.get(kind, set())


def test_the_same_seed_gives_the_same_rows(invented):
    assert drawn("equipment", invented) == drawn("equipment", invented)
