"""From the bank's file to the last payment."""

import io
from datetime import date
from decimal import Decimal

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.utils import timezone

from councils.models import Change
from cunsao import workbook
from members import payroll
from members.joining import leave
from members.models import BankLayout, Member, RosterEntry, RosterStatus
from tests.factories import (
    make_approved,
    make_member,
    make_month,
    make_published,
    make_rate,
    make_sent,
    make_staff,
    the_county,
    villages_of,
)

pytestmark = pytest.mark.django_db
AUGUST = date(2022, 8, 1)
HEADINGS = ["序号", "收款账号", "收款户名", "金额", "处理结果", "失败原因"]


@pytest.fixture
def finance():
    return make_staff(the_county(), "county_finance")


def refused(deed, *said, **named):
    with pytest.raises(payroll.StepRefused) as refusal:
        deed(*said, **named)
    return refusal.value.code


def line(payment, result="成功", reason="", **other):
    said = {"account": payment.bank_account.clear, "name": payment.name, "amount": str(payment.amount)} | other
    return ["1", said["account"], said["name"], said["amount"], result, reason]


def book(*lines, name="回盘.csv"):
    out = io.StringIO()
    for row in [["某银行代发结果"], HEADINGS, *lines]:
        out.write(",".join(row) + "\n")
    return workbook.open(out.getvalue().encode(), name)


def verdicts(file):
    return [each.verdict for each in file.lines.order_by("row")]


def states(roster):
    return list(roster.payments.order_by("pk").values_list("state", flat=True))


def test_the_file_holds_a_line_a_woman_and_its_sums(finance):
    roster = make_published(members=2)
    file = payroll.send(roster, finance)
    assert (file.rows, file.total, file.number) == (2, Decimal("400.00"), 1)
    sheet = payroll.rows(file, finance, clear=True, reason="送银行")
    assert [column.heading for column in sheet.columns] == ["序号", "收款账号", "收款户名", "开户行", "金额", "附言"]
    assert {row[1] for row in sheet.rows} == {each.bank_account.clear for each in Member.objects.all()}
    assert (sheet.count, sheet.total, sheet.capitals) == (2, 400, "肆佰元整")
    assert Change.objects.filter(action="exported", record="members.bankfile").count() == 1


def test_sent_twice_it_is_one_file(finance):
    roster = make_published(members=1)
    assert payroll.send(roster, finance) == payroll.send(roster, finance)
    assert roster.payments.count() == 1


def test_accounts_leave_masked_unless_there_is_a_reason(finance):
    file = make_sent(members=1, finance=finance).bank_files.get()
    assert "***" in payroll.rows(file, finance).rows[0][1]
    assert refused(payroll.rows, file, finance, clear=True) == "reason"
    assert refused(payroll.rows, file, make_staff(role="auditor")) == "forbidden"


def test_columns_follow_the_countys_setting(finance):
    columns = [["name", "户名"], ["account", "卡号"], ["amount", "发放金额"], ["village", "村"], ["month", "月份"]]
    BankLayout.objects.create(county=the_county(), columns=columns)
    roster = make_sent(members=1, finance=finance)
    sheet = payroll.rows(roster.bank_files.get(), finance)
    assert [column.heading for column in sheet.columns] == ["户名", "卡号", "发放金额", "村", "月份"]
    assert sheet.rows[0][3:] == [villages_of(roster.township)[0].name, "2022-07"]


def test_the_file_is_written_for_excel_and_as_csv(finance):
    roster = make_sent(members=2, finance=finance)
    file = roster.bank_files.get()
    sheet = payroll.rows(file, finance, clear=True, reason="送银行")
    for kind in ("xlsx", "csv"):
        stream = io.BytesIO()
        payroll.write(sheet, file, stream, kind)
        rows = workbook.open(stream.getvalue(), f"x.{kind}").sheets[0].rows
        assert str(rows[1].cells[1]) in {each.bank_account.clear for each in Member.objects.all()}


