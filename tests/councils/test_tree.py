from datetime import date, timedelta

import pytest
from django.db import IntegrityError, transaction
from django.utils import timezone

from councils.models import Change, Council, Level, Zone
from councils.tree import Close, Create, Merge, Move, Rename, carry_out
from councils.tree_check import faults
from councils.tree_rules import TreeRefused, free_code
from tests.factories import make_account, make_county, make_township, make_village, make_zone

pytestmark = pytest.mark.django_db
TODAY = timezone.localdate()


def test_councils_stand_in_the_order_of_their_codes():
    county = make_county()
    second = carry_out(Create(Level.TOWNSHIP, county.code + "200", "乙镇"))
    first = carry_out(Create(Level.TOWNSHIP, county.code + "100", "甲镇"))
    village = carry_out(Create(Level.VILLAGE, first.code + "200", "丙村"))
    assert list(Council.objects.all()) == [county, first, village, second]
    assert list(faults()) == []


@pytest.mark.parametrize(
    ("level", "code"),
    [("township", "1"), ("village", "100200"), ("county", "100"), ("village", "100"), ("township", "100200")],
)
def test_the_database_refuses_a_code_that_does_not_fit_its_level(level, code):
    county = make_county()
    with pytest.raises(IntegrityError), transaction.atomic():
        Council.objects.create(level=level, code=county.code + code, name="甲", parent=county)


def test_the_database_refuses_a_code_that_does_not_begin_with_its_parents():
    county, other = make_county(), make_county()
    with pytest.raises(IntegrityError), transaction.atomic():
        Council.objects.create(level="township", code=other.code + "100", name="甲", parent=county)
    with pytest.raises(IntegrityError), transaction.atomic():
        Council.objects.create(level="township", code=other.code + "100", name="甲", parent=None)


def test_the_database_refuses_a_code_twice():
    county = make_county()
    with pytest.raises(IntegrityError), transaction.atomic():
        Council.objects.create(level="county", code=county.code, name="甲")


def test_a_code_that_is_taken_is_refused_in_words():
    township = make_township()
    with pytest.raises(TreeRefused, match=township.code):
        carry_out(Create(Level.TOWNSHIP, township.code, "甲镇"))


def test_nothing_is_opened_below_what_is_missing_closed_or_a_village():
    county = make_county()
    closed = make_township(county)
    carry_out(Close(closed.code, TODAY))
    for deed in (
        Create(Level.VILLAGE, county.code + "555200", "甲村"),
        Create(Level.VILLAGE, closed.code + "200", "甲村"),
        Create(Level.TOWNSHIP, make_village(make_township(county)).code[:9] + "201", "甲镇"),
        Create(Level.TOWNSHIP, county.code + "300", "  "),
    ):
        with pytest.raises(TreeRefused):
            carry_out(deed)


def test_a_renamed_council_is_found_by_its_old_name():
    village = make_village(name="旧村")
    carry_out(Rename(village.code, "新村", village.code, TODAY))
    village.refresh_from_db()
    assert (village.name, village.former_names.get().name) == ("新村", "旧村")


def test_a_township_that_becomes_a_town_takes_its_villages_codes_along():
    township = make_township(villages=2)
    old = [village.code for village in township.children.all()]
    code = township.code[:6] + "150"
    renamed = carry_out(Rename(township.code, "新镇", code, TODAY))
    assert [village.code for village in renamed.children.all()] == [code + each[9:] for each in old]
    assert [each.former_names.get().code for each in renamed.children.all()] == old
    assert list(faults()) == []


def test_a_rename_that_changes_nothing_is_refused():
    village = make_village()
    with pytest.raises(TreeRefused):
        carry_out(Rename(village.code, village.name, village.code, TODAY))


def test_a_village_moves_with_all_that_hangs_on_it_and_a_new_code():
    county = make_county()
    old, new = make_township(county), make_township(county)
    village = make_village(old, zones=2)
    account = make_account(village, "village_president")
    code = free_code(new, village.code)
    before = village.code
    moved = carry_out(Move(village.code, new.code, code, TODAY))
    account.refresh_from_db()
    assert (moved.pk, moved.parent, moved.code, account.council) == (village.pk, new, code, moved)
    assert moved.zones.count() == 2
    assert moved.former_names.get().code == before
    assert list(faults()) == []


