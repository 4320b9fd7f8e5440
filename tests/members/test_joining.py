from datetime import date

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext

from councils import audit
from councils.models import Change
from councils.telling import entries
from members.joining import JoiningRefused, admit, leave, rejoin
from members.models import Member, Membership, Post, ZoneAssignment
from tests.factories import (
    JOINED,
    make_account,
    make_admission,
    make_member,
    make_staff,
    make_township,
    make_village,
    make_zone,
    villages_of,
)

pytestmark = pytest.mark.django_db
LEFT, BACK = date(2022, 6, 30), date(2023, 1, 1)


def test_a_row_becomes_a_person_a_membership_a_post_and_a_zone():
    village = make_village()
    zone = make_zone(village)
    row = make_admission(village, zone_id=zone.pk, position="director")
    done = admit([row], date(2024, 5, 1), None)
    member = Member.objects.get(pk=done.created[0])
    assert (member.national_id, member.phone, member.bank_account) == (row.national_id, row.phone, row.bank_account)
    assert (member.pinyin, member.initials, member.birth_year) == ("wangxiaomei", "wxm", int(row.national_id[6:10]))
    assert member.memberships.get().start == JOINED
    assert member.posts.get().position == "director"
    assert member.zone_assignments.get().primary


def test_what_was_admitted_is_found_by_the_fingerprints_that_save_gives():
    village = make_village()
    row = make_admission(village)
    member = Member.objects.get(pk=admit([row], JOINED, None).created[0])
    before = (member.national_id_print, member.phone_print, member.bank_account_print)
    member.save()
    member.refresh_from_db()
    assert before == (member.national_id_print, member.phone_print, member.bank_account_print)


def test_the_trail_has_one_entry_of_her_arrival_with_masked_numbers_only():
    village = make_village()
    row = make_admission(village, zone_id=make_zone(village).pk)
    with audit.acting(name="import"):
        admit([row], JOINED, None)
    entry = Change.objects.get(record__startswith="members.", council=village)
    assert entry.record == "members.member"
    assert {"members.membership", "members.post", "members.zoneassignment"} < entry.fields.keys()
    told = str(entry.fields) + entry.record_name
    assert row.national_id not in told
    assert row.phone not in told
    assert row.bank_account not in told
    assert "138****" in told
    assert "birth_year" not in told


def test_each_of_her_terms_has_her_arrival_in_its_history_even_under_another_record():
    village = make_village()
    zone = make_zone(village)
    rows = [make_admission(village, national_id=number, zone_id=zone.pk) for number in ("1" * 18, "2" * 18)]
    with audit.acting(name="import"):
        keys = admit(rows, JOINED, None).created
    post = Post.objects.get(member=keys[0])
    (entry,) = entries(audit.history(post), make_staff(), post)
    assert (entry.change.actor_name, entry.change.action) == ("import", "created")
    told = {each.label: each.after for each in entry.differences}
    assert told["职务"] == post.get_position_display()
    assert told["村嫂"] == post.member.name
    (whole,) = entries(audit.history(post.member), make_staff())
    assert {"姓名", "职务 · 职务", "包片 · 网格"} <= {each.label for each in whole.differences}
    post.member_id = keys[1]
    Post.objects.filter(member=keys[1]).delete()
    post.save()
    assert [each.action for each in audit.history(post)] == ["changed", "created"]


def test_who_comes_back_has_an_entry_for_each_of_her_terms():
    village = make_village()
    row = make_admission(village)
    admit([row], JOINED, None)
    leave(Member.objects.get(), LEFT, "resigned", None)
    before = Change.objects.count()
    admit([row], BACK, None)
    later = Change.objects.order_by("pk")[before:]
    assert [each.record for each in later if each.action == "created"] == ["members.membership", "members.post"]


@pytest.mark.parametrize("back", [False, True])
def test_more_rows_cost_no_more_queries(back):
    village = make_village()
    zone = make_zone(village)
    counts = []
    for number in (1, 5):
        rows = [make_admission(village, zone_id=zone.pk) for _each in range(number)]
        if back:
            for key in admit(rows, JOINED, None).created.values():
                leave(Member.objects.get(pk=key), LEFT, "moved", None)
        with CaptureQueriesContext(connection) as counted:
            done = admit(rows, BACK, None)
        assert len(done.returned if back else done.created) == number
        counts.append(len(counted))
    assert counts[0] == counts[1]


