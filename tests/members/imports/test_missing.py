import pytest

from councils import intake
from cunsao import workbook
from members.imports import missing
from members.joining import leave
from tests.factories import JOINED, make_account, make_member, make_township, make_village
from tests.members.lists import HEADER, command, imported, person, sheet_of

pytestmark = pytest.mark.django_db


@pytest.fixture
def village():
    return make_village(make_township(name="江口镇"), name="振兴村委会")


def row(name="王小梅", village="振兴村", **given):
    return person("江口镇", village, name, **given)


def told(rows, by=None, whole=None):
    """The names that a whole list leaves out."""
    content = sheet_of([HEADER, *rows])
    seen = intake.review("register", workbook.open(content, "list.xlsx"), by, True, whole)
    return [each.name for each in intake.resource_of("register")(by).tell_absent(seen.absent)]


def test_who_is_in_the_register_and_not_in_the_list_is_named(village):
    stays, gone = row("王小梅"), row("陈桂芳")
    imported([HEADER, stays, gone])
    assert told([stays]) == ["陈桂芳"]
    assert told([stays, gone]) == []


def test_a_list_is_whole_of_the_villages_in_it_unless_a_township_is_named(village):
    make_village(village.parent, name="新河村委会")
    here, there = row("王小梅"), row("陈桂芳", "新河村")
    imported([HEADER, here, there])
    assert told([here]) == []
    assert told([here], whole=village.parent) == ["陈桂芳"]
    assert told([here], whole=village) == []


def test_whoever_stands_in_a_refused_row_is_not_missing(village):
    phone, number, gone = row("王小梅"), row("李秀英"), row("陈桂芳")
    imported([HEADER, phone, number, gone])
    wrong_phone = row("王小梅", number=phone[3], phone="12")
    unreadable = row("李秀英", number="341226198001010000")
    assert told([wrong_phone, unreadable]) == ["陈桂芳"]


def test_nobody_outside_the_jurisdiction_is_named(village):
    chair = make_account(make_township(name="谢桥镇"))
    make_member(village, "陈桂芳")
    assert told([row()], chair) == []
    assert told([row()], chair, village.parent) == []


def test_who_has_left_since_is_no_longer_told(village):
    stays, gone = make_member(village, "陈桂芳"), make_member(village, "李秀英")
    keys = [stays.pk, gone.pk]
    assert {each.name for each in missing.tell(keys, None)} == {"陈桂芳", "李秀英"}
    assert missing.tell(keys, make_account(make_township())) == []
    leave(gone, JOINED, "resigned", make_account(village.parent))
    assert [each.name for each in missing.tell(keys, None)] == ["陈桂芳"]


@pytest.mark.parametrize("people", [1, 3])
def test_more_missing_cost_no_more_queries(village, people, django_assert_num_queries):
    for _each in range(people):
        make_member(village)
    with django_assert_num_queries(1):
        keys = missing.absent([], village, None)
    with django_assert_num_queries(1):
        found = missing.tell(keys, None)
    assert len(found) == people


def test_the_command_tells_them_only_when_asked(capsys, tmp_path, village):
    stays, gone = row("王小梅"), row("陈桂芳")
    imported([HEADER, stays, gone])
    path = tmp_path / "list.xlsx"
    path.write_bytes(sheet_of([HEADER, stays]))
    _code, plain = command(capsys, path, "--dry-run")
    code, got = command(capsys, path, "--dry-run", "--full-list")
    assert code == 0
    assert got.pop("absent") == [{"name": "陈桂芳", "township": "江口镇", "village": "振兴村委会"}]
    assert got == plain