def test_the_same_move_sent_twice_changes_nothing_the_second_time():
    county = make_county()
    village, new = make_village(make_township(county)), make_township(county)
    deed = Move(village.code, new.code, new.code + "200", TODAY)
    carry_out(deed)
    with pytest.raises(TreeRefused):
        carry_out(deed)
    assert new.children.count() == 1


def test_a_move_out_of_the_county_to_a_wrong_code_or_to_the_same_township_is_refused():
    county, elsewhere = make_county(), make_township(make_county())
    village, new = make_village(make_township(county)), make_township(county)
    for deed in (
        Move(village.code, elsewhere.code, elsewhere.code + "200", TODAY),
        Move(village.code, new.code, village.code, TODAY),
        Move(village.code, village.parent.code, village.parent.code + "777", TODAY),
        Move(new.code, village.parent.code, village.parent.code + "777", TODAY),
        Move(village.code, new.code, new.code + "200", TODAY + timedelta(days=1)),
    ):
        with pytest.raises(TreeRefused):
            carry_out(deed)


def test_a_free_code_keeps_the_last_digits_or_takes_the_next():
    county = make_county()
    one, other = make_township(county, villages=1), make_township(county, villages=1)
    village = one.children.get()
    assert free_code(other, village.code) == other.code + "201"
    assert free_code(make_township(county), village.code)[9:] == "200"


def test_a_closed_village_keeps_its_records_and_loses_its_accounts():
    village = make_village(zones=2)
    account = make_account(village, "village_president")
    carry_out(Close(village.code, TODAY))
    account.refresh_from_db()
    assert not account.is_active
    assert set(Zone.objects.filter(village=village).values_list("closed", flat=True)) == {TODAY}
    assert village not in Council.objects.open_on(TODAY)
    assert village in Council.objects.open_on(TODAY - timedelta(days=1))


def test_a_township_with_open_villages_is_not_closed():
    township = make_township(villages=1)
    with pytest.raises(TreeRefused):
        carry_out(Close(township.code, TODAY))


def test_nothing_is_closed_before_it_was_opened():
    village = make_village()
    with pytest.raises(TreeRefused):
        carry_out(Close(village.code, date(2020, 1, 1)))


def test_a_merger_moves_what_hangs_on_the_village_and_deletes_nothing():
    township = make_township()
    gone, kept = make_village(township, zones=2), make_village(township, zones=1)
    account = make_account(gone, "village_president")
    zones = set(Zone.objects.values_list("pk", flat=True))
    entries = Change.objects.filter(council=gone).count()
    carry_out(Merge(gone.code, kept.code, TODAY))
    gone.refresh_from_db()
    account.refresh_from_db()
    assert (gone.merged_into, gone.closed, account.council) == (kept, TODAY, kept)
    assert set(kept.zones.values_list("pk", flat=True)) == zones
    assert sorted(kept.zones.values_list("number", flat=True)) == ["01", "02", "03"]
    assert Change.objects.filter(council=gone).count() > entries


def test_only_two_open_villages_of_one_county_are_merged():
    county = make_county()
    township = make_township(county, villages=2)
    one, two = township.children.all()
    elsewhere = make_village(make_township(make_county()))
    for gone, kept in ((one, one), (one, township), (township, one), (one, elsewhere)):
        with pytest.raises(TreeRefused):
            carry_out(Merge(gone.code, kept.code, TODAY))
    carry_out(Merge(one.code, two.code, TODAY))
    with pytest.raises(TreeRefused):
        carry_out(Merge(one.code, two.code, TODAY))


def test_a_look_writes_nothing():
    township = make_township(villages=2)
    one, two = township.children.all()
    make_zone(one)
    entries = Change.objects.count()
    preview = Merge(one.code, two.code, TODAY).look()
    assert preview.changes
    assert Change.objects.count() == entries


def test_a_refused_deed_leaves_nothing_behind(monkeypatch):
    township = make_township(villages=1)
    village = township.children.get()

    def torn(_council):
        raise RuntimeError

    monkeypatch.setattr("councils.tree.redraw", torn)
    with pytest.raises(RuntimeError):
        carry_out(Close(village.code, TODAY))
    village.refresh_from_db()
    assert village.is_open
