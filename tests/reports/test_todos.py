from datetime import timedelta

import pytest
from django.utils import timezone

from reports import activities, hazards, todos
from tests.factories import (
    make_account,
    make_activity,
    make_chair,
    make_county,
    make_found,
    make_member,
    make_month,
    make_staff,
    make_submitted,
    make_township,
)

pytestmark = pytest.mark.django_db


@pytest.fixture
def township():
    return make_township(make_county(), villages=2)


def told(user):
    return {str(each.label): (each.number, each.urgent) for each in todos.waiting_for(user)}


def test_nothing_waits_for_who_has_nothing_to_do(township):
    assert told(make_chair(township)) == {}


def test_a_months_next_step_waits_for_whose_it_is(township):
    chair, staff, finance = make_chair(township), make_staff(), make_account(township.parent, "county_finance")
    roster = make_month(township, members=1)
    assert told(chair)["months to hand in"] == (1, False)
    assert told(staff) == told(finance) == {}
    roster.delete()
    make_submitted(township, members=0, chair=chair)
    assert "months to hand in" not in told(chair)
    assert told(staff)["months to approve"] == (1, False)


def test_overdue_hazards_stand_first_and_are_those_of_the_list(client, township):
    chair, village = make_chair(township), township.children.first()
    make_activity(village)
    member = make_member(village)
    today = timezone.localdate()
    for ago in (1, 400):
        day = today - timedelta(days=ago)
        hazards.report(make_found(village, member, day=day, reported_on=day), None)
    first = todos.waiting_for(chair)[0]
    assert (str(first.label), first.number) == ("hazards on your desk, some overdue", 2)
    client.force_login(chair)
    assert client.get(first.address).context["cl"].result_count == 2


def test_records_wait_for_who_verifies_and_come_back_to_who_entered(client, township):
    chair, village = make_chair(township), township.children.first()
    president = make_account(village)
    done = [make_activity(village, by=president) for _each in range(3)]
    activities.reject([done[0].pk], "看不清", chair)
    for user, label, number in ((chair, "records to verify", 2), (president, "records given back to mend", 1)):
        found = next(each for each in todos.waiting_for(user) if each.label == label)
        assert found.number == number
        client.force_login(user)
        assert client.get(found.address).context["cl"].result_count == number


def test_what_waits_elsewhere_is_not_told(township):
    other = make_township(township.parent, villages=1)
    make_month(other, members=1)
    make_activity(other.children.first())
    assert told(make_chair(township)) == {}
