from datetime import date, timedelta

import pytest
from django.core.exceptions import ValidationError
from django.db import IntegrityError, transaction
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _

from members.chapters import story
from members.gaps import gaps
from members.models import Equipment
from tests.factories import JOINED, make_account, make_member, make_township, make_village
from tests.members.ledgers import Case, LedgerPromises, form_of, number_of, village_of

pytestmark = pytest.mark.django_db
ADD = "admin:members_equipment_add"


def make(member, n=0, **given):
    said = {"kind": "smartphone", "serial": f"SN{n:04}", "issued": date(2022, 3, 1)}
    record = Equipment(member=member, **said | given)
    record.full_clean()
    record.save()
    return record


def row(member, n=0, **given):
    said = {"name": member.name, "national_id": number_of(member), "kind": "智能手机", "serial": f"SN{n:04}"}
    return said | {"issued": "2022-03-01"} | given


def posted(member, **given):
    said = {"member": member.pk, "kind": "smartphone", "serial": "SN0000", "issued": "2022-03-01", "condition": "new"}
    return said | given


CASE = Case("equipment", make, row, ("remark", "屏幕有划痕"))


class TestEquipment(LedgerPromises):
    case = CASE


@pytest.fixture
def members():
    village = make_village(make_township())
    return [make_member(village, name=name) for name in ("王一", "王二", "王三")]


@pytest.fixture
def chair(client, members):
    account = make_account(village_of(members[0]).parent)
    client.force_login(account)
    return account


def refused(rows):
    return [(at, field) for at, field, told_so in CASE.refused(rows)]


@pytest.mark.parametrize(
    ("given", "field"),
    [
        ({"serial": "sn 0000"}, "serial"),  # out with another, however it is typed
        ({"issued": "2021-12-31"}, "issued"),  # before she joined
        ({"issued": f"{timezone.localdate() + timedelta(days=1)}"}, "issued"),
        ({"serial": "B", "ended": "2022-02-01", "ending": "归还"}, "ended"),
        ({"serial": "B", "ended": "2022-04-01"}, "ending"),
        ({"serial": "B", "ending": "遗失"}, "ended"),
        ({"kind": "飞机"}, "kind"),
        ({"serial": ""}, "serial"),
    ],
)
def test_bad_input_is_refused_alike_in_form_and_list(client, members, chair, given, field):
    make(members[0])
    assert refused([row(members[1], **{"serial": "A"} | given)]) == [(0, field)]
    said = {"归还": "returned", "遗失": "lost"}
    typed = posted(members[1], **{"serial": "A"} | given)
    typed["ending"] = said.get(typed.get("ending", ""), "")
    assert set(form_of(client, reverse(ADD), typed)) == {field}
    assert Equipment.objects.count() == 1


def test_a_serial_number_issued_twice_in_one_list_is_refused_the_second_time(members):
    assert refused([row(members[0]), row(members[1])]) == [(1, "serial")]


def test_a_list_may_enter_a_return_and_the_next_issue_together(members):
    CASE.imported([row(members[0])])
    rows = [row(members[0], ended="2022-06-01", ending="归还"), row(members[1], issued="2022-06-01")]
    batch = CASE.imported(rows)
    assert (batch.created, batch.updated) == (1, 1)


def test_the_database_holds_it_too(members):
    make(members[0])
    with pytest.raises(IntegrityError), transaction.atomic():
        Equipment.objects.create(
            member=members[1], village=village_of(members[1]), kind="smartphone", serial="SN0000", issued=JOINED
        )
    with pytest.raises(ValidationError):
        make(members[0], 7)  # a second telephone


def test_a_chair_issues_and_enters_the_return(client, members, chair):
    assert form_of(client, reverse(ADD), posted(members[0])) == {}
    thing = Equipment.objects.get()
    assert thing.village == village_of(members[0])
    page = reverse("admin:members_equipment_change", args=[thing.pk])
    said = posted(members[1], ended="2022-05-01", ending="returned", condition_after="good")
    assert form_of(client, page, said) == {}
    thing.refresh_from_db()
    assert (thing.member, thing.ending, str(thing.ended)) == (members[0], "returned", "2022-05-01")


def test_nothing_is_issued_to_a_neighbours_member(client, members, chair):
    stranger = make_member(make_village(make_township()))
    assert set(form_of(client, reverse(ADD), posted(stranger))) == {"member"}


def test_by_name_alone_within_the_village(members, chair):
    village = village_of(members[0])
    make_member(make_village(village.parent), name="王一")
    named = {"name": "王一", "kind": "电动车", "serial": "D1", "issued": "2022-03-01"}
    place = {"township": village.parent.name, "village": village.name}
    assert CASE.refused([named], chair)[0][1] == "name"  # two are called so
    assert CASE.refused([named | {"township": village.parent.name}], chair)[0][1] == "name"
    assert CASE.refused([named | place | {"name": "无人"}], chair)[0][1] == "name"
    CASE.imported([named | place], chair)
    assert Equipment.objects.get().member == members[0]


def test_a_masked_number_names_nobody_without_the_record_number(members, chair):
    masked = row(members[0]) | {"national_id": str(members[0].national_id)}
    assert [(field, at) for at, field, told_so in CASE.refused([masked], chair)] == [("national_id", 0)]


def test_who_has_none_is_a_gap_with_the_form_that_mends_it(client, members, chair):
    make(members[0])
    (found,) = [each for each in gaps(chair) if each.title == _("Members without a smartphone")]
    assert found.number == 2
    page = client.get(reverse("gaps")).content.decode()
    assert f"{reverse(ADD)}?member={members[1].pk}&amp;kind=smartphone" in page


def test_her_story_tells_issue_and_loss_to_who_may_see(members, chair):
    make(members[0], ended=date(2022, 5, 1), ending="lost")
    (entry,) = [each for each in story(members[0], chair) if each.icon == "equipment"]
    assert (entry.day, entry.until, entry.runs) == (date(2022, 3, 1), date(2022, 5, 1), False)
    assert story(members[0], make_account(make_township())) == []
