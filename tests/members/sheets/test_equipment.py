import pytest

from members.sheets.equipment import WIDTHS, headings, rows
from tests.factories import make_account, make_member, make_township, make_village
from tests.members.imports.test_equipment import make

pytestmark = pytest.mark.django_db


def test_the_sheet_has_a_row_for_each_thing_that_is_out_and_room_to_sign(django_assert_num_queries):
    village = make_village(make_township())
    first, second = make_member(village, name="李二"), make_member(village, name="白一")
    make(first), make(second, 1), make(second, 2, kind="bicycle")
    chair = make_account(village.parent)
    with django_assert_num_queries(1):
        found = rows(village, chair)
    assert [(row[0], row[1], row[3], row[-1]) for row in found] == [
        (1, "白一", "SN0002", ""), (2, "白一", "SN0001", ""), (3, "李二", "SN0000", ""),
    ]  # fmt: skip
    assert len(headings()) == len(WIDTHS) == len(found[0])
    assert len(rows(village, chair, ["bicycle"])) == 1
    assert rows(village, make_account(make_township())) == []