def test_a_line_that_was_tampered_with_leaves_no_file(finance):
    file = make_sent(members=1, finance=finance).bank_files.get()
    with connection.cursor() as cursor:
        cursor.execute("UPDATE members_payment SET amount = 900")
    assert refused(payroll.rows, file, finance) == "altered"


def test_an_account_that_was_tampered_with_is_not_paid(finance):
    roster = make_published(members=1)
    field = RosterEntry._meta.get_field("bank_account")
    with connection.cursor() as cursor:
        cursor.execute("UPDATE members_rosterentry SET bank_account = %s", [field.encoder()("6217780000099999999")])
    assert refused(payroll.send, roster, finance) == "account"
    assert not roster.payments.exists()


def test_the_answer_settles_row_by_row(finance):
    roster = make_sent(members=3, finance=finance)
    one, two, three = roster.payments.order_by("pk")
    file = payroll.read_return(
        roster,
        book(
            line(one),
            line(two, "失败", "账号不存在"),
            line(one),
            line(three, amount="999"),
            line(three, account="6217780000099999999"),
            line(three, "待定"),
        ),
        finance,
    )
    assert verdicts(file) == ["paid", "failed", "double", "wrong_amount", "unknown", "unreadable"]
    assert states(roster) == ["paid", "failed", "sent"]
    roster.refresh_from_db()
    assert roster.status == RosterStatus.PARTLY_PAID
    two.refresh_from_db()
    assert two.reason == "失败 账号不存在"


def test_the_same_file_twice_changes_nothing(finance):
    roster = make_sent(members=2, finance=finance)
    answer = book(*[line(each) for each in roster.payments.all()])
    first = payroll.read_return(roster, answer, finance)
    told = Change.objects.count()
    assert payroll.read_return(roster, answer, finance) == first
    assert Change.objects.count() == told
    roster.refresh_from_db()
    assert roster.status == RosterStatus.PAID


def test_another_file_with_what_is_paid_already_says_so(finance):
    roster = make_sent(members=2, finance=finance)
    one, _two = roster.payments.order_by("pk")
    payroll.read_return(roster, book(line(one)), finance)
    file = payroll.read_return(roster, book(line(one, "失败", "重复")), finance)
    assert verdicts(file) == ["already"]
    assert states(roster) == ["paid", "sent"]


def test_rows_that_contradict_each_other_settle_nothing(finance):
    roster = make_sent(members=1, finance=finance)
    one = roster.payments.get()
    file = payroll.read_return(roster, book(line(one), line(one, "失败")), finance)
    assert verdicts(file) == ["double", "double"]
    assert states(roster) == ["sent"]


def test_one_account_for_two_women_is_told_apart_by_name(finance):
    account = "6217780000012345678"
    roster = make_month(members=0)
    village = villages_of(roster.township)[0]
    for name in ("甲", "乙"):
        make_member(village, name=name, bank_account=account)
    roster = make_sent(roster.township, members=0, finance=finance)
    first, second = roster.payments.order_by("pk")
    payroll.read_return(roster, book(line(second)), finance)
    assert states(roster) == ["sent", "paid"]
    file = payroll.read_return(roster, book(line(first, name="")), finance)
    assert verdicts(file) == ["paid"]


def test_a_file_without_the_columns_is_refused_whole(finance):
    roster = make_sent(members=1, finance=finance)
    assert refused(payroll.read_return, roster, workbook.open(b"a,b\n1,2\n", "x.csv"), finance) == "no_header"
    assert not roster.return_files.exists()


