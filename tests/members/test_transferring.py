from datetime import date, timedelta

import pytest

from councils import tree
from members.joining import JoiningRefused, leave
from members.models import Member, Membership, Post, Transfer, ZoneAssignment
from members.transferring import accept, deciding, refuse, transfer, withdraw
from tests.factories import (
    JOINED,
    make_account,
    make_member,
    make_township,
    make_village,
    make_zone,
    the_county,
    villages_of,
)

pytestmark = pytest.mark.django_db
DAY = date(2023, 5, 1)


def two_townships():
    here, there = make_township(villages=1), make_township(villages=1)
    (village,), (other,) = villages_of(here), villages_of(there)
    return make_member(village), village, other, make_account(here), make_account(there)


def test_within_a_township_its_chair_moves_her_at_once():
    old, new = villages_of(township := make_township(villages=2))
    member = make_member(old, zone_id=make_zone(old).pk, position="director")
    transfer(member, new, DAY, make_account(township))
    running = member.memberships.get(end=None)
    assert (running.village, running.start) == (new, DAY)
    ended = member.memberships.exclude(end=None).get()
    assert (ended.end, ended.reason) == (DAY - timedelta(days=1), "transferred")
    assert not ZoneAssignment.objects.filter(end=None).exists()
    assert member.posts.get(end=None).council == new


def test_between_townships_the_one_proposes_and_nothing_moves_until_the_other_accepts():
    member, village, other, chair, neighbour = two_townships()
    proposed = transfer(member, other, DAY, chair)
    assert member.memberships.get().village == village
    assert not Member.objects.visible_to(neighbour).exists()
    assert list(deciding(neighbour)) == [proposed]
    assert not deciding(chair)
    accept(proposed, neighbour)
    assert Member.objects.visible_to(neighbour).get() == member
    assert not Member.objects.visible_to(chair).exists()


def test_county_staff_moves_between_townships_at_once():
    member, _village, other, _chair, _neighbour = two_townships()
    assert transfer(member, other, DAY, make_account(the_county())).state == "accepted"


def test_who_proposes_does_not_accept():
    member, _village, other, chair, _neighbour = two_townships()
    proposed = transfer(member, other, DAY, chair)
    for deed in (lambda: accept(proposed, chair), lambda: refuse(proposed, chair, "不同意")):
        with pytest.raises(JoiningRefused) as refusal:
            deed()
        assert refusal.value.code == "out_of_scope"
    assert Transfer.objects.get().state == "proposed"


def test_a_decision_is_made_once():
    member, _village, other, chair, neighbour = two_townships()
    proposed = transfer(member, other, DAY, chair)
    refuse(proposed, neighbour, "网格已满")
    for deed in (lambda: accept(proposed, neighbour), lambda: withdraw(proposed, chair)):
        with pytest.raises(JoiningRefused) as refusal:
            deed()
        assert refusal.value.code == "decided"
    assert Membership.objects.count() == 1


def test_turning_down_needs_a_reason_and_withdrawing_is_for_who_proposed():
    member, _village, other, chair, neighbour = two_townships()
    proposed = transfer(member, other, DAY, chair)
    with pytest.raises(JoiningRefused):
        refuse(proposed, neighbour, " ")
    with pytest.raises(JoiningRefused):
        withdraw(proposed, neighbour)
    assert withdraw(proposed, chair).state == "withdrawn"


@pytest.mark.parametrize(("day", "code"), [(JOINED, "began_later"), (date(2100, 1, 1), "future")])
def test_a_day_that_does_not_fit_changes_nothing(day, code):
    old, new = villages_of(township := make_township(villages=2))
    member = make_member(old)
    with pytest.raises(JoiningRefused) as refusal:
        transfer(member, new, day, make_account(township))
    assert refusal.value.code == code
    assert not Transfer.objects.exists()
    assert member.memberships.get().village == old


def test_a_second_proposal_waits_for_the_first():
    member, _village, other, chair, _neighbour = two_townships()
    transfer(member, other, DAY, chair)
    with pytest.raises(JoiningRefused) as refusal:
        transfer(member, other, DAY, chair)
    assert refusal.value.code == "waiting"


def test_who_left_meanwhile_is_not_taken():
    member, _village, other, chair, neighbour = two_townships()
    proposed = transfer(member, other, DAY, chair)
    leave(member, DAY, "moved", chair)
    with pytest.raises(JoiningRefused) as refusal:
        accept(proposed, neighbour)
    assert refusal.value.code == "no_member"


def test_a_merger_of_villages_takes_members_along_from_its_day():
    gone, kept = villages_of(make_township(villages=2))
    president = make_member(gone, position="president", zone_id=make_zone(gone).pk)
    make_member(kept, position="president")
    tree.carry_out(tree.Merge(gone.code, kept.code, DAY))
    running = president.memberships.get(end=None)
    assert (running.village, running.start) == (kept, DAY)
    ended = gone.memberships.get()
    assert (ended.end, ended.reason) == (DAY - timedelta(days=1), "merged_village")
    assert Post.objects.filter(council=kept, end=None, position="president").count() == 1
    assert president.posts.get(end=None).position == "member"
    assert president.zone_assignments.get(end=None).zone.village == kept


def test_a_proposal_between_villages_that_merge_is_withdrawn():
    member, village, other, chair, _neighbour = two_townships()
    third = make_village(other.parent)
    transfer(member, other, DAY, chair)
    tree.carry_out(tree.Merge(other.code, third.code, DAY))
    assert Transfer.objects.get().to_village == third
    tree.carry_out(tree.Merge(third.code, village.code, DAY))
    assert Transfer.objects.get().state == "withdrawn"
