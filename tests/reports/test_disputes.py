import uuid
from datetime import timedelta

import pytest

from councils.models import Change
from councils.roles import ROLES
from councils.tree import Merge, carry_out
from reports.disputes import WorkRefused, bring, mend, numbers, pass_on, read, settle
from reports.models import Activity, Dispute
from tests.factories import (
    WORKED,
    make_account,
    make_brought,
    make_chair,
    make_county,
    make_member,
    make_staff,
    make_township,
    make_village,
)

pytestmark = pytest.mark.django_db
LATER = WORKED + timedelta(days=40)


@pytest.fixture
def village():
    return make_village()


@pytest.fixture
def president(village):
    return make_account(village)


@pytest.fixture
def chair(village):
    return make_chair(village.parent)


@pytest.fixture
def dispute(village, president):
    return bring(make_brought(village), president)


def refused(code, deed, *arguments, **named):
    with pytest.raises(WorkRefused) as told:
        deed(*arguments, **named)
    assert told.value.code == code, (told.value.code, str(told.value))


def everybody(village):
    """An account of every role that can be had around the village, and its neighbours'."""
    township, county = village.parent, village.parent.parent
    places = {"village": village, "community": village, "township": township, "county": county}
    found = {}
    for role in ROLES:
        for level in ROLES[role].levels - {"community"}:
            found[role, level, "own"] = make_account(places[level], role)
    found["township_chair", "township", "other"] = make_chair(make_township(county))
    found["village_president", "village", "other"] = make_account(make_village(township))
    found["county_staff", "county", "other"] = make_staff(make_county())
    return found


def test_a_dispute_is_seen_by_its_village_alone(village, dispute):
    seeing = {who for who, user in everybody(village).items() if Dispute.objects.visible_to(user).exists()}
    assert seeing == {("village_president", "village", "own")}


def test_passed_on_it_is_seen_by_its_township_too(village, dispute, president):
    pass_on(dispute, WORKED, 1, president)
    users = everybody(village)
    seeing = {who for who, user in users.items() if Dispute.objects.visible_to(user).exists()}
    assert seeing == {("village_president", "village", "own"), ("township_chair", "township", "own")}
    for who, user in users.items():
        if who in seeing:
            assert read(dispute, user) == ("张三、李四", "宅基地", "")
        else:
            refused("out_of_scope", read, dispute, user)


def test_everybody_above_sees_numbers(village, dispute, president):
    settle(dispute, LATER, "各让一尺", 1, president)
    bring(make_brought(village, relation="fields"), president)
    users = everybody(village)
    place = {"village": village, "township": village.parent, "county": village.parent.parent}
    for (_role, level, whose), user in users.items():
        council = place[level]
        if whose == "other":
            refused("out_of_scope", numbers, council, WORKED, LATER, user)
            continue
        told = numbers(council, WORKED, LATER, user)
        assert (told["neighbours"], told["fields"]) == ((1, 1, 0), (1, 0, 0))
        assert told["spouses"] == (0, 0, 0)


def test_it_counts_in_the_month_in_which_it_was_settled(village, dispute, president):
    assert not Activity.objects.exists()
    done = settle(dispute, LATER, "各让一尺", 1, president)
    assert (done.activity.day, done.activity.kind, done.activity.quantity) == (LATER, "dispute", 1)
    assert (done.activity.text, done.activity.place, done.activity.particulars) == ("", "", {})
    assert numbers(village, WORKED, WORKED, president)["neighbours"] == (1, 0, 0)
    assert numbers(village, LATER, LATER, president)["neighbours"] == (0, 1, 0)
    refused("settled", settle, dispute, LATER, "又说", 2, president)
    assert Activity.objects.count() == 1


def test_neither_the_table_nor_the_trail_tells_the_content(village, dispute, president, chair):
    mend(dispute, 1, president, parties="王五、赵六", text="田埂")
    settle(dispute, LATER, "各让一尺", 2, president)
    trail = "".join(f"{each.fields}{each.record_name}" for each in Change.objects.all())
    stored = str(Dispute.objects.values().get())
    for word in ("张三", "李四", "宅基地", "王五", "田埂", "各让一尺"):
        assert word not in trail
        assert word not in stored


def test_reading_is_entered_and_so_is_a_refusal(dispute, president, chair):
    read(dispute, president)
    refused("out_of_scope", read, dispute, chair)
    told = Change.objects.filter(record="reports.dispute", action__in=["revealed", "refused"]).order_by("pk")
    assert list(told.values_list("action", "actor")) == [("revealed", president.pk), ("refused", chair.pk)]


def test_the_township_settles_what_was_passed_on(dispute, president, chair):
    refused("out_of_scope", settle, dispute, LATER, "", 1, chair)
    passed = pass_on(dispute, WORKED, 1, president)
    refused("not_now", pass_on, passed, WORKED, 2, president)
    assert settle(passed, LATER, "镇里调解", 2, chair).state == "settled"


def test_others_may_settle_what_she_who_left_began(village, dispute, president):
    other = make_member(village)
    done = settle(dispute, LATER, "", 1, president, members=[other.pk])
    assert list(done.activity.members.all()) == [other]


def test_an_overtaken_or_impossible_deed_is_refused(village, dispute, president):
    mend(dispute, 1, president, relation="spouses")
    refused("overtaken", settle, dispute, LATER, "", 1, president)
    refused("too_early", settle, dispute, WORKED - timedelta(days=1), "", 2, president)
    refused("invalid", mend, dispute, 2, president, relation="cats")
    refused("too_long", mend, dispute, 2, president, text="长" * 2001)
    refused("no_member", bring, make_brought(village, members=[987654]), president)
    refused("not_allowed", bring, make_brought(village), make_staff())


def test_it_is_stored_once(village, president):
    brought = make_brought(village, client_key=uuid.uuid4())
    assert bring(brought, president) == bring(brought, president)


def test_a_merged_village_leaves_open_disputes_to_the_other(village, dispute, president):
    other = make_village(village.parent)
    settled = settle(bring(make_brought(village), president), WORKED, "", 1, president)
    carry_out(Merge(village.code, other.code, LATER))
    assert (Dispute.objects.get(pk=dispute.pk).village, Dispute.objects.get(pk=settled.pk).village) == (other, village)