def test_what_failed_is_sent_again_to_the_account_of_today(finance):
    roster = make_sent(members=2, finance=finance)
    two = roster.payments.order_by("pk")[1]
    payroll.settle(roster, finance, {two.pk: "账号不存在"})
    member = two.member
    member.bank_account = "6217780000012345678"
    member.save()
    roster.refresh_from_db()
    file = payroll.resend(roster, finance)
    assert (file.number, file.rows, file.total) == (2, 1, Decimal("200.00"))
    assert payroll.resend(roster, finance) is None
    again = file.payments.get()
    assert (again.attempt, again.bank_account, again.state) == (2, "6217780000012345678", "sent")
    payroll.read_return(roster, book(line(again)), finance)
    roster.refresh_from_db()
    assert (roster.status, states(roster)) == ("paid", ["paid", "failed", "paid"])


def test_a_woman_whose_account_was_taken_away_is_not_sent_again(finance):
    roster = make_sent(members=1, finance=finance)
    payroll.settle(roster, finance, {roster.payments.get().pk: "x"})
    member = Member.objects.get()
    member.bank_account = None
    member.save()
    roster.refresh_from_db()
    assert refused(payroll.resend, roster, finance) == "account"


def test_who_approved_does_not_settle(finance):
    roster = make_sent(members=1, finance=finance)
    assert refused(payroll.settle, roster, roster.approved_by) == "forbidden"


def test_a_claw_back_lessens_what_she_gets(finance):
    july = make_approved(members=1)
    make_month(july.township, AUGUST)
    payroll.correct(july.entries.get(), Decimal(-150), AUGUST, make_staff(), "多发")
    august = make_sent(july.township, AUGUST, members=0, finance=finance)
    assert august.payments.get().amount == 50


@pytest.mark.parametrize(("back", "state"), [(-200, "offset"), (-250, "owed")])
def test_a_claw_back_of_all_or_more_goes_to_no_bank(finance, back, state):
    make_rate(the_county())
    july = make_approved(members=1)
    entry = july.entries.get()
    august = make_month(july.township, AUGUST)
    payroll.correct(entry, Decimal(-150), AUGUST, make_staff(), "多发")
    if back == -250:
        payroll.correct(entry, Decimal(-50), AUGUST, make_staff(), "多发")
        leave(entry.member, date(2022, 7, 31), "died", None)
    else:
        payroll.correct(entry, Decimal(-50), AUGUST, make_staff(), "多发")
    august = make_sent(july.township, AUGUST, members=0, finance=finance)
    payment = august.payments.get()
    assert (payment.state, payment.bank_file) == (state, None)
    assert august.status == (RosterStatus.PAID if state == "offset" else RosterStatus.SENT)
    if state == "owed":
        assert payroll.note_returned(payment, finance, timezone.localdate()).status == "paid"
        payment.refresh_from_db()
        assert payment.state == "paid"


def test_the_budget_is_worked_out(finance):
    county = the_county()
    roster = make_published(members=2)
    payroll.budget.of(county, 2022)
    county.budgets.create(year=2022, amount=Decimal(1000))
    before = payroll.budget.of(county, 2022)
    assert (before.committed, before.paid, before.left) == (400, 0, 600)
    payroll.send(roster, finance)
    roster.refresh_from_db()
    one, _two = roster.payments.order_by("pk")
    payroll.read_return(roster, book(line(one)), finance)
    after = payroll.budget.of(county, 2022)
    assert (after.committed, after.paid, after.left) == (200, 200, 600)
    assert payroll.budget.of(county, 2021).left is None


@pytest.mark.parametrize("members", [1, 3])
def test_a_larger_month_costs_no_more_queries(finance, members):
    roster = make_published(members=members)
    counted = []
    for deed in (
        lambda: payroll.send(roster, finance),
        lambda: payroll.rows(roster.bank_files.select_related("roster__township").get(), finance),
        lambda: payroll.read_return(roster, book(*[line(each) for each in roster.payments.all()]), finance),
        lambda: payroll.budget.of(the_county(), 2022),
    ):
        with CaptureQueriesContext(connection) as asked:
            deed()
        counted.append(len(asked))
    assert counted == QUERIES[connection.vendor]


QUERIES = {"sqlite": [27, 6, 31, 4], "postgresql": [25, 6, 31, 4]}
