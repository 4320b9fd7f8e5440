from datetime import date
from decimal import Decimal

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from cunsao import printing
from cunsao.printing import Column, Form, lay_out, plan

pytestmark = pytest.mark.once
COLUMNS = [
    Column("序号", 12, "number"),
    Column("姓名", 40),
    Column("金额", 30, "amount", summed=True),
    Column("备注", 104),
]


def form(rows=3, remark="", **wishes):
    said = [[at, "王小梅", Decimal("200.00"), remark] for at in range(1, rows + 1)]
    return Form(**{"title": "补贴发放表", "columns": COLUMNS, "rows": said} | wishes)


def test_each_form_begins_a_sheet_and_pages_count_on():
    pages = lay_out([form(), form(60), form(0)])
    assert [page.number for page in pages] == list(range(1, len(pages) + 1))
    assert {page.of for page in pages} == {len(pages)}
    assert [page.is_last for page in pages] == [True, *[False] * (len(pages) - 3), True, True]
    assert pages[-1].rows == []


def test_sums_are_of_the_sheet_and_the_total_of_the_form():
    pages = lay_out([form(60)])
    assert sum(Decimal(page.sums[2][0].replace(",", "")) for page in pages) == Decimal(12000)
    assert {page.total[2][0] for page in pages} == {"12,000.00"}
    assert pages[0].sums[0] != ""


def test_a_form_without_sums_has_none():
    assert lay_out([form(columns=[*COLUMNS[:2], Column("金额", 30, "amount"), COLUMNS[3]])])[0].sums == []


def test_values_stand_as_they_are_read():
    assert [printing.shown(value) for value in (Decimal("1234.5"), date(2022, 1, 2), None, 3, " a\nb ")] == [
        "1,234.50", "2022-01-02", "", "3", "a b",
    ]  # fmt: skip


def test_a_long_text_takes_more_lines_and_its_sheet_fewer_rows():
    pages = lay_out([form(40)]), lay_out([form(40, "很长的备注" * 14)])
    assert [each.rows[0].lines for each, *_others in pages] == [1, 3]
    assert len(pages[0]) < len(pages[1])


def test_rows_stand_close_where_that_saves_the_second_sheet():
    """A county's thirty townships stand on one."""
    said = {rows: lay_out([form(rows, closing=["大写"])]) for rows in (25, 26, 30, 33, 34, 60)}
    assert {rows: (len(pages), pages[0].is_close) for rows, pages in said.items()} == {
        25: (1, False), 26: (1, True), 30: (1, True), 33: (1, True), 34: (2, False), 60: (3, False),
    }  # fmt: skip


@settings(deadline=None)
@given(
    st.lists(st.text(max_size=200), max_size=80),
    st.booleans(),
    st.integers(0, 3),
    st.booleans(),
    st.booleans(),
)
def test_no_sheet_is_higher_than_paper_and_no_row_is_lost(texts, landscape, closing, signed, sealed):
    said = [[at, "王", Decimal(1), text] for at, text in enumerate(texts)]
    wishes = {"signatures": ["制表："] * signed, "sealed_by": "妇联" * sealed, "closing": ["大写"] * closing}
    pages = lay_out([Form("表", COLUMNS, said, landscape=landscape, **wishes)])
    paper = 210 if landscape else 297
    for page in pages:
        around = 1.6 if page.is_close else 3.4
        rows = sum(row.lines * 4.6 + around for row in page.rows)
        sums = (4.6 + around) * (1 + page.is_last)
        end = (7 * closing + 30 * sealed) * page.is_last
        assert 24 + 22 + 12 + rows + sums + end + 14 * signed + 8 <= paper
    assert [row.cells[0][0] for page in pages for row in page.rows] == [str(at) for at in range(len(texts))]


def test_a_workbook_has_the_same_rows_and_one_total():
    made = plan(form(60, signatures=["制表："], left="江口镇", closing=["大写"]), "表")
    assert len(list(made.rows)) == 61
    assert list(made.rows)[-1][2] == Decimal(12000)
    assert made.titles[0] == "补贴发放表"
    assert made.closing[0] == "大写"
