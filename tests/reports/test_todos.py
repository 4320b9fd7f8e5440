from datetime import timedelta

import pytest
from django.utils import timezone

from reports import activities, campaigns, hazards, todos
from reports.models import Campaign
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
    make_month(township, members=1)
    assert told(chair)["个月报待报送"] == (1, False)
    assert told(staff) == told(finance) == {}
    other = make_township(township.parent, villages=1)
    chair = make_chair(other)
    make_submitted(other, members=1, chair=chair)
    assert "个月报待报送" not in told(chair)
    assert told(staff)["个月报待审核"] == (1, False)


def test_overdue_hazards_stand_first_and_are_those_of_the_list(client, township):
    chair, village = make_chair(township), township.children.first()
    member, today = make_member(village), timezone.localdate()
    for ago in (1, 400):
        day = today - timedelta(days=ago)
        hazards.report(make_found(village, member, day=day, reported_on=day), None)
    first = todos.waiting_for(chair)[0]
    assert (str(first.label), first.number) == ("个隐患待办（有超期）", 2)
    client.force_login(chair)
    assert len(client.get(first.address).context["lines"]) == 2


def test_records_wait_for_who_verifies_and_come_back_to_who_entered(client, township):
    chair, village = make_chair(township), township.children.first()
    president = make_account(village)
    done = [make_activity(village, by=president) for _each in range(3)]
    activities.reject({done[0].pk: done[0].version}, chair, "看不清")
    to_verify, to_mend = todos.waiting_for(chair)[0], todos.waiting_for(president)[0]
    assert told(chair) == {"条记录待核实": (2, False)}
    assert told(president) == {"条退回记录待更正": (1, False)}
    client.force_login(chair)
    assert len(client.get(to_verify.address).context["shown"]) == 2
    client.force_login(president)
    assert client.get(to_mend.address).context["cl"].result_count == 1


def test_a_task_waits_until_it_is_reached_and_presses_when_its_day_is_over(township):
    village, today = township.children.first(), timezone.localdate()
    campaign = Campaign(
        county=township.parent, title="敲门行动", kind="policy_visit", start=today, deadline=today, verified_only=False
    )
    campaigns.launch(campaign, {village.pk: 2}, None)
    president, member = make_account(village), make_member(village)
    assert told(president) == {"项任务未完成": (1, False)}
    make_activity(village, member, kind="policy_visit", day=today, quantity=2)
    assert told(president) == {}


def test_what_waits_elsewhere_is_not_told(township):
    other = make_township(township.parent, villages=1)
    make_month(other, members=1)
    make_activity(other.children.first())
    assert told(make_chair(township)) == {}
