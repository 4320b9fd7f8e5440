from datetime import date

import pytest
from django.urls import reverse

from councils import intake
from councils.intake import Verdict
from cunsao import workbook
from members.models import InsurancePolicy, InsuredMember
from tests.factories import make_chair, make_member, make_staff, make_township, make_village
from tests.members.ledgers import Case, asked, verdicts

pytestmark = pytest.mark.django_db


def row(n=0, **given):
    said = {
        "policy": f"PICC{n:04}", "insurer": "人保财险", "kind": "意外险", "start": "2022-01-01", "end": "2022-12-31",
        "sum_insured": "100000", "premium": "60", "payer": "县财政",
    }  # fmt: skip
    return said | given


CASE = Case("policies", None, row, ("payer", "县妇联"))


@pytest.fixture
def village():
    return make_village(make_township())


@pytest.fixture
def staff(village):
    return make_staff(village.parent.parent)


def test_policies_come_in_leave_and_come_in_again_with_no_change(village, staff):
    batch = CASE.imported([row(0), row(1, kind="健康险")], staff)
    assert batch.created == 2
    assert {each.council for each in InsurancePolicy.objects.all()} == {village.parent.parent}
    seen = intake.review("policies", workbook.open(CASE.exported(staff), "list.xlsx"), staff)
    assert verdicts(seen) == [Verdict.SAME] * 2
    assert not seen.errors + seen.warnings
    changed = CASE.imported([row(0, payer="县妇联"), row(1)], staff)
    assert (changed.updated, changed.unchanged) == (2, 0)  # the second says accident insurance again
    assert intake.undo(changed, staff) == []
    assert set(InsurancePolicy.objects.values_list("payer", "kind")) == {("县财政", "accident"), ("县财政", "health")}


@pytest.mark.parametrize(
    ("given", "field"),
    [({"end": "2021-12-31"}, "end"), ({"sum_insured": "0"}, "sum_insured"), ({"premium": "-1"}, "premium"),
     ({"insurer": ""}, "insurer"), ({"kind": "车险"}, "kind"), ({"start": "2022-13-01"}, "start")],
)  # fmt: skip
def test_bad_input_is_refused_at_its_column(staff, given, field):
    assert field in [each[1] for each in CASE.refused([row(0, **given)], staff)]


def test_nobody_falls_out_of_a_policys_days(village, staff):
    CASE.imported([row()], staff)
    policy = InsurancePolicy.objects.get()
    member = make_member(village)
    InsuredMember.objects.create(
        member=member, village=village, policy=policy, start=date(2022, 1, 1), end=date(2022, 12, 31)
    )
    ((_at, field, said),) = CASE.refused([row(end="2022-06-30")], staff)
    assert (field, "1" in said) == ("end", True)


def test_a_list_of_three_asks_no_more_than_a_list_of_one(staff):
    rows = [row(n) for n in range(3)]
    CASE.reviewed(rows, staff)
    new = [len(asked(CASE.reviewed, some, staff)) for some in (rows[:1], rows)]
    CASE.imported(rows, staff)
    changed = [each | {"payer": "县妇联"} for each in rows]
    kept = [len(asked(CASE.reviewed, some, staff)) for some in (changed[:1], changed)]
    assert (new[0], kept[0]) == (new[1], kept[1])


def test_only_the_county_enters_policies_and_a_list_names_no_village(client, village, staff):
    assert "village" not in CASE.resource.headings
    client.force_login(make_chair(village.parent))
    assert client.get(reverse("upload", args=["policies"])).status_code in (403, 404)
    client.force_login(staff)
    assert client.get(reverse("upload", args=["policies"])).status_code == 200
