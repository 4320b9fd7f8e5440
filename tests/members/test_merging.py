from datetime import date

import pytest

from councils.models import Change
from members.joining import JoiningRefused, leave
from members.merging import merge, undo, will_move
from members.models import Member, MergedRecord
from tests.factories import make_account, make_admission, make_member, make_township, make_village, make_zone

pytestmark = pytest.mark.django_db
EARLIER, LEFT = date(2021, 3, 1), date(2022, 6, 30)


def everything() -> list[object]:
    """All rows of the register by the columns that say something, to see that nothing is lost."""
    return [
        sorted(
            (str([getattr(row, field.attname) for field in model._meta.concrete_fields if not hasattr(field, "mask")]))
            for row in model._base_manager.all()
        )
        for model in (Member, *(each.related_model for each in Member._meta.related_objects))
        if model is not MergedRecord
    ]


def test_what_hangs_on_the_one_record_moves_to_the_other():
    village = make_village()
    kept = make_member(village)
    gone = make_member(village, zone_id=make_zone(village).pk)
    leave(gone, LEFT, "moved", None)
    merge(kept, gone, None)
    assert not Member.objects.filter(pk=gone.pk).exists()
    assert kept.memberships.count() == kept.posts.count() == 2
    assert kept.zone_assignments.count() == 1


def test_what_both_have_is_had_once_from_the_earlier_day():
    village = make_village()
    kept, gone = make_member(village), make_member(village, joined_on=EARLIER)
    merge(kept, gone, None)
    assert kept.memberships.get().start == kept.posts.get().start == EARLIER


@pytest.mark.parametrize("left", [False, True])
def test_undone_everything_is_as_before(left):
    village = make_village()
    kept = make_member(village, zone_id=make_zone(village).pk)
    gone = make_member(village, name="王晓梅", joined_on=EARLIER, zone_id=make_zone(village).pk, phone=None)
    if left:
        leave(gone, LEFT, "moved", None)
    before = everything()
    number = gone.national_id.clear
    record = merge(kept, gone, None)
    assert everything() != before
    back = undo(record, None)
    assert everything() == before
    assert (back.pk, back.national_id, back.phone) == (gone.pk, number, None)
    with pytest.raises(JoiningRefused):
        undo(record, None)


def test_it_is_not_undone_where_the_number_was_entered_again():
    village = make_village()
    kept, gone = make_member(village), make_member(village)
    number = gone.national_id.clear
    record = merge(kept, gone, None)
    make_member(village, national_id=number)
    with pytest.raises(JoiningRefused) as refusal:
        undo(record, None)
    assert refusal.value.code == "entered_since"
    assert Member.objects.count() == 2


def test_members_of_two_villages_are_not_merged():
    kept, gone = make_member(make_village()), make_member(make_village())
    with pytest.raises(JoiningRefused) as refusal:
        merge(kept, gone, None)
    assert refusal.value.code == "two_villages"


def test_nobody_merges_a_record_of_the_neighbour_or_one_with_itself():
    village = make_village()
    kept, other = make_member(village), make_member(make_village(make_township()))
    for pair in ((kept, other), (kept, kept)):
        with pytest.raises(JoiningRefused) as refusal:
            merge(*pair, make_account(village.parent))
        assert refusal.value.code == "out_of_scope"


def test_no_number_of_the_record_that_went_is_readable_in_table_or_trail():
    village = make_village()
    row = make_admission(village)
    kept, gone = make_member(village), make_member(village, national_id=row.national_id)
    record = merge(kept, gone, None)
    stored = MergedRecord.objects.filter(pk=record.pk).extra(select={"raw": "gone"}).values_list("raw", flat=True)[0]
    assert row.national_id.encode() not in bytes(stored)
    assert row.national_id in record.gone.clear
    assert not [each for each in Change.objects.all() if row.national_id in str(each.fields)]


def test_a_preview_names_what_will_move():
    village = make_village()
    member = make_member(village, zone_id=make_zone(village).pk)
    assert [count for _kind, count in will_move(member)] == [1, 1, 1]
