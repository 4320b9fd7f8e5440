from datetime import date

import pytest
from django.urls import reverse
from django.utils.translation import gettext as _

from councils import intake
from councils.models import Governance, Leader
from cunsao import workbook
from members.gaps import gaps
from tests.factories import make_account, make_township
from tests.members.ledgers import Case, asked, verdicts

pytestmark = pytest.mark.django_db


def make(council, n=0, **given):
    said = {"registration": "filed", "number": f"备{n:04}", "registered_on": date(2021, 5, 1), "federation": "妇联"}
    record = Governance(council=council, **said | given)
    record.full_clean()
    record.save()
    return record


def row(council, n=0, **given):
    place = {"township": council.name}
    if council.is_village:
        place = {"township": council.parent.name, "village": council.name}
    elif council.level == "county":
        place = {}
    said = {"registration": "备案", "registration_number": f"备{n:04}", "registered_on": "2021-05-01"}
    return place | said | given


CASE = Case("governance", make, row, ("federation", "村妇联"))


@pytest.fixture
def councils():
    """A village, its township and the county."""
    township = make_township(villages=1)
    return [township.children.first(), township, township.parent]


@pytest.fixture
def staff(councils):
    return make_account(councils[2])


def test_a_list_is_entered_leaves_and_comes_in_again_with_no_change(councils, staff):
    batch = CASE.imported([row(each, n) for n, each in enumerate(councils)], staff)
    assert (batch.created, {each.council for each in Governance.objects.all()}) == (3, set(councils))
    for content in (CASE.exported(staff), CASE.list_of([row(each, n) for n, each in enumerate(councils)])):
        seen = intake.review("governance", workbook.open(content, "list.xlsx"), staff)
        assert [str(each) for each in verdicts(seen)] == ["same"] * 3
    again = CASE.imported(
        [row(councils[0], federation="村妇联"), *(row(c, n) for n, c in enumerate(councils) if n)], staff
    )
    assert (again.created, again.updated, again.unchanged) == (0, 1, 2)
    assert intake.undo(again, staff) == []
    assert not Governance.objects.filter(federation="村妇联").exists()


@pytest.mark.parametrize(
    ("given", "field"),
    [({"registered_on": ""}, "registered_on"), ({"registered_until": "2020-01-01"}, "registered_until"),
     ({"registration": "口头"}, "registration"), ({"registered_on": "2099-01-01"}, "registered_on")],
)  # fmt: skip
def test_bad_input_is_refused_in_the_list(councils, staff, given, field):
    assert [each[1] for each in CASE.refused([row(councils[0], **given)], staff)] == [field]


def test_a_registration_number_is_one_councils_alone(councils, staff):
    make(councils[0])
    assert [each[1] for each in CASE.refused([row(councils[1])], staff)] == ["registration_number"]
    assert [each[0] for each in CASE.refused([row(councils[1], 7), row(councils[2], 7)], staff)] == [1]


def test_a_neighbours_council_is_neither_written_nor_told(councils):
    stranger = make_account(make_township())
    kept = make(councils[0])
    for said in (row(councils[0]), row(councils[1]), row(councils[0], number=f"LD{kept.pk:06}")):
        assert CASE.refused([said], stranger)


def test_a_list_of_three_asks_as_much_as_one_of_one(councils, staff):
    rows = [row(each, n) for n, each in enumerate(councils)]
    CASE.reviewed(rows, staff)
    assert len(asked(CASE.reviewed, rows[:1], staff)) == len(asked(CASE.reviewed, rows, staff))
    CASE.imported(rows, staff)
    assert len(asked(CASE.reviewed, rows[:1], staff)) == len(asked(CASE.reviewed, rows, staff))


def test_a_list_page_asks_as_much_for_three_as_for_one(client, councils, staff):
    client.force_login(staff)
    page = reverse("admin:councils_governance_changelist")
    client.get(page)
    counts = []
    for n, council in enumerate(councils):
        make(council, n)
        counts.append(len(asked(client.get, page)))
    assert len(set(counts)) == 1, counts


def gap(reader, title):
    (found,) = [each for each in gaps(reader) if each.title == _(title)]
    return found


def test_who_is_not_registered_is_a_gap_with_the_form_that_mends_it(client, councils, staff):
    client.force_login(staff)
    make(councils[0])
    bare = Governance.objects.create(council=councils[1], federation="镇妇联")
    make(councils[2], 1, registered_until=date(2022, 1, 1))
    assert gap(staff, "Councils without registration").number == 1
    assert gap(staff, "Registrations that have expired").number == 1
    assert gap(staff, "Councils without a charter").number == 3
    page = client.get(reverse("gaps")).content.decode()
    assert reverse("admin:councils_governance_change", args=[bare.pk]) in page
    assert reverse("add_statute", args=[councils[0].code]) in page
    finance = make_account(councils[2], "county_finance")
    assert gap(finance, "Councils without a charter").number == 0


LEADER = {"name": "刘建国", "role": "县委书记", "duty": "县委书记", "start": "2021-03-01"}
DEPUTY = {"name": "张红", "role": "副组长", "duty": "县妇联主席", "start": "2021-03-01"}
LEADERS = Case("leaders", None, None, ("duty", "县委常委"))


def test_the_leading_group_comes_in_leaves_and_comes_in_again_with_no_change(councils, staff):
    batch = LEADERS.imported([LEADER, DEPUTY], staff)
    assert (batch.created, {each.council for each in Leader.objects.all()}) == (2, {councils[2]})
    seen = intake.review("leaders", workbook.open(LEADERS.exported(staff), "list.xlsx"), staff)
    assert [str(each) for each in verdicts(seen)] == ["same"] * 2
    assert not seen.errors + seen.warnings
    changed = LEADERS.imported([LEADER, DEPUTY | {"end": "2022-01-01"}], staff)
    assert (changed.updated, changed.unchanged) == (1, 1)
    assert intake.undo(changed, staff) == []
    assert not Leader.objects.exclude(end=None).exists()


def test_the_group_has_one_head_of_a_kind_and_terms_end_after_they_began(councils, staff):
    LEADERS.imported([LEADER], staff)
    assert [each[1] for each in LEADERS.refused([LEADER | {"name": "李明", "start": "2022-01-01"}], staff)] == ["role"]
    assert [each[1] for each in LEADERS.refused([DEPUTY | {"end": "2020-01-01"}], staff)] == ["end"]
    after = LEADERS.reviewed([LEADER | {"end": "2021-12-31"}, LEADER | {"name": "李明", "start": "2022-01-01"}], staff)
    assert not after.errors


def test_only_the_county_keeps_its_leading_group(client, councils):
    client.force_login(make_account(councils[1]))
    assert client.get(reverse("upload", args=["leaders"])).status_code in (403, 404)
