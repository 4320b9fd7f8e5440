import uuid
from datetime import date, timedelta

import pytest
from django.db import DatabaseError, connection, transaction
from django.test.utils import CaptureQueriesContext
from django.utils import timezone

from councils.models import Change
from councils.tree import Merge, Move, carry_out
from members.joining import leave
from members.merging import merge
from reports import activities
from reports.activities import WorkRefused, change, record, record_many, reject, verify
from reports.models import Activity, ActivityMember, State
from tests.factories import (
    WORKED,
    make_account,
    make_activity,
    make_chair,
    make_entry,
    make_member,
    make_staff,
    make_township,
    make_village,
    make_zone,
)

pytestmark = pytest.mark.django_db


@pytest.fixture
def village():
    return make_village()


@pytest.fixture
def president(village):
    return make_account(village)


@pytest.fixture
def chair(village):
    return make_chair(village.parent)


def refused(code, deed, *arguments, **named):
    with pytest.raises(WorkRefused) as told:
        deed(*arguments, **named)
    assert told.value.code == code, (told.value.code, str(told.value))
    return told.value


def test_a_record_keeps_where_and_when_it_stood(village, president):
    first, second = make_member(village, name="王小梅"), make_member(village, name="李桂兰")
    zone = make_zone(village)
    done = make_activity(village, first, second, by=president, quantity=3, zone=zone.pk, place=" 村部", text="看了沟渠")
    assert (done.month, done.township, done.county) == (date(2022, 8, 1), village.parent, village.parent.parent)
    assert (done.role, done.doers, done.size, done.state) == ("inspector", "王小梅、李桂兰", 2, State.OPEN)
    assert (done.recorded_by, set(done.members.all())) == (president, {first, second})


def test_a_record_by_save_follows_the_same(village):
    plain = Activity(village=village, day=WORKED, kind="child", text="陪孩子们做完了作业再走")
    plain.full_clean()
    plain.save()
    made = make_activity(village, kind="child", text="陪孩子们，做完了作业再走。")
    names = ("month", "township_id", "county_id", "role", "text_print", "state", "version", "particulars")
    assert [getattr(plain, name) for name in names] == [getattr(made, name) for name in names]


def test_what_is_entered_in_bulk_is_in_the_trail(village, president):
    done = make_activity(village, make_member(village, name="王小梅"), by=president)
    entry = Change.objects.get(record="reports.activity", record_id=done.pk)
    assert (entry.council, entry.fields["doers"][1]) == (village, "王小梅")
    assert "client_key" not in entry.fields


@pytest.mark.parametrize(
    ("code", "said"),
    [
        ("future", {"day": timezone.localdate() + timedelta(days=2)}),
        ("kind", {"kind": "dancing"}),
        ("own_table", {"kind": "dispute"}),
        ("quantity", {"quantity": 0}),
        ("quantity", {"quantity": 10_000}),
        ("members", {"members": []}),
        ("no_member", {"members": [999_999]}),
        ("no_member", {"day": date(2021, 12, 31)}),
        ("too_long", {"place": "村" * 61}),
        ("invalid", {"particulars": {"found": "nothing"}}),
        ("invalid", {"household": "张三家"}),
        ("invalid", {"kind": "courtyard", "particulars": {"level": "county"}}),
        ("invalid", {"kind": "courtyard", "household": "张三", "quantity": 2, "particulars": {"level": "county"}}),
    ],
)
def test_what_breaks_a_rule_is_refused_and_nothing_stored(village, president, code, said):
    refused(code, record, make_entry(village, **said), president)
    assert not Activity.objects.exists()


def test_a_household_is_named(village):
    made = make_activity(village, kind="courtyard", household=" 张三 ", particulars={"level": "county"})
    assert (made.household, made.particulars) == ("张三", {"level": "county"})


def test_who_left_did_nothing_afterwards_and_who_is_elsewhere_nothing_here(village, president):
    member = make_member(village)
    leave(member, WORKED, "moved", president)
    assert record(make_entry(village, member), president)
    refused("no_member", record, make_entry(village, member, day=WORKED + timedelta(days=1)), president)
    elsewhere = make_member(make_village(village.parent), name="赵外人")
    told = refused("no_member", record, make_entry(village, elsewhere), president)
    assert "赵外人" not in str(told)


def test_a_zone_of_another_village_is_refused(village, president):
    refused("zone", record, make_entry(village, zone=make_zone(make_village(village.parent)).pk), president)


def test_nobody_enters_outside_her_jurisdiction(village, president):
    stranger = make_account(make_village(make_township()))
    refused("out_of_scope", record, make_entry(village), stranger)
    for role in ("auditor", "county_finance"):
        refused("not_allowed", record, make_entry(village), make_staff(role=role))


def test_a_closed_village_does_nothing_from_that_day_on(village):
    other = make_village(village.parent)
    member = make_member(village)
    carry_out(Merge(village.code, other.code, WORKED))
    assert make_activity(village, member, day=WORKED - timedelta(days=1))
    refused("village_closed", record, make_entry(village, member), None)


def test_twice_sent_is_once_stored(village, president):
    entry = make_entry(village, client_key=uuid.uuid4())
    assert record(entry, president) == record(entry, president)
    many = record_many([entry, make_entry(village)], president)
    assert (list(many.created), list(many.repeated), many.refused) == ([1], [0], {})
    assert ActivityMember.objects.count() == 2
    refused("sent_by_another", record, entry, make_account(village))
    both = record_many([make_entry(village, client_key=entry.client_key)] * 2, president)
    assert (len(both.repeated), both.refused[1].code) == (1, "twice")


