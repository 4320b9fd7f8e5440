from datetime import date, datetime

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.utils import translation

from councils import intake, tree
from councils.models import Level, Zone
from cunsao import workbook
from members import exports
from members.models import Member, Membership
from tests.factories import make_account, make_member, make_number, make_township, make_village, make_zone
from tests.members.lists import HEADER, codes, imported, person, reviewed, sheet_of

pytestmark = pytest.mark.django_db


@pytest.fixture
def township():
    return make_township(name="江口镇")


@pytest.fixture
def village(township):
    return make_village(township, name="振兴村委会")


def test_a_heading_in_two_rows_is_one_heading(village):
    rows = [
        ["江口镇村嫂花名册"],
        ["序号", "所在村", "基本情况", "", "", "银行信息", ""],
        ["", "", "姓名", "身份证号码", "手机", "开户行", "账号"],
        [1, "振兴村", "王小梅", make_number(), "13812345678", "农商行", "62170000001234567"],
    ]
    seen = reviewed(rows, merged=("A2:A3", "B2:B3", "C2:E2", "F2:G2"))
    assert not seen.errors
    assert seen.lines[0].values["bank_account"] == "62170000001234567"
    assert seen.counts["created"] == 1


def test_a_heading_repeated_inside_is_no_row_and_may_order_its_columns_anew(village):
    turned = ["姓名", "村(社区)", "乡镇", "联系电话", "身份证号"]
    rows = [
        HEADER,
        person("江口镇", "振兴村"),
        turned,
        ["李秀英", "振兴村", "江口镇", "13812345679", make_number()],
    ]
    seen = reviewed(rows)
    assert [line.values["name"] for line in seen.lines] == ["王小梅", "李秀英"]
    assert not seen.errors


@pytest.mark.parametrize(
    "foot",
    [
        ["合计", "", "1人"],
        ["合　计", "", "", "", "2"],
        ["", "小计", "共1人"],
        ["审核人：张三", "", "填表人：李四", "", "联系电话：0558-4412345"],
        ["注：本表一式两份"],
        ["备注：请于月底前报送", "", "", "", ""],
        ["", "", "", "", "", "", "", "2022年9月30日"],
        ["江口镇", "振兴村", "", "", "", "第1网格", "会员"],
    ],
)
def test_sums_signatures_notes_and_rows_without_a_person_are_left_out(village, foot):
    assert reviewed([HEADER, person("江口镇", "振兴村"), foot]).counts["rows"] == 1


def test_a_row_that_lacks_its_number_is_told_and_not_dropped(village):
    rows = [HEADER, person("江口镇", "振兴村", number=""), ["江口镇", "振兴村", "", "", "13812345678"]]
    assert codes(reviewed(rows)) == [
        (2, "national_id", "missing"), (3, "name", "missing"), (3, "national_id", "missing"),
    ]  # fmt: skip


def test_the_sample_row_of_a_template_is_skipped(village):
    rows = [HEADER, person("江口镇", "振兴村", "王小梅（示例）"), person("江口镇", "振兴村")]
    assert [line.row for line in reviewed(rows).lines] == [3]


def test_unknown_columns_are_told_and_known_useless_ones_too(village):
    seen = reviewed([[*HEADER, "血型", "年龄", "序号"], [*person("江口镇", "振兴村"), "A", 44, 1]])
    told = [(each.field, each.code) for each in seen.warnings]
    assert ("血型", "unknown_column") in told
    assert ("年龄", "unused_column") in told
    assert not [each for each in told if each[0] == "序号"]


def test_somebody_elses_name_and_phone_are_not_hers(village):
    rows = [[*HEADER, "紧急联系人电话", "户主姓名"], [*person("江口镇", "振兴村"), "13900000000", "张三"]]
    values = reviewed(rows).lines[0].values
    assert (values["name"], values["phone"]) == ("王小梅", "13812345678")


@pytest.mark.parametrize(
    ("title", "above", "section"),
    [
        ("振兴村", [], []),
        ("振兴村委会花名册", [], []),
        ("Sheet1", [["颍上县江口镇振兴村村嫂理事会花名册"]], []),
        ("Sheet1", [], [["振兴村"]]),
    ],
    ids=["sheet", "within the sheet's name", "title", "row above"],
)
def test_without_a_column_the_village_stands_above(village, title, above, section):
    row = ["王小梅", make_number(), "13812345678"]
    heading = ["姓名", "身份证号", "联系电话"]
    merged = (f"A{len(above) + 2}:C{len(above) + 2}",) if section else ()
    seen = reviewed([*above, heading, *section, row], title=title, merged=merged)
    assert [line.council for line in seen.lines] == [village.pk]


