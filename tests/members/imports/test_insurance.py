from datetime import date, timedelta
from decimal import Decimal

import pytest
from django.core.exceptions import ValidationError
from django.db import IntegrityError, transaction
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _

from members.chapters import story
from members.gaps import gaps
from members.models import Claim, InsurancePolicy, InsuredMember
from tests.factories import make_account, make_member, make_staff, make_township, make_village, the_county
from tests.members.ledgers import Case, LedgerPromises, form_of, number_of, village_of

pytestmark = pytest.mark.django_db
FIRST, LAST = date(2022, 1, 1), date(2022, 12, 31)
POLICY = "PICC2022"


def make_policy(number=POLICY, **given):
    said = {
        "insurer": "人保财险", "number": number, "start": FIRST, "end": LAST, "sum_insured": Decimal(100000),
        "premium": Decimal(50), "payer": "县财政", "council": the_county(),
    }  # fmt: skip
    record = InsurancePolicy(**said | given)
    record.full_clean()
    record.save()
    return record


def the_policy():
    return InsurancePolicy.objects.filter(number=POLICY).first() or make_policy()


def make(member, n=0, **given):
    policy = given.get("policy") or the_policy()
    record = InsuredMember(member=member, **{"policy": policy, "certificate": f"PZ{n:04}"} | given)
    record.full_clean()
    record.save()
    return record


def row(member, n=0, **given):
    the_policy()
    said = {"name": member.name, "national_id": number_of(member), "policy": POLICY, "certificate": f"PZ{n:04}"}
    return said | {"start": "2022-01-01", "end": "2022-12-31"} | given


def make_claim(member, n=0, **given):
    if not member.insured.exists():
        make(member, n)
    said = {"policy": the_policy(), "day": date(2022, 3, 1), "reported": date(2022, 3, 2), "what": f"摔伤{n}"}
    record = Claim(member=member, **said | given)
    record.full_clean()
    record.save()
    return record


def claim_row(member, n=0, **given):
    if not member.insured.exists():
        make(member, n)
    said = {"name": member.name, "national_id": number_of(member), "policy": POLICY, "day": "2022-03-01"}
    return said | {"reported": "2022-03-02", "what": f"摔伤{n}"} | given


class TestInsured(LedgerPromises):
    case = Case("insured", make, row, ("remark", "补录"))


class TestClaims(LedgerPromises):
    case = Case("claims", make_claim, claim_row, ("remark", "补录"))


INSURED, CLAIMS = TestInsured.case, TestClaims.case


@pytest.fixture
def members():
    village = make_village(make_township())
    return [make_member(village, name=name) for name in ("王一", "王二", "王三")]


@pytest.fixture
def chair(client, members):
    account = make_account(village_of(members[0]).parent)
    client.force_login(account)
    return account


@pytest.mark.parametrize(
    ("given", "field"),
    [
        ({"start": "2021-12-31"}, "start"),  # before the policy
        ({"end": "2023-01-01"}, "end"),  # after it
        ({"start": "2022-06-02", "end": "2022-06-01"}, "end"),
        ({"certificate": "pz 0000"}, "certificate"),  # another's, however it is typed
        ({"policy": "无此单"}, "policy"),
        ({"policy": ""}, "policy"),
    ],
)
def test_bad_input_is_refused_alike_in_form_and_list(client, members, chair, given, field):
    make(members[0])
    assert [each[1] for each in INSURED.refused([row(members[1], 1, **given)], chair)] == [field]
    said = {"member": members[1].pk, "certificate": "PZ0001", "start": "", "end": ""} | given
    said["policy"] = "" if "policy" in given else the_policy().pk
    assert set(form_of(client, INSURED.page("add"), said)) == {field}
    assert InsuredMember.objects.count() == 1


@pytest.mark.parametrize(
    ("start", "end", "stands"),
    [
        (date(2022, 1, 1), date(2022, 4, 30), True),  # up to the day before
        (date(2022, 1, 1), date(2022, 5, 1), False),  # the first day is insured already
        (date(2022, 7, 31), date(2022, 12, 31), False),  # and so is the last
        (date(2022, 8, 1), date(2022, 12, 31), True),
    ],
)
def test_days_of_one_insurer_and_kind_never_overlap(client, members, chair, start, end, stands):
    make(members[0], start=date(2022, 5, 1), end=date(2022, 7, 31))
    other = make_policy("PICC-B")
    said = {"member": members[0].pk, "policy": other.pk, "start": start, "end": end}
    given = {"policy": "PICC-B", "start": str(start), "end": str(end)}
    told = INSURED.refused([row(members[0], 5, **given)], chair)
    assert [each[1] for each in told] == ([] if stands else ["start"])
    assert set(form_of(client, INSURED.page("add"), said)) == (set() if stands else {"start"})


