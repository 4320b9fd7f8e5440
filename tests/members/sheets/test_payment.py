"""The payment sheet and the public notice, on paper and as workbooks."""

import io
from dataclasses import replace
from datetime import date
from decimal import Decimal

import openpyxl
import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.urls import reverse

from councils.models import Change
from cunsao.personal_data import Secret
from members import payroll
from members.models import Member
from members.sheets import notice, payment
from tests.factories import (
    make_account,
    make_approved,
    make_member,
    make_month,
    make_published,
    make_staff,
    make_township,
    make_village,
    the_county,
    villages_of,
)

pytestmark = pytest.mark.django_db


def sheet(client, place, name="payment_sheet", **asked):
    return client.get(reverse(name, args=[place.code, "2022-07"]), asked)


def test_the_sheet_says_who_gets_what_and_the_sum_in_capitals():
    roster = make_approved(members=3)
    village, summary = payment.forms(roster)
    assert [row[5] for row in village.rows] == [Decimal(200)] * 3
    assert "陆佰元整" in village.closing[0]
    assert [row[1:6] for row in summary.rows] == [
        [villages_of(roster.township)[0].name, 3, Decimal(600), Decimal(0), Decimal(600)]
    ]
    assert summary.sealed_by


def test_it_is_the_frozen_copy_once_approved_and_a_draft_before():
    draft = make_month(members=1)
    assert "（草稿）" in payment.forms(draft)[0].title
    assert not payment.forms(draft)[-1].sealed_by
    approved = make_approved(make_township(villages=1), members=1)
    member = approved.entries.get().member
    member.name = "改名"
    member.save()
    form = payment.forms(approved)[0]
    assert "（草稿）" not in form.title
    assert form.rows[0][1] == "王小梅"


def test_a_correction_stands_in_her_one_line():
    july = make_approved(members=1)
    make_month(july.township, date(2022, 8, 1))
    payroll.correct(july.entries.get(), Decimal(-150), date(2022, 8, 1), make_staff(), "多发")
    (row,) = payment.forms(july.township.rosters.get(month=date(2022, 8, 1)))[0].rows
    assert row[5] == Decimal(50)
    assert "2022-07" in row[7]
    assert "-150" in row[7]


def test_each_village_begins_a_sheet_and_one_is_printed_alone(client):
    township = make_township(villages=2)
    for village in villages_of(township):
        make_member(village)
    make_month(township)
    client.force_login(make_account(township))
    assert len(sheet(client, township).context["pages"]) == 3
    (page,) = sheet(client, villages_of(township)[0]).context["pages"]
    assert len(page.rows) == 1


def test_no_whole_number_stands_in_either(client):
    roster = make_published(members=2)
    client.force_login(make_account(roster.township))
    for name in ("payment_sheet", "notice_sheet"):
        text = sheet(client, roster.township, name).text
        for member in Member.objects.all():
            assert not any(number.clear in text for number in (member.national_id, member.phone, member.bank_account))
            assert (str(member.national_id) in text) == (name == "payment_sheet")


def test_a_row_of_the_notice_holds_no_number_of_a_person():
    good = notice.Row("村", "王小梅", Decimal(200), Decimal(0))
    secret = Secret("341226198001010047", "341226********0047")
    for wrong in ({"name": secret}, {"village": secret}, {"county": secret}, {"name": "13812345678"}, {"county": 200}):
        with pytest.raises(TypeError):
            replace(good, **wrong)


def test_a_number_typed_into_a_name_is_not_hung_up():
    roster = make_month(members=0)
    make_member(villages_of(roster.township)[0], name="王小梅")
    member = Member.objects.get()
    Member.objects.filter(pk=member.pk).update(name="王 13812345678")
    roster = make_published(roster.township, members=0)
    assert notice.rows(roster)[0].name == "王 ＊"


def test_the_notice_says_its_days_and_whom_to_tell():
    roster = make_published(members=1)
    (form,) = notice.forms(roster)
    assert f"{roster.notice_until:%Y-%m-%d}" in form.closing[0]
    assert str(roster.township) in form.closing[1]


@pytest.mark.parametrize(
    ("role", "sheets", "notices"),
    [
        ("county_staff", (200, 200), (200, 200)), ("county_finance", (200, 200), (200, 200)),
        ("auditor", (200, 200), (200, 200)), ("system_administrator", (403, 403), (403, 403)),
        ("township_chair", (200, 404), (200, 404)), ("village_president", (403, 403), (200, 404)),
    ],
)  # fmt: skip
def test_who_prints_what(client, role, sheets, notices):
    own, foreign = make_published(members=1), make_published(make_township(villages=1), members=1)
    village = villages_of(own.township)[0]
    place = {"township_chair": own.township, "village_president": village}.get(role, the_county())
    client.force_login(make_account(place, role))
    asked = (village, villages_of(foreign.township)[0])
    assert tuple(sheet(client, each).status_code for each in asked) == sheets
    assert tuple(sheet(client, each, "notice_sheet").status_code for each in asked) == notices


def test_a_president_sees_no_notice_before_it_is_published(client):
    roster = make_approved(members=1)
    village = villages_of(roster.township)[0]
    client.force_login(make_account(village))
    assert sheet(client, village, "notice_sheet").status_code == 404
    client.force_login(make_account(roster.township))
    assert sheet(client, village, "notice_sheet").status_code == 200


def test_a_month_that_was_not_approved_has_no_notice(client):
    roster = make_month(members=1)
    client.force_login(make_account(roster.township))
    assert sheet(client, roster.township, "notice_sheet").status_code == 404


@pytest.mark.parametrize("name", ["payment_sheet", "notice_sheet"])
def test_the_workbook_has_the_same_rows_and_is_entered(client, name):
    roster = make_published(members=2)
    client.force_login(make_account(roster.township))
    answer = sheet(client, roster.township, name, format="xlsx")
    made = openpyxl.load_workbook(io.BytesIO(b"".join(answer.streaming_content)))
    assert [cell.value for cell in made.worksheets[0]["B"]].count("王小梅") == 2
    assert made.worksheets[0].print_title_rows
    assert Change.objects.filter(action="exported").count() == 1


@pytest.mark.parametrize("name", ["payment_sheet", "notice_sheet"])
def test_more_members_cost_no_more_queries(client, name):
    counts = []
    for members in (1, 3):
        township = make_township()
        make_village(township)
        roster = make_published(township, members=members)
        client.force_login(make_account(roster.township))
        sheet(client, township, name)
        with CaptureQueriesContext(connection) as counted:
            sheet(client, township, name)
        counts.append(len(counted))
    assert counts[0] == counts[1]
