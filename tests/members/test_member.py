from datetime import date

import pytest
from django.core.exceptions import FieldError
from django.db import IntegrityError, transaction

from councils import audit
from councils.models import Change
from members.joining import leave
from members.models import Member, Membership, Post, ZoneAssignment
from tests.factories import (
    JOINED,
    make_account,
    make_member,
    make_number,
    make_township,
    make_village,
    make_zone,
    the_county,
    villages_of,
)

pytestmark = pytest.mark.django_db
LEFT = date(2022, 6, 30)


def test_a_user_sees_the_members_of_her_jurisdiction_and_no_other():
    mine, other = make_village(make_township()), make_village(make_township())
    member, stranger = make_member(mine), make_member(other)
    for council in (mine, mine.parent):
        assert list(Member.objects.visible_to(make_account(council))) == [member]
    assert set(Member.objects.visible_to(make_account(the_county()))) == {member, stranger}
    closed = make_account(mine)
    closed.is_active = False
    assert not Member.objects.visible_to(closed)


def test_a_woman_who_left_is_seen_by_the_county_only_but_her_time_stays_in_the_village():
    village = make_village()
    leave(make_member(village), LEFT, "moved", None)
    chair = make_account(village.parent)
    assert not Member.objects.visible_to(chair)
    assert Membership.objects.visible_to(chair).count() == 1
    assert Member.objects.visible_to(make_account(the_county())).count() == 1


def test_a_member_of_many_memberships_is_listed_once():
    village = make_village()
    number = make_number()
    for _time in range(3):
        member = make_member(village, national_id=number, joined_on=None)
        leave(member, JOINED, "moved", None)
        Membership.objects.update(start=date(2021, 1, 1), end=date(2021, 2, 1))
    assert Member.objects.visible_to(make_account(the_county())).count() == 1


def test_gaps_are_found():
    village = make_village()
    whole = make_member(village, zone_id=make_zone(village).pk)
    bare = make_member(village, phone=None, bank_account=None)
    assert list(Member.objects.without_zone()) == list(Member.objects.without_phone()) == [bare]
    assert list(Member.objects.without_account()) == [bare]
    ZoneAssignment.objects.update(end=LEFT)
    assert set(Member.objects.without_zone()) == {whole, bare}


def test_update_refuses_a_number_whose_fingerprint_would_stay_behind():
    member = make_member(make_village())
    with pytest.raises(FieldError):
        Member.objects.filter(pk=member.pk).update(phone="13900000000")
    member.refresh_from_db()
    assert member.phone != "13900000000"


def test_many_records_are_changed_at_once_with_fingerprints_and_entries():
    village = make_village()
    members = [make_member(village), make_member(village)]
    for number, member in enumerate(members):
        member.phone = f"1390000000{number}"
    Change.objects.count()
    audit.save_many(members, ["phone", "phone_print"])
    for number, member in enumerate(members):
        before = member.phone_print
        again = Member.objects.get(pk=member.pk)
        assert again.phone == f"1390000000{number}"
        assert again.phone_print == before
        entry = audit.history(member).first()
        assert entry.fields["phone"][1] == f"139****000{number}"
        assert entry.council == village


@pytest.mark.parametrize(
    "break_it",
    [
        lambda member, village: Membership.objects.create(member=member, village=village, start=JOINED),
        lambda member, village: Membership.objects.create(member=member, village=village, start=JOINED, end=LEFT),
        lambda member, village: Membership.objects.update(end=date(2000, 1, 1), reason="moved"),
        lambda member, village: Membership.objects.update(reason="moved"),
        lambda member, village: Post.objects.create(
            member=make_member(village), council=village, position="president", start=JOINED
        ),
        lambda member, village: Post.objects.create(member=member, council=village, position="member", start=JOINED),
        lambda member, village: Post.objects.update(end=date(2000, 1, 1)),
    ],
)
def test_the_database_refuses_what_breaks_a_rule(break_it):
    village = make_village()
    member = make_member(village, position="president")
    with pytest.raises(IntegrityError), transaction.atomic():
        break_it(member, village)


def test_a_zone_has_one_main_member_and_a_member_takes_it_once():
    village = villages_of(make_township(villages=1))[0]
    zone = make_zone(village)
    first, second = make_member(village, zone_id=zone.pk), make_member(village)
    for member, primary in ((first, False), (second, True)):
        with pytest.raises(IntegrityError), transaction.atomic():
            ZoneAssignment.objects.create(member=member, zone=zone, primary=primary, start=JOINED)
