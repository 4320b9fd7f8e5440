import io

import openpyxl
import pytest
from django.urls import reverse

from councils import intake
from councils.models import Council
from cunsao import workbook
from members.models import Member
from members.sheets import template
from tests.factories import make_account, make_number, make_township, make_village, the_county, villages_of

pytestmark = pytest.mark.django_db
URL = "/imports/register/template/"


@pytest.fixture
def township():
    return make_township(villages=3, name="江口镇")


def made(council):
    stream = io.BytesIO()
    workbook.write(template.sheets(council), stream)
    return stream.getvalue()


def filled(content, *rows):
    """The template with these cells typed into the rows below the sample, by heading."""
    book = openpyxl.load_workbook(io.BytesIO(content))
    sheet = book.worksheets[0]
    at = {cell.value: cell.column for cell in sheet[1]}
    for number, row in enumerate(rows, 3):
        for heading, value in row.items():
            sheet.cell(number, at[heading], value)
    stream = io.BytesIO()
    book.save(stream)
    return stream.getvalue()


def looked_at(content, by):
    return intake.review("register", workbook.open(content, "list.xlsx"), by)


def test_the_empty_template_is_a_list_of_nobody(township):
    seen = looked_at(made(township), make_account(township))
    assert (seen.lines, seen.errors, seen.warnings) == ([], [], [])
    assert list(seen.header_rows.values()) == [1]


def test_what_is_filled_in_is_imported(township):
    first, second, _third = villages_of(township)
    chair = make_account(township)
    content = filled(
        made(township),
        {"村(社区)": first.name, "姓名": "李桂兰", "身份证号": make_number(), "职务": "会长", "入会时间": "2022-01"},
        {"村(社区)": second.name, "姓名": "赵秀英", "身份证号": make_number(), "联系电话": "13812345678"},
    )
    done = intake.apply(intake.stage(looked_at(content, chair), content, chair), chair)
    assert (done.batch.created, done.batch.rejected) == (2, 0)
    assert set(Member.objects.values_list("name", flat=True)) == {"李桂兰", "赵秀英"}


def test_villages_and_words_are_chosen_from_lists_on_a_hidden_sheet(township):
    gone = make_village(township, name="已撤村")
    Council.objects.filter(pk=gone.pk).update(closed=gone.opened)
    book = openpyxl.load_workbook(io.BytesIO(made(township)))
    hidden = next(sheet for sheet in book.worksheets if sheet.sheet_state == "veryHidden")
    columns = [[cell.value for cell in column if cell.value] for column in hidden.columns]
    assert [each.name for each in villages_of(township) if each.name != "已撤村"] in columns
    assert {"会长", "中共党员", "初中", "汉族"} <= {word for column in columns for word in column}
    rules = {rule.type: rule for rule in book.worksheets[0].data_validations.dataValidation}
    assert rules["textLength"].formula1 == "18"
    assert "身份证号" in rules["textLength"].error
    assert len(book.worksheets[0].data_validations.dataValidation) == 6


def test_numbers_are_in_columns_of_text(township):
    sheet = openpyxl.load_workbook(io.BytesIO(made(township))).worksheets[0]
    at = {cell.value: cell.column for cell in sheet[1]}
    for heading in ("身份证号", "联系电话", "银行卡号"):
        assert {sheet.cell(row, at[heading]).number_format for row in (2, 3, 200)} == {"@"}


def test_a_village_has_nothing_to_choose(township):
    village = villages_of(township)[0]
    sheet = openpyxl.load_workbook(io.BytesIO(made(village))).worksheets[0]
    assert [cell.value for cell in sheet[3]][:2] == ["江口镇", village.name]


def test_a_chair_gets_her_own_at_once_and_the_county_chooses(client, township):
    client.force_login(make_account(township))
    assert "attachment" in client.get(URL).headers["Content-Disposition"]
    client.force_login(make_account(the_county()))
    assert township in client.get(URL).context["townships"]
    assert "attachment" in client.get(URL, {"council": township.code}).headers["Content-Disposition"]
    assert client.get(URL, {"council": the_county().code}).status_code == 404


def test_nobody_gets_the_template_of_a_place_that_she_does_not_see(client, township):
    client.force_login(make_account(township))
    assert client.get(URL, {"council": make_township().code}).status_code == 404


@pytest.mark.parametrize("role", ["auditor", "county_finance", "system_administrator"])
def test_who_imports_nothing_gets_no_template(client, township, role):
    client.force_login(make_account(the_county(), role))
    assert client.get(URL).status_code == 403


def test_an_unknown_list_has_no_template(client, township):
    client.force_login(make_account(township))
    assert client.get(reverse("template", args=["nonsense"])).status_code == 404