def test_who_left_and_comes_back_keeps_her_record():
    village = make_village()
    row = make_admission(village)
    key = admit([row], JOINED, None).created[0]
    leave(Member.objects.get(pk=key), LEFT, "moved", None)
    done = admit([make_admission(village, national_id=row.national_id, phone="13900000000")], BACK, None)
    assert done.returned == {0: key}
    member = Member.objects.get(pk=key)
    assert member.phone == "13900000000"
    assert [(each.start, each.end) for each in member.memberships.order_by("start")] == [(JOINED, LEFT), (BACK, None)]


def test_who_is_a_member_here_or_elsewhere_is_refused_and_the_others_are_taken():
    here, beside = make_village(township := make_township()), make_village(township)
    other = make_village(make_township())
    chair = make_account(township)
    rows = [make_admission(place) for place in (here, beside, other)]
    admit(rows, JOINED, None)
    again = [make_admission(here, national_id=row.national_id) for row in rows]
    done = admit([*again, make_admission(here), make_admission(other)], JOINED, chair)
    codes = {index: refusal.code for index, refusal in done.refused.items()}
    assert codes == {0: "member_here", 1: "transfer", 2: "elsewhere", 4: "out_of_scope"}
    assert list(done.created) == [3]
    assert Member.objects.count() == 4


def test_a_woman_twice_in_a_list_is_entered_once():
    village = make_village()
    row = make_admission(village)
    done = admit([row, row], JOINED, None)
    assert list(done.created) == [0]
    assert done.refused[1].code == "duplicate_in_file"


def test_a_council_gets_one_president_from_list_and_register_together():
    village = make_village()
    done = admit([make_admission(village, position="president") for _each in range(2)], JOINED, None)
    assert done.refused[1].code == "second_president"
    done = admit([make_admission(village, position="president")], JOINED, None)
    assert done.refused[0].code == "second_president"


def test_a_name_longer_than_its_column_holds_back_its_row_alone():
    village = make_village()
    done = admit([make_admission(village, name="王" * 41), make_admission(village)], JOINED, None)
    assert done.refused[0].code == "too_long"
    assert list(done.created) == [1]


def test_a_zone_of_another_village_is_refused():
    village, other = villages_of(make_township(villages=2))
    done = admit([make_admission(village, zone_id=make_zone(other).pk)], JOINED, None)
    assert done.refused[0].code == "wrong_zone"


def test_a_zone_has_one_member_with_the_main_responsibility():
    village = make_village()
    zone = make_zone(village)
    admit([make_admission(village, zone_id=zone.pk) for _each in range(3)], JOINED, None)
    assert sorted(ZoneAssignment.objects.values_list("primary", flat=True)) == [False, False, True]


def test_who_leaves_leaves_her_posts_and_zones():
    village = make_village()
    member = make_member(village, zone_id=make_zone(village).pk, position="president")
    leave(member, LEFT, "resigned", None)
    membership = Membership.objects.get()
    assert (membership.end, membership.reason) == (LEFT, "resigned")
    assert Post.objects.get().end == LEFT
    assert ZoneAssignment.objects.get().end == LEFT


@pytest.mark.parametrize(
    ("day", "reason", "code"),
    [(date(2021, 12, 31), "moved", "began_later"), (date(2100, 1, 1), "moved", "future"), (LEFT, "tired", "reason")],
)
def test_leaving_is_refused_and_changes_nothing(day, reason, code):
    member = make_member(make_village())
    with pytest.raises(JoiningRefused) as refusal:
        leave(member, day, reason, None)
    assert refusal.value.code == code
    assert Membership.objects.filter(end=None).count() == Post.objects.filter(end=None).count() == 1


def test_a_chair_ends_no_membership_of_her_neighbour():
    member = make_member(make_village())
    with pytest.raises(JoiningRefused) as refusal:
        leave(member, LEFT, "moved", make_account(make_township()))
    assert refusal.value.code == "out_of_scope"


def test_coming_back_begins_after_the_last_membership_ended():
    village = make_village()
    member = make_member(village)
    with pytest.raises(JoiningRefused) as refusal:
        rejoin(member, village, BACK, None)
    assert refusal.value.code == "member_here"
    leave(member, LEFT, "moved", None)
    with pytest.raises(JoiningRefused) as refusal:
        rejoin(member, village, LEFT, None)
    assert refusal.value.code == "overlap"
    rejoin(member, village, BACK, None, "director")
    assert member.memberships.get(end=None).start == BACK
    assert member.posts.get(end=None).position == "director"