def test_a_village_name_that_two_townships_have_needs_the_township(village):
    make_village(make_township(name="谢桥镇"), name="振兴村委会")
    assert codes(reviewed([HEADER, person("", "振兴村")])) == [(2, "village", "ambiguous_village")]
    assert not reviewed([HEADER, person("江口镇", "振兴村")]).errors
    assert reviewed([HEADER, person("", "振兴村")], title="江口镇").lines[0].council == village.pk


def test_an_empty_village_in_a_list_with_that_column_is_missing(village):
    rows = [HEADER, person("江口镇", "振兴村"), person("江口镇", "")]
    assert codes(reviewed(rows)) == [(3, "village", "missing")]


def test_a_village_by_its_former_name_and_code_is_found(village):
    tree.carry_out(tree.Rename(village.code, "新华村委会", village.code[:9] + "299", date(2024, 1, 1)))
    for said in ("振兴村", "振兴", village.code, "新华村"):
        assert not reviewed([HEADER, person("江口镇", said)]).errors, said


@pytest.mark.parametrize(
    ("given", "field", "code"),
    [
        ({"number": 341226198001011000}, "national_id", "id_lost_digits"),
        ({"number": "3.41226E+17"}, "national_id", "id_lost_digits"),
        ({"number": "341226********0047"}, "national_id", "invalid_id"),
        ({"number": "34122619800101004"}, "national_id", "invalid_id"),
        ({"phone": "1381234567"}, "phone", "invalid_phone"),
        ({"position": "村长"}, "position", "invalid_choice"),
        ({"name": "王小梅1"}, "name", "invalid_name"),
        ({"name": "王"}, "name", "invalid_name"),
    ],
)
def test_each_wrong_cell_is_told_by_its_code(village, given, field, code):
    assert codes(reviewed([HEADER, person("江口镇", "振兴村", **given)])) == [(2, field, code)]


@pytest.mark.parametrize("name", ["买买提·阿依古丽", "买买提•阿依古丽", "欧阳 修", "㛃小梅"])
def test_rare_and_long_names_are_names(village, name):
    assert not reviewed([HEADER, person("江口镇", "振兴村", name)]).errors


@pytest.mark.parametrize(
    ("cell", "kept"),
    [
        ("2019.5.1", "2019-05-01"), ("2019年5月", "2019-05-01"), (datetime(2019, 5, 1), "2019-05-01"),  # noqa: DTZ001
        (43586, "2019-05-01"), ("2019-13-01", None), ("去年", None), ("2999-01-01", None),
    ],
)  # fmt: skip
def test_days_are_read_as_people_write_them(village, cell, kept):
    seen = reviewed([[*HEADER, "入会时间"], [*person("江口镇", "振兴村"), cell]])
    assert seen.lines[0].values.get("joined_on") == kept
    assert codes(seen) == ([] if kept else [(2, "joined_on", "invalid_date")])


def test_a_formula_in_place_of_a_number_is_told(village):
    seen = reviewed([HEADER, person("江口镇", "振兴村", phone="=1+1")])
    assert codes(seen) == [(2, "phone", "invalid_phone")]


def test_a_doubtful_account_is_kept_and_one_that_lost_digits_is_not(village):
    heading = [*HEADER, "银行卡号"]
    rows = [heading, [*person("江口镇", "振兴村"), "62170000001234567"], [*person("江口镇", "振兴村"), 6.217e18]]
    with translation.override("en"):
        seen = reviewed(rows)
    assert not seen.errors
    doubts = [each for each in seen.warnings if each.code == "bank_account_check"]
    assert [each.row for each in doubts] == [2, 3]
    assert ["this number is not" in each.message for each in doubts] == [False, True]
    assert ["bank_account" in line.values for line in seen.lines] == [True, False]


def test_the_same_list_twice_changes_nothing(village):
    rows = [HEADER, person("江口镇", "振兴村", zone="第3网格、第5网格", position="理事")]
    assert imported(rows).batch.created == 1
    again = imported(rows).batch
    assert (again.created, again.updated, again.unchanged) == (0, 0, 1)
    assert [zone.number for zone in Zone.objects.order_by("number")] == ["03", "05"]


def test_an_empty_or_masked_cell_changes_nothing(village):
    row = person("江口镇", "振兴村", zone="东网格", position="理事")
    imported([HEADER, row])
    number = row[3]
    for emptied in ({"phone": "", "zone": "", "position": ""}, {"phone": "138****5678"}, {"phone": "无"}):
        seen = reviewed(
            [HEADER, person("江口镇", "振兴村", number=number, **{"zone": "东网格", "position": "理事"} | emptied)]
        )
        assert seen.counts["unchanged"] == 1