def test_two_overlapping_rows_of_one_list_are_refused_the_second_time(members, chair):
    make_policy("PICC-B")
    rows = [row(members[0]), row(members[0], 1, policy="PICC-B", start="2022-12-31")]
    assert [(at, field) for at, field, _said in INSURED.refused(rows, chair)] == [(1, "start")]


def test_another_insurer_or_kind_may_insure_her_too(members):
    make(members[0])
    make(members[0], 1, policy=make_policy("TP1", insurer="太平洋保险"))
    make(members[0], 2, policy=make_policy("PICC-H", kind="health"))
    assert InsuredMember.objects.count() == 3


def test_nobody_is_insured_before_she_joined(members, chair):
    late = make_member(village_of(members[0]), name="李晚", joined_on=date(2022, 5, 1))
    told = INSURED.refused([row(late)], chair)
    assert [each[1] for each in told] == ["start"]
    with pytest.raises(ValidationError, match="2022-05-01"):
        make(late)
    make(late, start=date(2022, 5, 1))


def test_empty_days_are_those_of_the_policy(members, chair):
    INSURED.imported([row(members[0], start="", end="")], chair)
    insured = InsuredMember.objects.get()
    assert (insured.start, insured.end, insured.village) == (FIRST, LAST, village_of(members[0]))


def test_a_policy_is_not_shortened_under_who_is_insured(client, members):
    make(members[0])
    client.force_login(make_staff())
    policy = the_policy()
    said = {
        "insurer": policy.insurer, "number": "picc 2022", "kind": "accident", "start": "2022-01-01",
        "end": "2022-11-30", "sum_insured": "1", "premium": "1", "payer": "县", "council": policy.council_id,
    }  # fmt: skip
    page = reverse("admin:members_insurancepolicy_change", args=[policy.pk])
    assert set(form_of(client, page, said)) == {"end"}
    assert form_of(client, page, said | {"end": "2023-01-31"}) == {}
    policy.refresh_from_db()
    assert (policy.number, str(policy.end)) == (POLICY, "2023-01-31")
    add = reverse("admin:members_insurancepolicy_add")
    assert set(form_of(client, add, said)) == {"number"}
    assert set(form_of(client, add, said | {"number": "X", "end": "2021-01-01"})) == {"end"}
    client.force_login(make_account(village_of(members[0]).parent))
    assert client.get(page).status_code == 200
    assert client.get(add).status_code == 403


def test_the_database_holds_it_too(members):
    policy = make(members[0]).policy
    village = village_of(members[0])
    wrong = [
        InsuredMember(member=members[1], village=village, policy=policy, start=LAST, end=FIRST),
        InsuredMember(member=members[0], village=village, policy=policy, start=FIRST, end=LAST),
        InsuredMember(
            member=members[1], village=village, policy=policy, start=FIRST, end=LAST, certificate="PZ0000"
        ),
        Claim(member=members[0], village=village, policy=policy, day=LAST, reported=FIRST, what="摔"),
        Claim(member=members[0], village=village, policy=policy, day=FIRST, reported=LAST, what="摔", step="paid"),
    ]  # fmt: skip
    for each in wrong:
        with pytest.raises(IntegrityError), transaction.atomic():
            each.save()


