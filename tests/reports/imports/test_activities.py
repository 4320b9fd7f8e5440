import io

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.utils import translation

from councils import intake
from councils.intake.resource import resource_of
from cunsao import workbook
from reports.activities import change, verify
from reports.imports.words import chinese
from reports.kinds import KINDS
from reports.models import Activity
from tests.factories import (
    make_account,
    make_activity,
    make_chair,
    make_member,
    make_staff,
    make_township,
    make_village,
    make_zone,
)
from tests.members.lists import sheet_of

pytestmark = pytest.mark.django_db
HEADER = ["日期", "乡镇", "村(社区)", "事项", "数量", "村嫂", "地点", "内容"]
SAID = "共20人到场，看了沟渠"  # begins as a sum of persons would


@pytest.fixture
def village():
    return make_village(make_township(name="江口镇"), name="振兴村")


@pytest.fixture
def member(village):
    return make_member(village, name="王小梅")


@pytest.fixture
def president(village):
    return make_account(village)


def row(kind="inspection", day="2022-08-10", quantity=2, who="王小梅", place="村部", text=SAID, village="振兴村"):
    return [day, "江口镇", village, chinese(KINDS[kind].label) if kind in KINDS else kind, quantity, who, place, text]


def reviewed(rows, by, content=None):
    content = content or sheet_of(rows)
    return intake.review("activities", workbook.open(content, "list.xlsx"), by), content


def imported(rows, by):
    seen, content = reviewed(rows, by)
    return intake.apply(intake.stage(seen, content, by), by)


def codes(seen):
    return [(each.row, each.field, each.code) for each in seen.errors]


def exported(by):
    columns, rows = resource_of("activities").export_rows(Activity.objects.visible_to(by))
    stream = io.BytesIO()
    workbook.write([workbook.Plan(name="list", columns=columns, rows=rows)], stream)
    return stream.getvalue()


def test_a_list_is_taken_in_and_once_more_changes_nothing(village, member, president):
    make_member(village, name="李桂兰")
    rows = [HEADER, row(), row("elderly", who="王小梅 李桂兰", text="")]
    applied = imported(rows, president)
    assert (applied.batch.created, applied.batch.rejected) == (2, 0)
    first, second = Activity.objects.order_by("pk")
    assert (first.text, first.quantity, first.place, first.source) == (SAID, 2, "村部", "import")
    assert (second.doers, second.recorded_by) == ("王小梅、李桂兰", president)
    seen, _content = reviewed(rows, president)
    assert seen.counts == {"rows": 2, "created": 0, "updated": 0, "unchanged": 2, "rejected": 0}


@pytest.mark.parametrize("language", ["zh-hans", "en"])
def test_what_is_exported_comes_in_again_with_nothing_changed(village, member, president, language):
    make_activity(
        village, member, kind="beautiful_family", zone=make_zone(village, name="东头网格").pk, text="共20人到场",
        particulars={"level": "county", "persons": 12},
    )  # fmt: skip
    make_activity(village, member, kind="courtyard", household="张三", particulars={"level": "township"})
    make_activity(village, member, make_member(village, name="王小梅"), kind="feast")
    with translation.override(language):
        seen, _content = reviewed([], president, exported(president))
    assert not seen.errors
    assert seen.counts == {"rows": 3, "created": 0, "updated": 0, "unchanged": 3, "rejected": 0}


def test_a_row_with_a_number_changes_that_record_and_is_taken_back(village, member, president):
    made = make_activity(village, member, quantity=2, text=SAID, by=president)
    make_member(village, name="李桂兰")
    rows = [["记录编号", *HEADER], [made.pk, *row(quantity=7, who="李桂兰", place="")]]
    seen, content = reviewed(rows, president)
    assert seen.lines[0].before == {"quantity": "2", "members": "王小梅"}
    applied = intake.apply(intake.stage(seen, content, president), president)
    made.refresh_from_db()
    assert (applied.batch.updated, made.quantity, made.doers) == (1, 7, "李桂兰")
    assert intake.undo(applied.batch, president) == []
    made.refresh_from_db()
    assert (made.quantity, made.doers, list(made.members.all())) == (2, "王小梅", [member])


