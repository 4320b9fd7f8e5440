"""The month's buttons, pressed by twenty people at the same moment, each in a process of her own."""

import json
import os
from collections import Counter

import pytest

from tests.races import own_database, run

PRESSERS, WOMEN = 20, 3


@pytest.fixture
def race(tmp_path):
    def run_race(step, pressers=PRESSERS, women=WOMEN):
        told = json.loads(run(environment, "-m", "tests.races.press", step, str(pressers), str(women)))
        return Counter(told.pop("told")), told

    with own_database(tmp_path, os.environ["DATABASE_URL"]) as environment:
        yield run_race


def test_a_month_opened_by_twenty_at_once_is_one_month(race):
    told, stored = race("open")
    assert told == {"done": PRESSERS}
    assert stored == {"MonthlyRoster": 1, "RosterEntry": WOMEN, "Payment": 0, "paid": 0}


@pytest.mark.parametrize(
    ("step", "payments", "paid"), [("approve", 0, 0), ("send", WOMEN, 0), ("settle", WOMEN, WOMEN)]
)
def test_a_step_taken_by_twenty_at_once_is_taken_by_one(race, step, payments, paid):
    told, stored = race(step)
    assert told == {"done": 1, "state": PRESSERS - 1}
    assert stored == {"MonthlyRoster": 1, "RosterEntry": WOMEN, "Payment": payments, "paid": paid}


def test_of_two_chairs_in_one_cell_one_is_told_of_the_other(race):
    told, _stored = race("enter", 2, 1)
    assert told == {"done": 1, "overtaken": 1}
