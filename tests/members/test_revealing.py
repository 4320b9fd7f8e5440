from datetime import UTC, datetime, timedelta

import pytest
import time_machine

from councils.models import Change
from members.revealing import AN_HOUR, RevealRefused, reveal
from tests.factories import make_account, make_member, make_township, make_village, the_county

pytestmark = pytest.mark.django_db
NOW = datetime(2026, 11, 23, 9, tzinfo=UTC)


def test_a_number_is_shown_for_a_reason_and_the_trail_knows_who_what_and_why():
    member = make_member(village := make_village())
    chair = make_account(village.parent)
    assert reveal(member, "phone", "银行核对", chair) == member.phone.clear
    entry = Change.objects.get(action="revealed")
    assert (entry.actor, entry.record_id, entry.council) == (chair, member.pk, village)
    assert entry.fields == {"reveal": ["phone", "银行核对"]}
    assert member.phone.clear not in f"{entry.fields}{entry.record_name}"


@pytest.mark.parametrize("reason", ["", "   ", "a", " 核 "])
def test_a_reason_has_four_characters(reason):
    member = make_member(village := make_village())
    with pytest.raises(RevealRefused):
        reveal(member, "phone", reason, make_account(village.parent))
    assert not Change.objects.filter(action="revealed").exists()
    assert Change.objects.filter(action="refused").count() == 1


@pytest.mark.parametrize("role", ["auditor", "system_administrator"])
def test_a_role_that_may_not_sees_no_number(role):
    member = make_member(make_village())
    with pytest.raises(RevealRefused):
        reveal(member, "phone", "银行核对", make_account(the_county(), role))


def test_a_village_president_sees_no_whole_number():
    member = make_member(village := make_village())
    with pytest.raises(RevealRefused):
        reveal(member, "national_id", "银行核对", make_account(village))


def test_a_chair_sees_no_number_of_her_neighbour():
    member = make_member(make_village())
    with pytest.raises(RevealRefused):
        reveal(member, "national_id", "银行核对", make_account(make_township()))


def test_an_hour_shows_so_many_numbers_and_the_next_hour_again():
    member = make_member(village := make_village())
    chair = make_account(village.parent)
    with time_machine.travel(NOW, tick=False):
        for _each in range(AN_HOUR):
            reveal(member, "phone", "银行核对", chair)
        with pytest.raises(RevealRefused):
            reveal(member, "phone", "银行核对", chair)
        reveal(member, "phone", "银行核对", make_account(village.parent))
    with time_machine.travel(NOW + timedelta(minutes=61), tick=False):
        assert reveal(member, "phone", "银行核对", chair)
