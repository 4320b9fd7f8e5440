import io
from datetime import date

import openpyxl
import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext

from councils import intake
from cunsao import workbook
from reports.activities import verify
from reports.imports.months import KEY, plan_of
from reports.imports.words import chinese
from reports.kinds import KINDS
from reports.models import Activity
from reports.sheets.month import work_sheet
from reports.tallying import Standing, Typed, enter
from tests.factories import make_account, make_chair, make_member, make_township, make_village

pytestmark = pytest.mark.django_db
MONTH = date(2022, 8, 1)
INSPECTION, ELDERLY = (chinese(KINDS[key].label) for key in ("inspection", "elderly"))


@pytest.fixture
def village():
    return make_village()


@pytest.fixture
def member(village):
    return make_member(village, name="王小梅")


@pytest.fixture
def president(village, member):
    return make_account(village)


def typed(village, member, text, by, seen=(0, 0), kind="inspection"):
    return enter(village, MONTH, [Typed(member.pk, kind, Standing(*seen), text)], by)


def downloaded(village):
    stream = io.BytesIO()
    workbook.write([plan_of(work_sheet(village, MONTH))], stream)
    return stream.getvalue()


def filled(content, **cells):
    """The workbook with values put into cells, by the column's heading, in all rows or in those of a name."""
    book = openpyxl.load_workbook(io.BytesIO(content))
    sheet = book.active
    head = next(row for row in sheet.iter_rows() if any(cell.value == KEY for cell in row))
    columns = {cell.value: cell.column for cell in head}
    for row in range(head[0].row + 1, sheet.max_row + 1):
        if sheet.cell(row, columns[KEY]).value:
            for heading, value in cells.items():
                sheet.cell(row, columns[heading]).value = value
    stream = io.BytesIO()
    book.save(stream)
    return stream.getvalue()


def reviewed(content, by):
    return intake.review("work_month", workbook.open(content, "month.xlsx"), by)


def applied(content, by):
    return intake.apply(intake.stage(reviewed(content, by), content, by), by)


def codes(seen):
    return [(each.field, each.code) for each in seen.errors]


def test_what_was_downloaded_comes_in_again_with_nothing_changed(village, member, president):
    typed(village, member, "3", president)
    seen = reviewed(downloaded(village), president)
    assert not seen.errors
    assert seen.counts == {"rows": 1, "created": 0, "updated": 0, "unchanged": 1, "rejected": 0}


def test_numbers_are_taken_in_0_takes_away_and_an_empty_cell_changes_nothing(village, member, president):
    typed(village, member, "3", president)
    typed(village, member, "5", president, kind="child")
    content = filled(downloaded(village), **{INSPECTION: 0, ELDERLY: 8, chinese(KINDS["child"].label): None})
    done = applied(content, president)
    assert (done.batch.updated, done.batch.rejected) == (1, 0)
    assert dict(Activity.objects.values_list("kind", "quantity")) == {"elderly": 8, "child": 5}
    assert applied(content, president).batch.unchanged == 1


def test_taken_back_each_cell_says_what_it_said_and_what_was_touched_is_named(village, member, president):
    typed(village, member, "3", president)
    batch = applied(filled(downloaded(village), **{INSPECTION: 9, ELDERLY: 8}), president).batch
    typed(village, member, "1", president, (1, 8), "elderly")
    left = intake.undo(batch, president)
    assert dict(Activity.objects.values_list("kind", "quantity")) == {"inspection": 3, "elderly": 1}
    assert left == [f"{village.name} 王小梅"]


def test_what_was_changed_since_the_download_is_told_and_kept(village, member, president):
    typed(village, member, "3", president)
    content = filled(downloaded(village), **{INSPECTION: 9})
    typed(village, member, "4", make_chair(village.parent), (1, 3))
    assert codes(reviewed(content, president)) == [("inspection", "overtaken")]
    assert Activity.objects.get().quantity == 4


def test_a_verified_number_stays(village, member, president):
    typed(village, member, "3", president)
    verify({Activity.objects.get().pk: 1}, make_chair(village.parent))
    assert codes(reviewed(filled(downloaded(village), **{INSPECTION: 9}), president)) == [("inspection", "verified")]


@pytest.mark.parametrize(("value", "code"), [("viele", "invalid_number"), (-1, "quantity"), (10_000, "quantity")])
def test_what_is_no_number_is_refused_in_its_column(village, member, president, value, code):
    assert codes(reviewed(filled(downloaded(village), **{INSPECTION: value}), president)) == [("inspection", code)]


def test_a_sheet_from_elsewhere_is_refused(village, member, president):
    other = make_village(make_township())
    make_member(other)
    seen = reviewed(filled(downloaded(other), **{INSPECTION: 3}), president)
    assert [code for _field, code in codes(seen)] == ["out_of_scope"]
    assert not Activity.objects.exists()


@pytest.mark.parametrize("key", ["x", "1 2 3", "1 2022-08 x", "1 2022-08 5 inspection=x", ""])
def test_a_row_whose_key_was_changed_is_refused(village, member, president, key):
    assert codes(reviewed(filled(downloaded(village), **{KEY: key, INSPECTION: 2}), president))


def test_more_rows_cost_no_more_queries(village, member, president):
    def asked():
        with CaptureQueriesContext(connection) as queries:
            reviewed(content, president)
        return len(queries)

    content = filled(downloaded(village), **{INSPECTION: 2})
    few = asked()
    make_member(village), make_member(village)
    content = filled(downloaded(village), **{INSPECTION: 2})
    assert asked() == few
