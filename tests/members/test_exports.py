import pytest
from django.urls import reverse

from councils.models import Change
from members.imports.words import HEADINGS
from members.joining import leave
from members.models import Member
from tests.councils.test_exports import address, exported, rows
from tests.factories import JOINED, make_account, make_member, make_township, make_zone, the_county, villages_of
from tests.members.lists import codes, reviewed

pytestmark = pytest.mark.django_db
WHOLE = {"unmasked": "on", "reason": "年度核对"}


@pytest.fixture
def township():
    return make_township(villages=2)


@pytest.fixture
def member(township):
    village = villages_of(township)[0]
    return make_member(village, name="李桂兰", zone_id=make_zone(village).pk, position="president", remark="备注")


def test_numbers_are_masked_by_default(client, township, member):
    client.force_login(make_account(township))
    heading, row = rows(exported(client, Member))
    said = dict(zip(heading, row, strict=True))
    assert said["姓名"] == "李桂兰"
    for name in ("national_id", "phone", "bank_account"):
        assert said[HEADINGS[name][0]] == str(getattr(member, name))


@pytest.mark.parametrize("role", ["county_staff", "county_finance", "township_chair"])
def test_whole_numbers_need_a_reason_which_is_kept(client, township, member, role):
    account = make_account(township if role == "township_chair" else the_county(), role)
    client.force_login(account)
    for reason in ("", "  ", "x"):
        refused = client.post(address(Member), {"ending": "xlsx", "unmasked": "on", "reason": reason})
        assert refused.context["form"].errors["reason"]
    assert not Change.objects.filter(action="exported").exists()
    said = dict(zip(*rows(exported(client, Member, WHOLE)), strict=True))
    assert (said["身份证号"], said["银行卡号"]) == (member.national_id.clear, member.bank_account.clear)
    entry = Change.objects.get(action="exported")
    assert (entry.actor, entry.fields["unmasked"][1], entry.fields["rows"][1]) == (account, True, 1)
    assert entry.fields["reason"][1] == "年度核对"


@pytest.mark.parametrize("role", ["auditor", "village_president"])
def test_who_may_not_see_whole_numbers_gets_masks_whatever_she_sends(client, township, member, role):
    place = villages_of(township)[0] if role == "village_president" else the_county()
    client.force_login(make_account(place, role))
    assert "unmasked" not in client.get(address(Member)).context["form"].fields
    said = dict(zip(*rows(exported(client, Member, WHOLE)), strict=True))
    assert said["身份证号"] == str(member.national_id)
    assert Change.objects.get(action="exported").fields["unmasked"][1] is False


def test_what_left_whole_comes_in_again_without_a_change(client, township, member):
    make_member(villages_of(township)[1], phone=None, bank_account=None, position="")
    account = make_account(township)
    client.force_login(account)
    seen = reviewed(rows(exported(client, Member, WHOLE)), account)
    assert (seen.counts["unchanged"], codes(seen)) == (2, [])


def test_what_left_masked_changes_nothing(client, township, member):
    account = make_account(township)
    client.force_login(account)
    seen = reviewed(rows(exported(client, Member)), account)
    assert (seen.counts["created"], seen.counts["updated"]) == (0, 0)
    assert codes(seen) == [(2, "national_id", "invalid_id")]


def test_a_filtered_list_leaves_filtered(client, township, member):
    make_member(villages_of(township)[1], name="赵秀英")
    client.force_login(make_account(the_county()))
    village = villages_of(township)[0]
    assert [row[3] for row in rows(exported(client, Member, village=village.code))[1:]] == ["李桂兰"]
    assert [row[3] for row in rows(exported(client, Member, q="zxy"))[1:]] == ["赵秀英"]


def test_who_left_is_listed_with_her_last_village_and_would_not_be_taken_in_again(client, township, member):
    gone = make_member(villages_of(township)[1], name="赵秀英")
    leave(gone, JOINED, "moved", None)
    client.force_login(make_account(the_county()))
    page = client.get(address(Member, left="1"))
    heading, row = rows(exported(client, Member, left="1"))
    assert page.context["count"] == 1
    assert row[:2] == ["赵秀英", str(gone.national_id)]
    assert "银行卡号" not in heading


def test_the_list_shows_the_buttons_that_a_role_may_press(client, township, member):
    def labels(place, role, **asked):
        client.force_login(make_account(place, role))
        page = client.get(reverse("admin:members_member_changelist"), asked)
        return [button.icon for button in page.context["buttons"]]

    assert labels(the_county(), "county_staff") == ["create", "export", "upload", "template"]
    assert labels(the_county(), "county_staff", township=township.code)[-1] == "print"
    assert labels(the_county(), "auditor", township=township.code) == ["export", "print"]
    assert labels(township, "township_chair") == ["create", "export", "upload", "template", "print"]
