from decimal import Decimal

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext

from councils import audit
from councils.models import Change
from members import payroll
from tests.factories import make_chair, make_member, make_month, make_scheme, make_staff, make_submitted, make_village

pytestmark = pytest.mark.django_db


@pytest.fixture
def entry():
    village = make_village()
    make_scheme(village.parent)
    make_member(village)
    return make_month(village.parent).entries.select_related("roster__township").get()


@pytest.fixture
def chair(entry):
    return make_chair(entry.roster.township)


def code_of(deed, *said):
    with pytest.raises(payroll.PayrollRefused) as refusal:
        deed(*said)
    return refusal.value.code


def test_a_cell_is_saved_and_told(entry, chair):
    with audit.acting(chair):
        done = payroll.enter(entry, "performance_amount", "80.5", 0, chair)
    entry.refresh_from_db()
    assert (entry.performance_amount, entry.version, entry.changed_by) == (Decimal("80.50"), 1, chair)
    assert done.version == 1
    assert done.total == Decimal("280.50")
    told = Change.objects.filter(record="members.rosterentry").first()
    assert told.fields == {"performance_amount": ["50", "80.50"]} or told.fields["performance_amount"][1] == "80.50"


def test_the_second_of_two_writers_is_told_of_the_first(entry, chair):
    other = make_chair(entry.roster.township)
    payroll.enter(entry, "performance_amount", "80", 0, other)
    with pytest.raises(payroll.Overtaken) as refusal:
        payroll.enter(entry, "performance_amount", "90", 0, chair)
    assert (refusal.value.value, refusal.value.entry.version) == (Decimal("80.00"), 1)
    assert other.full_name in refusal.value.who
    assert payroll.enter(entry, "performance_amount", "90", 1, chair).performance_amount == 90


def test_the_same_cell_sent_twice_is_saved_once(entry, chair):
    payroll.enter(entry, "note", "带队", 0, chair)
    assert payroll.enter(entry, "note", "带队", 0, chair).version == 1


@pytest.mark.parametrize(
    ("field", "value", "code"),
    [
        ("performance_amount", "-1", "negative"),
        ("performance_amount", "300.01", "above_cap"),
        ("performance_amount", "1.005", "no_amount"),
        ("performance_amount", "很多", "no_amount"),
        ("performance_amount", "NaN", "no_amount"),
        ("performance_amount", "1e999", "no_amount"),
        ("note", "字" * 201, "too_long"),
        ("county_amount", "900", "field"),
        ("member", "1", "field"),
    ],
)
def test_what_cannot_stand_in_a_cell_is_refused(entry, chair, field, value, code):
    assert code_of(payroll.enter, entry, field, value, 0, chair) == code
    entry.refresh_from_db()
    assert entry.version == 0


@pytest.mark.parametrize(("said", "amount"), [("", 0), ("1,00", 100), ("￥", None), (" 80 ", 80), (None, 0)])
def test_amounts_are_read_as_people_write_them(entry, chair, said, amount):
    if amount is None:
        assert code_of(payroll.enter, entry, "performance_amount", said, 0, chair) == "no_amount"
    else:
        assert payroll.enter(entry, "performance_amount", said, 0, chair).performance_amount == amount


def test_a_pasted_column_is_saved_row_by_row(chair, entry):
    village = entry.village
    for _member in range(2):
        make_member(village)
    roster = payroll.refresh(entry.roster, None)
    first, second, third = roster.entries.order_by("pk")
    done = payroll.enter_many(
        roster,
        [
            (first.pk, 0, {"performance_amount": "10", "note": "甲"}),
            (second.pk, 0, {"performance_amount": "x"}),
            (third.pk, 7, {"performance_amount": "20"}),
            (999_999, 0, {"note": "无"}),
        ],
        chair,
    )
    assert done[first.pk].performance_amount == 10
    assert [done[key].code for key in (second.pk, third.pk, 999_999)] == ["no_amount", "overtaken", "gone"]


def test_only_the_chair_of_the_township_enters(entry):
    assert code_of(payroll.enter, entry, "note", "x", 0, make_staff()) == "forbidden"
    assert code_of(payroll.enter, entry, "note", "x", 0, make_chair(make_village().parent)) == "out_of_scope"


def test_a_month_that_was_handed_in_is_locked():
    roster = make_submitted(members=1)
    entry = roster.entries.get()
    assert code_of(payroll.enter, entry, "note", "x", 0, make_chair(roster.township)) == "not_open"


@pytest.mark.parametrize("members", [1, 3])
def test_more_cells_cost_no_more_queries(members):
    roster = make_month(members=members)
    chair = make_chair(roster.township)
    rows = [(entry.pk, 0, {"performance_amount": "10"}) for entry in roster.entries.all()]
    with CaptureQueriesContext(connection) as asked:
        payroll.enter_many(roster, rows, chair)
    assert len(asked) == {"sqlite": 10, "postgresql": 10}[connection.vendor]
