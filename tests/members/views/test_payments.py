"""The pages between an approved month and the last payment."""

import csv
import io
from datetime import date
from decimal import Decimal

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.urls import reverse

from councils.models import Change
from members import payroll
from members.models import BankLayout, Objection, RosterStatus
from tests.factories import (
    make_account,
    make_approved,
    make_published,
    make_sent,
    make_staff,
    make_township,
    the_county,
)

pytestmark = pytest.mark.django_db


@pytest.fixture
def finance(client):
    account = make_staff(the_county(), "county_finance")
    client.force_login(account)
    return account


def month(roster):
    return reverse("payment_month", args=[roster.township.code, "2022-07"])


def deed(client, roster, name, **said):
    return client.post(f"{month(roster)}{name}/", said)


def again(roster):
    roster.refresh_from_db()
    return roster


def answer_of(client, roster, change=lambda rows: rows):
    """The bank's file as it comes back."""
    file = roster.bank_files.latest("number")
    address = reverse("download_bankfile", args=[file.pk])
    got = client.post(address, {"kind": "csv", "clear": "on", "reason": "送银行代发"})
    heading, *rows = csv.reader(io.StringIO(b"".join(got.streaming_content).decode("utf-8-sig")))
    out = io.StringIO()
    csv.writer(out).writerows([[*heading, "处理结果", "失败原因"], *change([[*row, "成功", ""] for row in rows])])
    return SimpleUploadedFile("回盘.csv", out.getvalue().encode())


def test_a_month_is_sent_once_after_a_look(client, finance):
    roster = make_published(members=2)
    look = deed(client, roster, "send")
    assert "肆佰元整" in look.text
    assert again(roster).status == RosterStatus.PUBLISHED
    for _press in range(2):
        deed(client, roster, "send", confirmed="1")
    assert again(roster).status == RosterStatus.SENT
    assert roster.bank_files.count() == 1


def test_what_cannot_be_sent_yet_says_why(client, finance):
    approved, objected = make_approved(members=1), make_published(make_township(villages=1), members=1)
    payroll.object_to(objected, "名单有误", objected.approved_by)
    page = client.get(reverse("payments"))
    assert page.context["ready"] == []
    assert {each.roster.pk: bool(each.why) for each in page.context["blocked"]} == {
        approved.pk: True,
        objected.pk: True,
    }
    refused = deed(client, objected, "send", confirmed="1")
    assert refused.context["form"].non_field_errors()
    assert again(objected).status == RosterStatus.PUBLISHED


def test_the_answer_is_read_and_told_by_row(client, finance):
    roster = make_sent(members=3, finance=finance)

    def bank(rows):
        rows[1][-2:] = ["失败", "账号不存在"]
        rows[2][4] = "1.00"
        return rows

    came = deed(client, roster, "return", file=answer_of(client, roster, bank), day="2022-08-20")
    page = client.get(came.url)
    assert [(str(verdict), count) for verdict, _label, count in page.context["counted"]] == [
        ("paid", 1), ("failed", 1), ("wrong_amount", 1),
    ]  # fmt: skip
    assert page.context["doubtful"] == 1
    assert again(roster).status == RosterStatus.PARTLY_PAID
    shown = client.get(month(roster))
    assert [each.reason for each in shown.context["failed"]] == ["失败 账号不存在"]


def test_the_same_file_twice_changes_nothing(client, finance):
    roster = make_sent(members=2, finance=finance)
    for _time in range(2):
        came = deed(client, roster, "return", file=answer_of(client, roster), day="2022-08-20")
        assert came.status_code == 302
    assert roster.return_files.count() == 1
    assert again(roster).status == RosterStatus.PAID


def test_a_file_that_is_no_answer_is_refused_on_its_form(client, finance):
    roster = make_sent(members=1, finance=finance)
    for content in (b"a,b\n1,2\n", b"\x00\x01"):
        refused = deed(client, roster, "return", file=SimpleUploadedFile("x.csv", content), day="2022-08-20")
        assert refused.status_code == 200
        assert refused.context["form"].errors
    assert not roster.return_files.exists()


def test_what_failed_is_sent_again_and_a_same_account_is_cautioned(client, finance):
    roster = make_sent(members=2, finance=finance)
    deed(client, roster, "settle", confirmed="1", day="2022-08-20", failed="2", reason="账号不存在")
    assert again(roster).status == RosterStatus.PARTLY_PAID
    look = deed(client, roster, "resend")
    assert look.context["preview"].cautions
    deed(client, roster, "resend", confirmed="1")
    assert roster.bank_files.get(number=2).total == Decimal(200)
    deed(client, roster, "settle", confirmed="1", day="2022-08-25")
    assert again(roster).status == RosterStatus.PAID