@pytest.mark.parametrize(
    ("given", "field"),
    [
        ({"day": "2022-01-31"}, "day"),  # the day before her first
        ({"day": "2022-12-01", "reported": "2022-12-02"}, "day"),  # the day after her last
        ({"reported": "2022-02-28"}, "reported"),  # before the accident
        ({"day": f"{timezone.localdate() + timedelta(days=1)}"}, "day"),
        ({"filed": "2022-03-05"}, "filed"),  # of a later step
        ({"paid": "100"}, "paid"),
        ({"step": "已赔付", "filed": "2022-03-05", "paid": "100"}, "decided"),
        ({"step": "已赔付", "filed": "2022-03-05", "decided": "2022-04-01"}, "paid"),
        ({"step": "已赔付", "filed": "2022-03-05", "decided": "2022-03-04", "paid": "1"}, "decided"),
        ({"step": "拒赔", "filed": "2022-03-05", "decided": "2022-04-01", "paid": "1"}, "paid"),
        ({"what": ""}, "what"),
        ({"asked": "-5"}, "asked"),
    ],
)
def test_a_wrong_claim_is_refused_alike_in_form_and_list(client, members, chair, given, field):
    make(members[0], start=date(2022, 2, 1), end=date(2022, 11, 30))
    assert [each[1] for each in CLAIMS.refused([claim_row(members[0], **given)], chair)] == [field]
    said = {"member": members[0].pk, "policy": the_policy().pk, "day": "2022-03-01", "reported": "2022-03-02"}
    steps = {"已赔付": "paid", "拒赔": "refused"}
    said |= {"what": "摔伤"} | given | {"step": steps.get(given.get("step", ""), "reported")}
    assert set(form_of(client, CLAIMS.page("add"), said)) == {field}
    assert not Claim.objects.exists()


@pytest.mark.parametrize("day", ["2022-02-01", "2022-11-30"])
def test_the_first_and_the_last_day_are_insured(members, chair, day):
    make(members[0], start=date(2022, 2, 1), end=date(2022, 11, 30))
    CLAIMS.imported([claim_row(members[0], day=day, reported="2022-12-01")], chair)
    assert str(Claim.objects.get().day) == day


def test_a_claim_goes_its_steps(client, members, chair):
    claim = make_claim(members[0])
    page = CLAIMS.page("change", claim.pk)
    said = {"day": "2022-03-01", "reported": "2022-03-02", "what": "摔伤", "asked": "500"}
    assert form_of(client, page, said | {"step": "filed", "filed": "2022-03-05"}) == {}
    done = {"step": "paid", "filed": "2022-03-05", "decided": "2022-04-01", "paid": "450.50"}
    assert form_of(client, page, said | done) == {}
    claim.refresh_from_db()
    assert (claim.step, claim.paid) == ("paid", Decimal("450.50"))


def test_one_accident_is_claimed_once(client, members, chair):
    claim = make_claim(members[0])
    said = {"member": members[0].pk, "policy": claim.policy_id, "day": "2022-03-01", "reported": "2022-03-02"}
    assert set(form_of(client, CLAIMS.page("add"), said | {"what": "摔伤", "step": "reported"})) == {"day"}


def test_days_are_not_moved_away_from_under_a_claim(client, members, chair):
    claim = make_claim(members[0])
    insured = InsuredMember.objects.get()
    said = {"certificate": insured.certificate, "start": "2022-01-01"}
    page = INSURED.page("change", insured.pk)
    assert set(form_of(client, page, said | {"end": "2022-02-28"})) == {"end"}
    assert form_of(client, page, said | {"end": str(claim.day)}) == {}


def test_who_is_uncovered_is_a_gap_with_the_form_that_mends_it(client, members, chair):
    today = timezone.localdate()
    policy = make_policy("NOW", start=today - timedelta(days=30), end=today + timedelta(days=300))
    make(members[0], policy=policy)
    make(members[1], 1, policy=policy, end=today + timedelta(days=7))
    told = {str(each.title): each.number for each in gaps(chair)}
    assert told[_("Members without accident insurance")] == 1
    assert told[_("Insurance ends within 7 days")] == 1
    assert told[_("Insurance ends in 8 to 30 days")] == 0
    page = client.get(reverse("gaps")).content.decode()
    assert f"{INSURED.page('add')}?member={members[2].pk}" in page
    follow = f"{INSURED.page('add')}?member={members[1].pk}&start={today + timedelta(days=8)}"
    assert follow.replace("&", "&amp;") in page
    form = client.get(follow).context["adminform"].form
    assert (form["policy"].value(), form["start"].value()) == (policy.pk, f"{today + timedelta(days=8)}")


def test_her_story_tells_of_it_to_who_may_see(members, chair):
    make_claim(members[0])
    told = [(entry.icon, entry.day) for entry in story(members[0], chair) if entry.icon in ("insurance", "claim")]
    assert told == [("claim", date(2022, 3, 1)), ("insurance", FIRST)]
    assert story(members[0], make_account(make_township())) == []