def test_what_a_list_says_anew_is_changed_with_what_was_before(village):
    row = person("江口镇", "振兴村", zone="东网格")
    imported([HEADER, row])
    anew = person("江口镇", "振兴村", number=row[3], phone="13900000000", zone="西网格", position="理事")
    seen = reviewed([HEADER, anew])
    assert seen.lines[0].before == {"phone": "13812345678", "zone": "东网格", "position": "会员"}
    imported([HEADER, anew])
    member = Member.objects.get()
    assert member.phone == "13900000000"
    assert member.posts.get(end=None).position == "director"
    assert member.zone_assignments.get(end=None).zone.name == "西网格"
    assert reviewed([HEADER, anew]).counts["unchanged"] == 1


def test_two_presidents_in_one_village_are_one_too_many(village):
    rows = [HEADER, *(person("江口镇", "振兴村", position="会长") for _each in range(2))]
    assert codes(reviewed(rows)) == [(3, "position", "invalid_choice")]


def test_a_president_gives_way_where_the_list_gives_her_another_post(village):
    first, second = person("江口镇", "振兴村", position="会长"), person("江口镇", "振兴村")
    imported([HEADER, first, second])
    first[-1], second[-1] = "理事", "会长"
    assert codes(reviewed([HEADER, second])) == [(2, "position", "invalid_choice")]
    assert imported([HEADER, second, first]).batch.updated == 2
    assert village.posts.get(position="president", end=None).member.national_id == second[3]


def test_nobody_is_moved_by_a_list(village, township):
    member = make_member(make_village(township, name="建设村委会"))
    row = person("江口镇", "振兴村", number=member.national_id.clear)
    for by in (None, make_account(township)):
        seen = reviewed([HEADER, row], by)
        assert codes(seen) == [(2, "village", "transfer")]
        assert "建设" in seen.errors[0].message


def test_of_a_woman_in_another_township_nothing_is_said(village, township):
    member = make_member(make_village(make_township(name="谢桥镇"), name="建设村委会"), name="李秀英")
    seen = reviewed([HEADER, person("江口镇", "振兴村", number=member.national_id.clear)], make_account(township))
    assert seen.counts["rejected"] == 1
    told = "".join(each.message for each in [*seen.errors, *seen.warnings])
    assert not [word for word in ("建设", "谢桥", "李秀英", "振兴") if word in told]
    assert not seen.lines[0].before


def test_villages_of_others_are_out_of_scope(village):
    chair = make_account(make_township(name="谢桥镇"))
    for said in ("江口镇", ""):
        assert codes(reviewed([HEADER, person(said, "振兴村")], chair)) == [(2, "village", "out_of_scope")]


def test_who_comes_back_keeps_her_record(village):
    row = person("江口镇", "振兴村")
    imported([HEADER, row])
    Membership.objects.update(end=date(2099, 1, 1), reason="moved", start=date(2020, 1, 1))
    Membership.objects.update(end=date(2021, 1, 1))
    Member.objects.get().posts.update(end=date(2021, 1, 1), start=date(2020, 1, 1))
    assert imported([HEADER, row]).batch.updated == 1
    assert Member.objects.get().memberships.count() == 2


@pytest.mark.parametrize("by_county", [False, True])
def test_more_rows_cost_no_more_queries(village, by_county):
    by = make_account(village.parent.parent) if by_county else None
    make_zone(village)
    counted = []
    for size in (1, 3):
        content = sheet_of([HEADER, *(person("江口镇", "振兴村", zone=f"第{size + 1}网格") for _each in range(size))])
        with CaptureQueriesContext(connection) as seen:
            looked = intake.review("register", workbook.open(content, "list.xlsx"), by)
        batch = intake.stage(looked, content, by)
        with CaptureQueriesContext(connection) as written:
            intake.apply(batch, by)
        counted.append((len(seen), len(written)))
    assert counted[0] == counted[1]
    assert counted[0][0] <= 10
    assert counted[0][1] <= 60


def test_the_unmasked_export_imports_again_with_no_change(village):
    heading = [*HEADER, "政治面貌", "文化程度", "民族", "入会时间", "开户行", "银行卡号", "备注"]
    row = [
        *person("江口镇", "振兴村", zone="东网格"),
        "党员",
        "职高",
        "回",
        "2019年5月",
        "农商行",
        "62170000001234567",
        "腿伤",
    ]
    imported([heading, row])
    out = exports.rows(exports.everybody(None), None, unmasked=True, reason="test")
    again = reviewed([[column.heading for column in exports.COLUMNS], *out])
    assert (again.counts["unchanged"], again.errors) == (1, [])


def test_level_of_a_village_is_told_by_its_ending(township):
    village = make_village(township, name="罗桥村委会")
    community = tree.carry_out(tree.Create(Level.COMMUNITY, f"{township.code}001", "罗桥社区居委会"))
    rows = [HEADER, person("江口镇", "罗桥村"), person("江口镇", "罗桥社区"), person("江口镇", "罗桥")]
    seen = reviewed(rows)
    assert [line.council for line in seen.lines] == [village.pk, community.pk, None]
    assert codes(seen) == [(4, "village", "ambiguous_village")]
