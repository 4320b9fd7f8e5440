"""The month's workbook: out, filled in, and in again with the register's review."""

import io
from decimal import Decimal

import pytest
from django.urls import reverse
from openpyxl import load_workbook

from councils import intake
from councils.models import Change
from cunsao import workbook
from members import payroll
from tests.factories import make_chair, make_month, make_scheme, make_township, the_county
from tests.members.lists import sheet_of

pytestmark = pytest.mark.django_db
AMOUNT, NOTE, COUNTY = 6, 7, 5  # columns of the downloaded workbook


@pytest.fixture
def roster():
    make_scheme(township := make_township(villages=1))
    return make_month(township, members=3)


@pytest.fixture
def chair(roster):
    return make_chair(roster.township)


def downloaded(client, roster, chair):
    client.force_login(chair)
    answer = client.get(reverse("month_workbook", args=[roster.township.code, f"{roster.month:%Y-%m}"]))
    return load_workbook(io.BytesIO(b"".join(answer.streaming_content)))


def stored(book):
    stream = io.BytesIO()
    book.save(stream)
    return stream.getvalue()


def reviewed(content, by):
    return intake.review("month", workbook.open(content, "month.xlsx"), by)


def applied(content, by):
    return intake.apply(intake.stage(reviewed(content, by), content, by), by)


def counts(seen):
    return {name: count for name, count in seen.counts.items() if count and name != "rows"}


def test_the_workbook_is_grey_where_it_is_not_written_and_hides_the_key(client, roster, chair):
    sheet = downloaded(client, roster, chair).worksheets[0]
    assert sheet.protection.sheet
    assert sheet.column_dimensions["I"].hidden
    assert (sheet.cell(2, COUNTY).protection.locked, sheet.cell(2, AMOUNT).protection.locked) == (True, False)
    assert "*" in sheet.cell(2, 4).value
    assert sheet.cell(2, 9).value.startswith(f"{roster.entries.order_by('pk').first().pk}-"[:1])
    assert Change.objects.filter(action="exported", actor=chair).count() == 1


def test_what_left_comes_in_again_with_nothing_changed(client, roster, chair):
    assert counts(reviewed(stored(downloaded(client, roster, chair)), chair)) == {"unchanged": 3}


def test_what_was_filled_in_is_shown_before_and_after_and_applied_and_taken_back(client, roster, chair):
    book = downloaded(client, roster, chair)
    book.worksheets[0].cell(2, AMOUNT).value = 120
    book.worksheets[0].cell(3, NOTE).value = "评议第一"
    content = stored(book)
    seen = reviewed(content, chair)
    assert counts(seen) == {"updated": 2, "unchanged": 1}
    (line,) = [each for each in seen.lines if "amount" in each.before]
    assert (line.before["amount"], line.values["amount"]) == ("50.00", "120.00")
    done = applied(content, chair)
    assert not done.overtaken
    assert sorted(roster.entries.values_list("performance_amount", flat=True)) == [50, 50, 120]
    assert roster.entries.filter(note="评议第一", changed_by=chair).count() == 1
    assert intake.undo(done.batch, chair) == []
    assert set(roster.entries.values_list("performance_amount", "note")) == {(Decimal(50), "")}


def test_who_typed_an_id_number_needs_no_key(roster, chair):
    member = roster.entries.first().member
    rows = [["姓名", "身份证号", "绩效补贴", "月份"], [member.name, member.national_id.clear, "80", "2022年7月"]]
    applied(sheet_of(rows), chair)
    assert roster.entries.get(member=member).performance_amount == 80


def test_who_was_overtaken_is_told_by_row(client, roster, chair):
    book = downloaded(client, roster, chair)
    key = int(book.worksheets[0].cell(2, 9).value.partition("-")[0])
    book.worksheets[0].cell(2, AMOUNT).value = 90
    other = make_chair(roster.township)
    payroll.enter(roster.entries.get(pk=key), "performance_amount", "60", 0, other)
    seen = reviewed(stored(book), chair)
    (error,) = seen.errors
    assert (error.code, str(other) in error.message, "60.00" in error.message) == ("overtaken", True, True)


def test_overtaken_between_the_look_and_the_writing(client, roster, chair):
    book = downloaded(client, roster, chair)
    key = int(book.worksheets[0].cell(2, 9).value.partition("-")[0])
    book.worksheets[0].cell(2, AMOUNT).value = 90
    content = stored(book)
    batch = intake.stage(reviewed(content, chair), content, chair)
    payroll.enter(roster.entries.get(pk=key), "performance_amount", "60", 0, make_chair(roster.township))
    assert intake.apply(batch, chair).overtaken
    assert roster.entries.get(pk=key).performance_amount == 60


@pytest.mark.parametrize(
    ("column", "value", "code"),
    [
        (AMOUNT, 301, "against_rules"),
        (AMOUNT, -1, "against_rules"),
        (COUNTY, 500, "fixed"),
        (3, "李四", "another_name"),
    ],
)
def test_what_cannot_stand_is_refused_by_row(client, roster, chair, column, value, code):
    book = downloaded(client, roster, chair)
    book.worksheets[0].cell(2, column).value = value
    seen = reviewed(stored(book), chair)
    assert [each.code for each in seen.errors] == [code]
    assert seen.counts["rejected"] == 1


def test_a_month_that_was_handed_in_takes_nothing(client, roster, chair):
    book = downloaded(client, roster, chair)
    book.worksheets[0].cell(2, AMOUNT).value = 90
    roster.refresh_from_db()
    payroll.submit(roster, roster.version, chair)
    assert [each.code for each in reviewed(stored(book), chair).errors] == ["locked"]


def test_another_townships_rows_are_not_found(client, roster, chair):
    book = downloaded(client, roster, chair)
    book.worksheets[0].cell(2, AMOUNT).value = 90
    stranger = make_chair(make_township(the_county(), villages=1))
    seen = reviewed(stored(book), stranger)
    assert {each.code for each in seen.errors} == {"not_in_month"}


def test_a_row_twice_is_refused(roster, chair):
    member = roster.entries.first().member
    row = [member.name, member.national_id.clear, "80", "2022-07"]
    seen = reviewed(sheet_of([["姓名", "身份证号", "绩效补贴", "月份"], row, row]), chair)
    assert [each.code for each in seen.errors] == ["duplicate_row"]