def test_taken_back_what_is_new_goes_and_what_was_touched_stays(village, member, president):
    applied = imported([HEADER, row(), row(quantity=3), row(quantity=4)], president)
    touched = Activity.objects.get(quantity=3)
    change(touched, president, 1, place="桥头")
    verify({Activity.objects.get(quantity=4).pk: 1}, make_chair(village.parent))
    left = intake.undo(applied.batch, president)
    assert len(left) == 2
    assert sorted(Activity.objects.values_list("quantity", flat=True)) == [3, 4]


@pytest.mark.parametrize(
    ("said", "code"),
    [
        ({"kind": "跳舞"}, ("kind", "invalid_choice")),
        ({"kind": "dispute"}, ("kind", "own_table")),
        ({"kind": "courtyard"}, ("household", "invalid")),
        ({"who": "赵外人"}, ("members", "unknown_member")),
        ({"day": "2021-01-01"}, ("members", "unknown_member")),
        ({"day": "前天"}, ("day", "invalid_date")),
        ({"quantity": "很多"}, ("quantity", "invalid_number")),
        ({"quantity": 10_000}, ("quantity", "quantity")),
        ({"village": "无此村"}, ("village", "unknown_village")),
        ({"village": "邻村"}, ("village", "out_of_scope")),
    ],
    ids=str,
)
def test_a_refused_row_says_where_and_holds_back_no_other(village, member, president, said, code):
    make_village(village.parent, name="邻村")
    seen, content = reviewed([HEADER, row(**said), row()], president)
    assert codes(seen) == [(2, *code)]
    assert intake.apply(intake.stage(seen, content, president), president).batch.created == 1


def test_namesakes_and_rows_that_stand_twice_are_told(village, member, president):
    make_member(village, name="王小梅")
    seen, _content = reviewed([HEADER, row()], president)
    assert codes(seen) == [(2, "members", "ambiguous_member")]
    make_member(village, name="李桂兰")
    seen, _content = reviewed([HEADER, row(who="李桂兰"), row(who="李桂兰")], president)
    assert codes(seen) == [(3, "kind", "duplicate_in_file")]


def test_neither_verified_records_nor_those_of_others_are_changed(village, member, president):
    made = make_activity(village, member, by=president)
    foreign = make_activity(make_village(village.parent, name="别村"))
    verify({made.pk: 1}, make_chair(village.parent))
    header = ["记录编号", *HEADER]
    rows = [header, [made.pk, *row()], [foreign.pk, *row(text="甲")], [999_999, *row(text="乙")]]
    seen, _content = reviewed(rows, president)
    assert codes(seen) == [(2, "number", "verified"), (3, "number", "unknown_record"), (4, "number", "unknown_record")]
    assert seen.errors[1].message == seen.errors[2].message


def test_what_was_changed_meanwhile_is_overtaken(village, member, president):
    made = make_activity(village, member, by=president)
    seen, content = reviewed([["记录编号", *HEADER], [made.pk, *row(quantity=7)]], president)
    batch = intake.stage(seen, content, president)
    change(made, president, 1, quantity=5)
    applied = intake.apply(batch, president)
    made.refresh_from_db()
    assert (made.quantity, [each.code for each in applied.overtaken]) == (5, ["overtaken"])


def test_a_longer_list_costs_no_more_queries(village, member, president):
    counts = []
    for many in (1, 20):
        rows = [HEADER, *(row(quantity=1 + at, text=f"第{at}次") for at in range(many))]
        with CaptureQueriesContext(connection) as asked:
            assert reviewed(rows, president)[0].counts["created"] == many
        counts.append(len(asked))
    assert counts[0] == counts[1]


def test_an_auditor_brings_no_list(village):
    assert not make_staff(role="auditor").has_perm(resource_of("activities").permission)
