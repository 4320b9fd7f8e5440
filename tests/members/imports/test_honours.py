from datetime import date

import pytest
from django.db import IntegrityError, transaction
from django.utils import timezone

from councils.tree import Merge, carry_out
from members.chapters import story
from members.models import Honour, HonourKind
from members.models.honour import Counted
from tests.factories import make_account, make_county, make_member, make_township, make_village
from tests.members.ledgers import Case, LedgerPromises, form_of, number_of, verdicts, village_of

pytestmark = pytest.mark.django_db
NEXT_YEAR = timezone.localdate().year + 1


def kind(name="三八红旗手"):
    return HonourKind.objects.get(name=name)


def make(member, n=0, **given):
    said = {"kind": kind(), "level": "county", "year": 2020 + n, "document": f"文{n}"}
    record = Honour(member=member, **said | given)
    record.full_clean()
    record.save()
    return record


def give(village, award="美丽庭院", level="village", **receiver):
    record = Honour(village=village, kind=kind(award), level=level, year=2022, **receiver)
    record.full_clean()
    record.save()
    return record


def row(member, n=0, **given):
    said = {"name": member.name, "national_id": number_of(member), "kind": "三八红旗手", "level": "县级"}
    return said | {"year": f"{2020 + n}"} | given


CASE = Case("honours", make, row, ("document", "颍妇〔2022〕3号"))


class TestHonours(LedgerPromises):
    case = CASE


@pytest.fixture
def member():
    return make_member(make_village(make_township()), name="王一")


@pytest.fixture
def chair(client, member):
    account = make_account(village_of(member).parent)
    client.force_login(account)
    return account


def placed(member, name, **given):
    village = village_of(member)
    said = {"township": village.parent.name, "village": village.name, "name": name, "level": "村级", "year": "2022"}
    return said | given


@pytest.mark.parametrize(
    ("given", "field"),
    [
        ({}, "member"),  # nobody was honoured
        ({"person": "李四", "household": "张三"}, "household"),
        ({"household": "张三"}, "household"),  # an honour of persons
        ({"person": "李四", "year": NEXT_YEAR}, "year"),
        ({"person": "李四", "year": 1900}, "year"),
        ({"person": "李四", "day": "2021-03-08"}, "day"),  # of another year
        ({"person": "李四", "house_number": "7"}, "house_number"),
        ({"person": "李四", "village": ""}, "village"),
        ({"person": "李四", "kind": ""}, "kind"),
    ],
)
def test_bad_input_is_refused_in_the_form(client, member, chair, given, field):
    said = {"kind": kind().pk, "level": "county", "year": 2022, "village": village_of(member).pk} | given
    assert set(form_of(client, CASE.page("add"), said)) == {field}
    assert not Honour.objects.exists()


@pytest.mark.parametrize(
    ("given", "field"),
    [
        ({"kind": "飞行奖"}, "kind"),
        ({"year": f"{NEXT_YEAR}年"}, "year"),
        ({"day": "2021-03-08"}, "day"),
        ({"level": "宇宙级"}, "level"),
        ({"receiver": "家庭"}, "kind"),  # of persons
        ({"name": ""}, "name"),
    ],
)
def test_bad_input_is_refused_in_the_list(member, chair, given, field):
    said = {"kind": "三八红旗手"} | placed(member, "王一") | given
    assert [each[1] for each in CASE.refused([said], chair)] == [field]


def test_an_honour_given_before_is_not_given_again(client, member, chair):
    make(member, 2)
    said = {"kind": kind().pk, "level": "county", "year": 2022, "member": member.pk}
    assert set(form_of(client, CASE.page("add"), said)) == {"kind"}
    with pytest.raises(IntegrityError), transaction.atomic():
        Honour.objects.create(member=member, village=village_of(member), kind=kind(), level="county", year=2022)


def test_the_database_wants_one_receiver(member):
    with pytest.raises(IntegrityError), transaction.atomic():
        Honour.objects.create(village=village_of(member), kind=kind(), level="county", year=2022)
    with pytest.raises(IntegrityError), transaction.atomic():
        Honour.objects.create(
            village=village_of(member), member=member, household="张三", kind=kind(), level="county", year=2022
        )


