import pytest
from django.db import transaction
from django.utils import timezone

from councils import audit
from councils.models import Action, Change, Council, Zone
from councils.telling import entries
from members.joining import admit
from members.models import Post
from tests.factories import (
    JOINED,
    make_admission,
    make_chair,
    make_county,
    make_staff,
    make_township,
    make_village,
    make_zone,
)

pytestmark = pytest.mark.django_db


def latest(record):
    return audit.history(record).first()


def test_a_new_record_is_entered_with_who_and_from_where():
    staff = make_staff(make_county())
    with audit.acting(staff, "10.0.0.7"):
        zone = make_zone()
    entry = latest(zone)
    assert (entry.action, entry.actor, entry.actor_name, entry.address) == (
        "created",
        staff,
        staff.username,
        "10.0.0.7",
    )
    assert entry.fields["name"] == [None, zone.name]
    assert entry.council == zone.village


def test_a_change_is_entered_with_before_and_after_of_what_changed_alone():
    zone = make_zone(name="旧")
    zone = Zone.objects.get(pk=zone.pk)
    zone.name = "新"
    zone.save()
    assert latest(zone).fields == {"name": ["旧", "新"]}


def test_saving_without_a_change_leaves_no_entry():
    zone = make_zone()
    count = Change.objects.count()
    Zone.objects.get(pk=zone.pk).save()
    zone.save()
    assert Change.objects.count() == count


def test_a_record_made_by_hand_is_held_against_the_table():
    zone = make_zone(name="旧")
    by_hand = Zone(pk=zone.pk, village=zone.village, number=zone.number, name="新")
    by_hand._state.adding = False
    by_hand.save()
    assert latest(zone).fields["name"] == ["旧", "新"]


def test_a_bulk_update_leaves_an_entry_for_each_row(django_assert_num_queries):
    village = make_village(zones=3)
    make_zone(village, closed=timezone.localdate())
    count = Change.objects.count()
    with django_assert_num_queries(6):  # savepoint, before, update, after, entries, release
        village.zones.filter(closed=None).update(closed=timezone.localdate())
    assert Change.objects.count() == count + 3
    assert all(change.fields == {"closed": [None, str(timezone.localdate())]} for change in Change.objects.all()[:3])


def test_bulk_creation_and_deletion_leave_entries():
    village = make_village()
    made = Zone.objects.bulk_create(Zone(village=village, number=f"{n:02}", name=f"片{n}") for n in range(1, 4))
    assert [latest(zone).action for zone in made] == ["created"] * 3
    village.zones.all().delete()
    assert [latest(zone).action for zone in made] == ["deleted"] * 3


def test_one_deleted_record_leaves_an_entry():
    zone = make_zone()
    key = zone.pk
    zone.delete()
    assert Change.objects.filter(record="councils.zone", record_id=key).first().action == "deleted"


def test_a_write_that_is_taken_back_takes_its_entry_along():
    count = Change.objects.count()
    with transaction.atomic():
        make_zone()
        transaction.set_rollback(True)
    assert Change.objects.count() == count


def test_rows_copied_in_are_entered_under_their_council(django_assert_num_queries):
    village = make_village()
    rows = [(village.pk, f"{n:02}", f"片{n}", "") for n in range(1, 40)]
    with transaction.atomic():
        keys = audit.copy_in(Zone, ["village", "number", "name", "bounds"], rows, "name", "village")
    zones = list(Zone.objects.filter(pk__in=list(keys)).order_by("pk"))
    assert [zone.number for zone in zones] == [row[1] for row in rows]
    assert latest(zones[7]).fields == {
        "village": [None, str(village.pk)],
        "number": [None, "08"],
        "name": [None, "片8"],
    }
    assert latest(zones[7]).council == village
    assert make_zone(village, number="99").pk > max(keys)


def test_a_password_is_never_in_the_trail():
    chair = make_chair(make_township())
    chair.set_password("Quite-new-2026")
    chair.save()
    assert latest(chair).fields == {"password": ["…", "…"]}
    assert not Change.objects.filter(fields__icontains="pbkdf2").exists()


def test_columns_for_drawing_leave_no_entry():
    county = make_county()
    count = Change.objects.count()
    Council.objects.filter(pk=county.pk).update(lft=7)
    assert Change.objects.count() == count


def test_an_update_that_could_not_be_told_is_refused():
    zone = make_zone()
    with pytest.raises(ValueError, match="look first"):
        Zone.objects.bulk_create([Zone(village=zone.village, number="01", name="甲")], ignore_conflicts=True)


def test_an_entry_tells_other_records_only_to_who_may_see_them():
    county = make_county()
    own, neighbour = make_township(county, villages=1), make_township(county, villages=1)
    zone = make_zone(neighbour.children.get())
    with audit.acting(name="test"):
        zone.village = own.children.get()
        zone.save()
    told = entries([latest(zone)], make_chair(own))[0].differences[0]
    assert neighbour.children.get().name not in (told.before, told.after)
    assert told.after == str(own.children.get())
    seen = entries([latest(zone)], make_staff(county))[0].differences[0]
    assert seen.before == str(neighbour.children.get())


def test_an_entry_says_choices_and_labels_in_words():
    village = make_village()
    told = entries([latest(village)], make_staff())[0].differences
    assert {"层级": "村"}.items() <= {each.label: each.after for each in told}.items()


def test_nobody_acting_is_entered_without_a_name():
    zone = make_zone()
    assert (latest(zone).actor, latest(zone).actor_name) == (None, "")


def test_a_note_tells_of_a_sign_in_without_a_change():
    chair = make_chair(make_township())
    audit.note(Action.SIGNED_IN, chair, chair.council_id)
    assert latest(chair).get_action_display() == "登录"


def test_more_records_than_sqlite_takes_in_one_condition_are_entered():
    village = make_village()
    without = {"phone": None, "bank_account": None}
    rows = [make_admission(village, national_id=f"{number:018}", **without) for number in range(1001)]
    assert len(admit(rows, JOINED, None).created) == 1001
    Post.objects.update(position="director")
    assert Change.objects.filter(record="members.post", action="changed").count() == 1001