def test_a_key_stored_at_the_same_moment_is_found(village, president, monkeypatch):
    """The first look comes before the other's write, as two requests at once do."""
    entry = make_entry(village, client_key=uuid.uuid4())
    stored = record(entry, president)
    look, looks = activities.Known.sent_before, []

    def blind(known, asked):
        looks.append(asked)
        return None if len(looks) == 1 else look(known, asked)

    monkeypatch.setattr(activities.Known, "sent_before", blind)
    assert record(entry, president) == stored
    assert Activity.objects.count() == 1


def test_one_and_thirty_records_cost_the_same_queries(village, president):
    counts = []
    for many in (1, 30):
        entries = [make_entry(village, client_key=uuid.uuid4()) for _each in range(many)]
        with CaptureQueriesContext(connection) as asked:
            assert len(record_many(entries, president).created) == many
        counts.append(len([each for each in asked if "INSERT" not in each["sql"] and "COPY" not in each["sql"]]))
    assert counts[0] == counts[1] <= 14


def test_a_record_is_mended_until_it_is_verified(village, president, chair):
    made = make_activity(village, by=president)
    helper = make_member(village, name="李桂兰")
    mended = change(made, president, 1, [helper.pk], quantity=2, text="又看了一遍")
    assert (mended.quantity, mended.doers, mended.version) == (2, "李桂兰", 2)
    assert list(mended.members.all()) == [helper]
    refused("overtaken", change, made, president, 1, quantity=5)
    refused("no_member", change, made, president, 2, day=date(2021, 1, 1))
    refused("own_table", change, made, president, 2, kind="dispute")
    assert verify({made.pk: 2}, chair).done == [made.pk]
    refused("verified", change, made, president, 3, quantity=5)
    made.refresh_from_db()
    assert (made.quantity, made.state, made.verified_by) == (2, State.VERIFIED, chair)


def test_what_was_turned_down_is_mended_and_waits_anew(village, president, chair):
    made = make_activity(village, by=president)
    refused("reason", reject, {made.pk: 1}, chair, " ")
    assert reject({made.pk: 1}, chair, "没有这回事").done == [made.pk]
    mended = change(made, president, 2, quantity=2)
    assert (mended.state, mended.reason, mended.verified_by) == (State.OPEN, "", None)
    assert verify({made.pk: 3}, chair).done == [made.pk]


def test_nobody_verifies_her_own(village, president, chair):
    hers, presidents = make_activity(village, by=chair), make_activity(village, by=president)
    refused("not_allowed", verify, {presidents.pk: 1}, president)
    refused("own_record", verify, {hers.pk: 1}, chair)
    judged = verify({hers.pk: 1, presidents.pk: 1}, chair)
    assert (judged.done, judged.overtaken) == ([presidents.pk], [hers.pk])
    assert verify({hers.pk: 1}, make_staff()).done == [hers.pk]
    with pytest.raises(DatabaseError), transaction.atomic():
        Activity.objects.filter(pk=presidents.pk).update(verified_by=president)


def test_verifying_twice_or_what_changed_meanwhile_does_nothing(village, president, chair):
    made = make_activity(village, by=president)
    change(made, president, 1, quantity=9)
    assert verify({made.pk: 1}, chair).overtaken == [made.pk]
    assert verify({made.pk: 2}, chair).done == [made.pk]
    assert verify({made.pk: 2}, chair).done == []
    assert verify({made.pk: 3}, make_chair(make_township())).done == []


def test_each_sees_her_own_and_what_lies_below(village, president, chair):
    own, beside = make_activity(village), make_activity(make_village(village.parent))
    elsewhere = make_activity(make_village(make_township()))
    for user, seen in ((president, {own}), (chair, {own, beside}), (make_staff(), {own, beside, elsewhere})):
        assert set(Activity.objects.visible_to(user)) == seen
    chair.is_active = False
    assert not Activity.objects.visible_to(chair).exists()


def test_a_village_that_moves_takes_sight_with_it_and_leaves_the_past_where_it_was(village, chair):
    before, after = village.parent, make_township()
    made = make_activity(village)
    carry_out(Move(village.code, after.code, f"{after.code}888", WORKED))
    made.refresh_from_db()
    assert made.township == before
    assert not Activity.objects.visible_to(chair).exists()
    assert Activity.objects.visible_to(make_chair(after)).get() == made


def test_what_two_records_of_one_person_did_becomes_hers(village, president):
    kept, gone = make_member(village), make_member(village)
    alone, both = make_activity(village, gone), make_activity(village, gone, kept)
    merge(kept, gone, president)
    assert set(Activity.objects.by_member(kept)) == {alone, both}


def test_filters_ask_for_role_kind_and_member(village):
    member = make_member(village)
    visit, other = make_activity(village, member, kind="elderly"), make_activity(village)
    assert Activity.objects.of_role("helper").get() == visit
    assert Activity.objects.by_member(member).get() == visit
    assert set(Activity.objects.waiting()) == {visit, other}


def test_who_did_nothing_is_known_once_anybody_keeps_records():
    village = make_village(make_township())
    active, quiet = make_member(village), make_member(village)
    first, last = date(2022, 6, 1), date(2022, 8, 1)
    assert activities.who_was_active([active.pk, quiet.pk], first, last) == {active.pk, quiet.pk}
    make_activity(village, active)
    assert activities.who_was_active([active.pk, quiet.pk], first, last) == {active.pk}
    assert activities.who_was_active([active.pk], date(2022, 9, 1), date(2022, 9, 1)) == {active.pk}