def test_a_list_tells_members_villagers_and_households_apart(member, chair):
    rows = [
        placed(member, "王一", kind="好媳妇"),  # a member is called so
        placed(member, "李四", kind="好婆婆"),  # nobody is: a villager, with a word of doubt
        placed(member, "王一", kind="好婆婆", receiver="村民"),
        placed(member, "张三", kind="美丽庭院"),
        placed(member, "张三", kind="美丽庭院", house_number="12"),
    ]
    seen = CASE.reviewed(rows, chair)
    assert [(each.row - 2, each.code) for each in seen.warnings] == [(1, "taken_as_villager")]
    CASE.imported(rows, chair)
    given = Honour.objects.order_by("pk").values_list("member", "person", "household", "house_number")
    assert list(given) == [
        (member.pk, "", "", ""), (None, "李四", "", ""), (None, "王一", "", ""), (None, "", "张三", ""),
        (None, "", "张三", "12"),
    ]  # fmt: skip
    assert set(verdicts(CASE.reviewed(rows, chair))) == {"same"}


def test_the_receiver_of_a_record_can_be_put_right_by_its_number(member, chair):
    honour = give(village_of(member), "好媳妇", person="王乙")
    number = {"number": f"RY{honour.pk:06}"}
    batch = CASE.imported([placed(member, "王一", kind="好媳妇", receiver="村嫂") | number], chair)
    honour.refresh_from_db()
    assert (batch.updated, honour.member, honour.person) == (1, member, "")


def test_households_and_awards_are_counted_apart_on_all_levels():
    one, two = make_village(make_township()), make_village(make_township())
    for level, award in (("village", "美丽庭院"), ("township", "美丽庭院"), ("village", "清洁文明户")):
        give(one, award, level, household="张三")
    give(one, household="张三", house_number="7")
    give(two, household="张三")
    give(two, level="county", household="李四")
    give(one, "好媳妇", person="张三")
    assert Honour.objects.households() == {
        "village": Counted(4, 3), "township": Counted(1, 1), "county": Counted(1, 1), "": Counted(6, 4),
    }  # fmt: skip
    assert Honour.objects.under(two).households()[""] == Counted(2, 2)
    assert Honour.objects.none().households() == {"": Counted(0, 0)}


def test_role_models_are_persons_members_or_villagers(member):
    village = village_of(member)
    make(member, kind=kind("好媳妇")), make(member, kind=kind("好婆婆"))
    give(village, "好媳妇", person="王一"), give(village, "好媳妇", level="county", person="王一")
    make(member)  # an honour of another group
    assert Honour.objects.role_models()[""] == Counted(4, 2)


def test_the_county_adds_to_the_honours_and_nobody_else_does(client):
    county = make_county()
    client.force_login(make_account(county, "county_staff"))
    page = "/members/honourkind/add/"
    assert form_of(client, page, {"name": "好嫂子", "group": "role_model", "in_use": "on"}) == {}
    assert set(form_of(client, page, {"name": "好嫂子", "group": "role_model"})) == {"name"}
    client.force_login(make_account(make_township(county)))
    assert client.get("/members/honourkind/").status_code == 200
    assert client.get(page).status_code == 403


def test_what_is_given_no_more_is_not_offered(client, member, chair):
    old = kind("五好家庭")
    old.in_use = False
    old.save()
    assert f'<option value="{old.pk}"' not in client.get(CASE.page("add")).content.decode()
    kept = Honour.objects.create(village=village_of(member), household="张三", kind=old, level="county", year=2010)
    assert f'<option value="{old.pk}" selected' in client.get(CASE.page("change", kept.pk)).content.decode()


def test_her_story_tells_of_it(member, chair):
    make(member, 1, day=date(2021, 3, 8)), make(member, 2)
    assert [entry.day for entry in story(member, chair) if entry.icon == "honour"] == [
        date(2022, 1, 1),
        date(2021, 3, 8),
    ]
    assert story(member, make_account(make_township())) == []


def test_households_of_one_name_stay_two_when_their_villages_merge(member):
    gone = village_of(member)
    kept = make_village(gone.parent)
    give(gone, household="张三"), give(kept, household="张三")
    carry_out(Merge(gone.code, kept.code, date(2023, 1, 1)))
    assert Honour.objects.filter(village=kept).households()[""] == Counted(2, 2)
