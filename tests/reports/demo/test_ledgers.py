from collections import Counter

import pytest

from councils.intake.resource import resource_of
from reports.demo import ledgers
from reports.demo.people import Draw, people
from tests.reports.demo.test_people import DAY, VILLAGES

pytestmark = pytest.mark.once
MODELS, CHOSEN = {"好媳妇", "好婆婆", "好妯娌", "好邻里"}, {"美丽庭院", "清洁文明户"}


@pytest.fixture(scope="module")
def invented():
    return ledgers.Invented(VILLAGES, people(VILLAGES))


def drawn(kind, invented):
    return list(ledgers._inventors[kind](invented, Draw(7)))


def test_the_published_figures_are_counted_from_single_records(invented):
    rows = drawn("honours", invented)
    persons = {(row["village_code"], row["receiver"], row["name"]) for row in rows if row["kind"] in MODELS}
    households = {(row["village_code"], row["name"]) for row in rows if row["kind"] in CHOSEN}
    assert (len(persons), len(households)) == (3590, 13268)
    assert Counter(row["kind"] in MODELS for row in rows)[True] == 3590


def test_every_row_speaks_of_columns_that_its_ledger_has_and_of_no_day_to_come(invented):
    for kind in ledgers._inventors:
        rows = drawn(kind, invented)
        assert rows
        assert {name for row in rows for name in row} <= set(resource_of(kind).fields)
        assert all(value <= DAY for row in rows for value in row.values() if hasattr(value, "isoformat"))


def test_the_same_seed_gives_the_same_rows(invented):
    assert drawn("equipment", invented) == drawn("equipment", invented)
