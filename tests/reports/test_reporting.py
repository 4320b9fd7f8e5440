import io
from datetime import date

import pytest
from django.db import DatabaseError, connection, transaction
from django.urls import reverse
from django.utils import timezone, translation
from openpyxl import load_workbook

from councils.tree import Move, Rename, carry_out
from reports import kinds, reporting
from reports.models import IssuedReport
from reports.periods import Period
from reports.reporting import WorkRefused
from tests.factories import make_account, make_activity, make_chair, make_county, make_staff, make_township, villages_of

pytestmark = pytest.mark.django_db
AUGUST = Period.month(date(2022, 8, 1))


@pytest.fixture
def township():
    township = make_township(make_county(), villages=2)
    for village in villages_of(township):
        make_activity(village, kind="elderly", quantity=4)
        make_activity(village, kind="elderly", quantity=3, day=date(2022, 7, 1))
    return township


def issue(council, by, period=AUGUST):
    seen = reporting.digest(reporting.figures_of(reporting.draft(council, period, by)))
    return reporting.issue(council, period, seen, by)


def row(content, key):
    return next(each[3:] for each in content["rows"] if each[1] == kinds.KINDS[key].label)


def test_it_tells_this_period_the_one_before_and_since_january(township):
    content = reporting.draft(township, AUGUST, make_chair(township))
    assert row(content, "elderly") == [8, 6, 14]
    assert [each[0] for each in content["places"]["rows"]] == [str(each) for each in villages_of(township)]


@pytest.mark.parametrize(
    "period", [AUGUST, Period.quarter(date(2022, 8, 1)), Period.year(2022)], ids=lambda it: it.kind
)
def test_an_issued_report_is_the_same_bytes_after_the_tree_has_changed(client, township, period):
    staff = make_staff()
    kept = issue(township, staff, period)
    client.force_login(staff)
    address = reverse("issued_report", args=[kept.pk])
    sheets = client.get(address).content.split(b"<main")[1]
    before = b"".join(client.get(address, {"format": "xlsx"}))
    village, other = villages_of(township)[0], make_township(township.parent)
    carry_out(Move(village.code, other.code, f"{other.code}777", date(2022, 9, 1)))
    carry_out(Rename(township.code, "新名镇", township.code, date(2022, 9, 1)))
    make_activity(villages_of(township)[0], kind="elderly", quantity=50)
    assert client.get(address).content.split(b"<main")[1] == sheets
    with translation.override("zh-hans"):
        assert reporting.to_workbook(IssuedReport.objects.get(pk=kept.pk)) == before
    assert b"".join(client.get(address, {"format": "xlsx"})) == before


def test_the_workbook_has_a_title_over_all_columns_unit_maker_and_day(township):
    staff = make_staff()
    kept = issue(township, staff)
    sheet = load_workbook(io.BytesIO(reporting.to_workbook(kept))).worksheets[0]
    assert sheet["A1"].value == kept.content["title"]
    assert {"A1:F1", "A2:F2"} <= {str(each) for each in sheet.merged_cells.ranges}
    for told in (township.name, staff.full_name, str(timezone.localdate())):
        assert told in sheet["A2"].value
    assert [cell.value for cell in sheet[3]][3:] == [AUGUST.label, AUGUST.before().label, "1月以来累计"]
    said = {each[1].value: [cell.value for cell in each[3:]] for each in sheet.iter_rows(min_row=4) if each[1].value}
    assert said[str(kinds.KINDS["elderly"].label)] == [8, 6, 14]


def test_what_is_issued_again_is_a_further_version_only_if_it_says_something_else(township):
    chair = make_chair(township)
    first = issue(township, chair)
    assert issue(township, chair) == first
    make_activity(villages_of(township)[0], kind="elderly", quantity=1)
    second = issue(township, chair)
    assert (first.version, second.version) == (1, 2)
    assert row(first.content, "elderly")[0] == 8
    assert row(second.content, "elderly")[0] == 9


def test_what_changed_while_it_was_looked_at_is_not_issued(township):
    chair = make_chair(township)
    seen = reporting.digest(reporting.figures_of(reporting.draft(township, AUGUST, chair)))
    make_activity(villages_of(township)[0], kind="elderly", quantity=1)
    with pytest.raises(WorkRefused, match="数据有变动"):
        reporting.issue(township, AUGUST, seen, chair)
    assert not IssuedReport.objects.exists()


def test_a_period_that_is_not_over_has_no_report(township):
    with pytest.raises(WorkRefused, match="还没结束"):
        issue(township, make_chair(township), Period.month(timezone.localdate()))


def test_who_issues(township):
    other = make_township(township.parent, villages=1)
    staff, chair, president = make_staff(), make_chair(township), make_account(villages_of(township)[0])
    may = {who: [reporting.may_issue(place, who) for place in (township.parent, township, other)]
           for who in (staff, chair, president)}  # fmt: skip
    assert may == {staff: [True] * 3, chair: [False, True, False], president: [False] * 3}
    for council, by in ((other, chair), (township.parent, chair), (villages_of(township)[0], president)):
        with pytest.raises(WorkRefused):
            issue(council, by)
    assert issue(township, chair).issued_by == chair


@pytest.mark.parametrize("deed", ["UPDATE reports_issuedreport SET version = 9", "DELETE FROM reports_issuedreport"])
def test_nothing_of_it_is_changed_or_deleted(township, deed):
    kept = issue(township, make_chair(township))
    with pytest.raises(DatabaseError, match="append-only"), transaction.atomic(), connection.cursor() as cursor:
        cursor.execute(deed)
    kept.refresh_from_db()
    assert kept.digest == reporting.digest(kept.content)


def test_the_pages_issue_and_open_it(client, township):
    chair = make_chair(township)
    client.force_login(chair)
    draft = client.get(reverse("reports"), {"place": "", "kind": "month", "month": "2022-08"}, follow=True)
    address = reverse("issue_report", args=[township.code, "2022-08"])
    made = client.post(address, {"seen": draft.context["seen"]}, follow=True)
    assert made.redirect_chain[-1][0] == reverse("issued_report", args=[IssuedReport.objects.get().pk])
    again = client.post(address, {"seen": draft.context["seen"]}, follow=True)
    assert again.redirect_chain == made.redirect_chain
    assert str(township) in client.get(reverse("reports")).content.decode()


def test_a_foreign_report_is_not_found(client, township):
    kept = issue(township, make_staff())
    client.force_login(make_chair(make_township(township.parent)))
    assert client.get(reverse("issued_report", args=[kept.pk])).status_code == 404
    assert client.get(reverse("report", args=[township.code, "2022-08"])).status_code == 404
    assert client.post(reverse("issue_report", args=[township.code, "2022-08"])).status_code in (403, 404)
