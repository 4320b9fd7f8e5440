from datetime import date, timedelta

import pytest
from django.db import IntegrityError, transaction
from django.utils import timezone

from members.chapters import story
from members.joining import leave
from members.merging import merge, undo
from members.models import Advancement
from tests.factories import JOINED, make_account, make_member, make_township, make_village
from tests.members.ledgers import Case, LedgerPromises, form_of, number_of, village_of

pytestmark = pytest.mark.django_db
LAST = date(2022, 6, 30)


def make(member, n=0, **given):
    said = {"step": "applicant", "day": date(2022, 3, 1 + n), "document": f"文{n}"}
    record = Advancement(member=member, **said | given)
    record.full_clean()
    record.save()
    return record


def row(member, n=0, **given):
    said = {"name": member.name, "national_id": number_of(member), "step": "入党积极分子", "day": f"2022-03-0{1 + n}"}
    return said | given


class TestAdvancement(LedgerPromises):
    case = Case("advancements", make, row, ("document", "颍组〔2022〕3号"))


CASE = TestAdvancement.case
WORDS = {"applicant": "入党积极分子", "party": "党员", "peoples_delegate": "人大代表", "nonsense": "村长"}


@pytest.fixture
def member():
    return make_member(make_village(make_township()), name="王一")


@pytest.fixture
def chair(client, member):
    account = make_account(village_of(member).parent)
    client.force_login(account)
    return account


@pytest.mark.parametrize(
    ("step", "day", "field"),
    [
        ("peoples_delegate", JOINED - timedelta(days=1), "day"),  # she was no member yet
        ("party", timezone.localdate() + timedelta(days=1), "day"),
        ("applicant", date(2022, 5, 1), "step"),  # once in a life
        ("peoples_delegate", date(2022, 4, 1), "step"),  # entered already
        ("party", date(2022, 2, 28), "day"),  # before she was an applicant
        ("nonsense", date(2022, 4, 1), "step"),
        ("party", "", "day"),
    ],
)
def test_bad_input_is_refused_alike_in_form_and_list(client, member, chair, step, day, field):
    make(member)
    make(member, step="peoples_delegate", day=date(2022, 4, 1))
    if (step, day) != ("peoples_delegate", date(2022, 4, 1)):  # in a list that is the record itself
        assert [each[1] for each in CASE.refused([row(member, step=WORDS[step], day=str(day))], chair)] == [field]
    assert set(form_of(client, CASE.page("add"), {"member": member.pk, "step": step, "day": str(day)})) == {field}
    assert Advancement.objects.count() == 2


@pytest.mark.parametrize(("day", "taken"), [(JOINED, True), (LAST, True), (LAST + timedelta(days=1), False)])
def test_the_first_and_the_last_day_of_a_membership_count(member, chair, day, taken):
    village = village_of(member)
    leave(member, LAST, "resigned", chair)
    place = {"township": village.parent.name, "village": village.name}
    assert bool(CASE.refused([row(member, day=str(day)) | place])) != taken


@pytest.mark.parametrize("day", [JOINED - timedelta(days=1), LAST + timedelta(days=1)])
def test_the_database_holds_that_she_was_a_member(member, day):
    village = village_of(member)
    leave(member, LAST, "resigned", None)
    with pytest.raises(IntegrityError), transaction.atomic():
        Advancement.objects.create(member=member, village=village, step="party", day=day)
    kept = Advancement.objects.create(member=member, village=village, step="party", day=LAST)
    with pytest.raises(IntegrityError), transaction.atomic():
        Advancement.objects.filter(pk=kept.pk).update(day=day)


def test_persons_are_counted_once_in_a_stage():
    village = make_village(make_township())
    one, other = make_member(village), make_member(village)
    make(one, step="party_delegate")
    make(one, step="peoples_delegate")
    make(one, 1, step="peoples_delegate")  # elected again
    make(other, step="peoples_delegate")
    make(other)
    assert {stage: tuple(found) for stage, found in Advancement.objects.by_stage().items()} == {
        "applicant": (1, 1), "party": (0, 0), "delegate": (4, 2), "cadre": (0, 0), "": (5, 2),
    }  # fmt: skip


def test_it_goes_along_when_two_records_become_one_and_comes_back(member):
    gone = make_member(village_of(member))
    make(member)
    make(gone, 1)
    record = merge(member, gone, None)
    assert Advancement.objects.get().member == member  # what both had is had once
    back = undo(record, None)
    assert [each.member_id for each in Advancement.objects.order_by("pk")] == [member.pk, back.pk]


def test_her_story_tells_it(client, member, chair):
    make(member)
    (entry,) = [each for each in story(member, chair) if each.icon == "advancement"]
    assert entry.day == date(2022, 3, 1)
    assert client.get(CASE.page("changelist") + "?stage=applicant").context["cl"].result_count == 1
    assert client.get(CASE.page("changelist") + "?stage=cadre").context["cl"].result_count == 0