def test_a_number_that_is_on_no_line_settles_nothing(client, finance):
    roster = make_sent(members=1, finance=finance)
    for said in ({"failed": "9", "reason": "x"}, {"failed": "1"}):
        assert deed(client, roster, "settle", confirmed="1", day="2022-08-20", **said).context["form"].errors
    assert again(roster).status == RosterStatus.SENT


def test_whole_accounts_leave_against_a_reason_that_is_kept(client, finance):
    roster = make_sent(members=1, finance=finance)
    file, account = roster.bank_files.get(), roster.payments.get().bank_account.clear
    address = reverse("download_bankfile", args=[file.pk])
    assert client.post(address, {"kind": "csv", "clear": "on"}).context["form"].errors
    masked = b"".join(client.post(address, {"kind": "csv"}).streaming_content).decode()
    assert account not in masked
    whole = b"".join(client.post(address, {"kind": "csv", "clear": "on", "reason": "送银行"}).streaming_content)
    assert account in whole.decode()
    entry = Change.objects.get(action="exported", record="members.bankfile")
    assert (entry.fields["reason"][1], entry.actor) == ("送银行", finance)
    for page in (month(roster), reverse("payments"), "/members/payment/"):
        assert account not in client.get(page).text


def test_an_objection_is_noted_and_answered(client):
    roster = make_published(members=1)
    client.force_login(roster.approved_by)
    entry = roster.entries.get()
    deed(client, roster, "object", day="2022-08-09", who="群众", text="已外出", entry=entry.pk)
    objection = Objection.objects.get()
    assert (objection.entry, objection.day) == (entry, date(2022, 8, 9))
    client.post(reverse("answer_objection", args=[objection.pk]), {"text": "已核实，人在村"})
    objection.refresh_from_db()
    assert objection.answered_by == roster.approved_by


def test_an_entry_of_another_month_is_not_objected_to(client):
    roster, other = make_published(members=1), make_published(make_township(villages=1), members=1)
    client.force_login(roster.approved_by)
    deed(client, roster, "object", day="2022-08-09", text="x", entry=other.entries.get().pk)
    assert not Objection.objects.exists()


STEPS = ("send", "return", "resend", "settle", "object")


@pytest.mark.parametrize(
    ("role", "own", "foreign", "steps"),
    [
        ("county_staff", 200, 200, {"object"}), ("county_finance", 200, 200, {"send", "return", "resend", "settle"}),
        ("auditor", 200, 200, set()), ("system_administrator", 403, 403, set()),
        ("township_chair", 200, 404, set()), ("village_president", 403, 403, set()),
    ],
)  # fmt: skip
def test_who_sees_and_who_may(client, role, own, foreign, steps):
    mine, other = make_sent(members=1), make_sent(make_township(villages=1), members=1)
    village = mine.township.children.first()
    place = {"township_chair": mine.township, "village_president": village}.get(role, the_county())
    client.force_login(make_account(place, role))
    assert (client.get(month(mine)).status_code, client.get(month(other)).status_code) == (own, foreign)
    assert {name for name in STEPS if client.get(f"{month(mine)}{name}/").status_code == 200} == steps
    files = 200 if role == "county_finance" else 403
    assert client.get(reverse("download_bankfile", args=[mine.bank_files.get().pk])).status_code == files


def test_who_approved_is_told_why_she_does_not_pay(client):
    roster = make_published(members=1)
    client.force_login(roster.approved_by)
    assert deed(client, roster, "send", confirmed="1").status_code == 403
    assert again(roster).status == RosterStatus.PUBLISHED


def test_columns_are_set_by_a_form(client, finance):
    parts = ["name", "户名", "account", "卡号", "amount", "金额"] + [""] * 16
    said = {f"columns_{at}": part for at, part in enumerate(parts)} | {
        "county": the_county().pk, "remark": "补贴", "result_heading": "结果", "reason_heading": "原因",
        "success_words": "成功", "failure_words": "失败",
    }  # fmt: skip
    assert "收款账号" in client.get("/members/banklayout/add/").text
    client.post("/members/banklayout/add/", said | {"columns_2": "bank"})
    assert not BankLayout.objects.exists()
    client.post("/members/banklayout/add/", said)
    layout = BankLayout.objects.get()
    assert layout.columns == [["name", "户名"], ["account", "卡号"], ["amount", "金额"]]
    assert 'value="卡号"' in client.get(f"/members/banklayout/{layout.pk}/change/").text


@pytest.mark.parametrize("address", [lambda _roster: reverse("payments"), month])
def test_more_members_and_months_cost_no_more_queries(client, finance, address):
    counts = []
    for members in (1, 3):
        roster = make_sent(make_township(villages=1), members=members, finance=finance)
        client.get(address(roster))
        with CaptureQueriesContext(connection) as counted:
            client.get(address(roster))
        counts.append(len(counted))
    assert counts[0] == counts[1]
