import io
from datetime import date

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.urls import reverse
from openpyxl import Workbook, load_workbook

from councils.models import Action, Change
from reports import filling
from tests.factories import (
    make_account,
    make_activity,
    make_chair,
    make_county,
    make_member,
    make_staff,
    make_township,
    villages_of,
)

pytestmark = pytest.mark.django_db
DAY = date(2022, 8, 31)


@pytest.fixture
def county():
    """Two townships: 慎城镇 with two members and work in 2021 and 2022, and one with a single member."""
    county = make_county()
    township = make_township(county, villages=2, name="慎城镇")
    one, two = villages_of(township)
    member = make_member(one)
    member.memberships.update(start=date(2021, 1, 1))
    make_member(two)
    for day, quantity in ((date(2021, 5, 4), 7), (date(2022, 2, 1), 4), (date(2022, 8, 2), 2)):
        make_activity(one, member, kind="elderly", quantity=quantity, day=day)
    make_member(villages_of(make_township(county, villages=1, name="谢桥镇"))[0])
    return county


def workbook(*marks):
    book = Workbook()
    for number, mark in enumerate(marks, 1):
        book.active.cell(number, 1, mark)
    held = io.BytesIO()
    book.save(held)
    return held.getvalue()


def filled(user, *marks):
    form = filling.read(workbook(*marks), user.council, DAY, user)
    assert form.faults == []
    sheet = load_workbook(io.BytesIO(filling.fill(form))).active
    return [row[0].value for row in sheet.iter_rows()]


def fault(user, mark):
    form = filling.read(workbook(mark), user.council, DAY, user)
    assert len(form.faults) == 1, form
    with pytest.raises(ValueError):
        filling.fill(form)
    return form.faults[0]


@pytest.mark.parametrize(
    ("mark", "value"),
    [
        ("{{members}}", 3),
        ("{{ 村嫂 }}", 3),
        ("｛｛members｜township＝慎城镇｝｝", 2),
        ("{{members|乡镇=慎城镇}}", 2),
        ("{{elderly_visits}}", 13),
        ("{{elderly_visits|2021}}", 7),
        ("{{elderly_visits|2022年}}", 6),
        ("{{elderly_visits|2022-08}}", 2),
        ("{{elderly_visits|2022年8月}}", 2),
        ("{{elderly_visits|2022Q1}}", 4),
        ("{{elderly_visits|2022年第三季度}}", 2),
        ("{{elderly_visits|2022-02-28}}", 11),
        ("{{elderly_visits|2021|township=谢桥镇}}", 0),
        ("{{elderly_visits|township=慎城镇|2021}}", 7),
        ("关爱老人{{elderly_visits}}人次，村嫂{{members}}人", "关爱老人13人次，村嫂3人"),
    ],
)
def test_a_mark_becomes_the_figure_it_names(county, mark, value):
    assert filled(make_staff(county), "标题", mark) == ["标题", value]


def test_a_village_is_named_within_its_township(county):
    village = villages_of(county.children.first())[0]
    assert filled(make_staff(county), f"{{{{members|township=慎城镇|village={village}}}}}") == [1]


@pytest.mark.parametrize(
    ("mark", "why"),
    [
        ("{{memebers}}", "没有叫“memebers”的指标"),
        ("{{members|2022-13}}", "“2022-13”不是时间"),
        ("{{members|2022-02-30}}", "“2022-02-30”不是时间"),
        ("{{members|去年}}", "“去年”不是时间"),
        ("{{members|2099}}", "还没开始"),
        ("{{members|2021|2022}}", "两个时间"),
        ("{{members|town=慎城镇}}", "不是单位类别"),
        ("{{members|township=无名镇}}", "没有叫“无名镇”的单位"),
        ("{{members", "缺开头或结尾"),
        ("members}} {{members}}", "缺开头或结尾"),
        ("{{}}", "没有叫“”的指标"),
    ],
)
def test_a_mark_that_cannot_be_filled_in_is_told_by_cell_and_holds_back_all(county, mark, why):
    told = fault(make_staff(county), mark)
    assert (told.sheet, told.place) == ("Sheet", "A1")
    assert why in told.why
    assert told.mark in mark or told.mark.strip("{}") == mark.strip("{}")
    assert told.remedy


@pytest.mark.parametrize("what", ["township=谢桥镇", "township=县", "village=341226"])
def test_a_place_outside_the_jurisdiction_is_not_filled_in(county, what):
    told = fault(make_chair(county.children.first()), f"{{{{members|{what}}}}}")
    assert told.remedy


def test_a_foreign_place_is_told_as_one_outside(county):
    assert "不在您的管辖范围内" in fault(make_chair(county.children.first()), "{{members|township=谢桥镇}}").why


def test_a_figure_of_records_that_a_role_does_not_see_is_refused(county):
    assert "看不到" in fault(make_account(county, "county_finance"), "{{elderly_visits}}").why


def test_the_upload_comes_back_filled_and_stands_in_the_trail(client, staff):
    answer = upload(client, workbook("{{members}}"))
    assert load_workbook(io.BytesIO(b"".join(answer))).active["A1"].value == 3
    entry = Change.objects.filter(action=Action.EXPORTED, actor=staff).get()
    assert "上报.xlsx" in str(entry.fields)


def test_faults_are_shown_with_their_cells_and_nothing_leaves(client, staff):
    answer = upload(client, workbook("{{members}}", "{{nonsense}}"))
    assert answer.status_code == 400
    text = answer.content.decode()
    assert "A2" in text
    assert "{{nonsense}}" in text
    assert not Change.objects.filter(action=Action.EXPORTED).exists()


@pytest.mark.parametrize("content", [b"PK\x03\x04 nothing", b"no workbook", workbook("no mark")])
def test_a_file_that_is_none_is_refused_in_words(client, staff, content):
    answer = upload(client, content)
    assert answer.status_code == 400
    assert 'role="alert"' in answer.content.decode()


def upload(client, content):
    file = SimpleUploadedFile("上报.xlsx", content)
    return client.post(reverse("fill_form"), {"place": "", "day": "2022-08-31", "file": file})


def test_the_page_lists_all_marks_that_the_reader_may_use(client, county):
    client.force_login(make_account(county, "county_finance"))
    text = client.get(reverse("fill_form")).content.decode()
    assert "{{members}}" in text
    assert "{{elderly_visits}}" not in text
