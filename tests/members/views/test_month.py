"""The month's sheet and its steps on screen."""

import re
from decimal import Decimal

import pytest
from django.urls import reverse

from councils.models import Change
from members import payroll
from members.models import MonthlyRoster, RosterStatus
from tests.factories import (
    MONTH,
    make_account,
    make_approved,
    make_chair,
    make_member,
    make_month,
    make_scheme,
    make_staff,
    make_submitted,
    make_township,
    make_village,
    the_county,
    villages_of,
)

pytestmark = pytest.mark.django_db


def address_of(roster, name="month", *more):
    return reverse(name, args=[roster.township.code, f"{roster.month:%Y-%m}", *more])


def cells(entry, amount=None, note=None):
    """One row as the page sends it."""
    sent = {f"s-{entry.pk}": f"{entry.version}|{entry.performance_amount}|{entry.note}"}
    sent |= {f"p-{entry.pk}": amount} if amount is not None else {}
    return sent | ({f"n-{entry.pk}": note} if note is not None else {})


@pytest.fixture
def roster():
    return make_month(members=2)


@pytest.fixture
def chair(roster, client):
    chair = make_chair(roster.township)
    client.force_login(chair)
    return chair


def test_a_cell_is_saved_and_answered_with_its_version(client, roster, chair):
    entry = roster.entries.first()
    answer = client.post(address_of(roster, "save_cells"), cells(entry, "120", "评议第一")).json()
    assert answer["rows"][str(entry.pk)] == {"version": 1, "values": {"p": "120.00", "n": "评议第一"}}
    roster.refresh_from_db()
    entry.refresh_from_db()
    assert (answer["version"], entry.performance_amount, entry.changed_by) == (roster.version, Decimal(120), chair)
    assert Change.objects.filter(record="members.rosterentry", record_id=entry.pk, actor=chair).exists()


def test_what_was_not_touched_is_not_written(client, roster, chair):
    entry = roster.entries.first()
    sent = cells(entry, str(entry.performance_amount), entry.note)
    assert client.post(address_of(roster, "save_cells"), sent).json()["rows"] == {}


def test_who_was_overtaken_is_told_by_whom_and_keeps_hers_by_sending_again(client, roster, chair):
    entry = roster.entries.first()
    other = make_chair(roster.township)
    payroll.enter(entry, "performance_amount", "80", entry.version, other)
    answer = client.post(address_of(roster, "save_cells"), cells(entry, "120")).json()["rows"][str(entry.pk)]
    assert (answer["code"], answer["values"]["p"], answer["who"]) == ("overtaken", "80.00", str(other))
    sent = {f"s-{entry.pk}": f"{answer['version']}|80.00|", f"p-{entry.pk}": "120"}
    assert client.post(address_of(roster, "save_cells"), sent).json()["rows"][str(entry.pk)]["values"]["p"] == "120.00"


@pytest.mark.parametrize("amount", ["-1", "12a", "1e9999", "0.001", "NaN", "99999999999"])
def test_a_value_that_cannot_stand_is_told_and_holds_back_no_other(client, roster, chair, amount):
    one, two = roster.entries.order_by("pk")
    answer = client.post(address_of(roster, "save_cells"), cells(one, amount) | cells(two, "30")).json()["rows"]
    assert answer[str(one.pk)]["code"] != "overtaken"
    assert answer[str(one.pk)]["message"]
    assert answer[str(two.pk)]["values"]["p"] == "30.00"


@pytest.mark.parametrize("seen", ["x|1|", "", "-1|0|", "٣x|0|"])
def test_a_forged_row_is_refused(client, roster, chair, seen):
    entry = roster.entries.first()
    sent = {f"s-{entry.pk}": seen, f"p-{entry.pk}": "1"}
    assert client.post(address_of(roster, "save_cells"), sent).status_code == 400
    assert client.post(address_of(roster, "save_cells"), {"s-x": "0|0|", "p-x": "1"}).status_code == 400


def test_a_row_of_another_township_is_not_written(client, roster, chair):
    foreign = make_month(make_township(the_county(), villages=1), members=1).entries.first()
    answer = client.post(address_of(roster, "save_cells"), cells(foreign, "99")).json()["rows"]
    assert answer[str(foreign.pk)]["code"] == "gone"
    foreign.refresh_from_db()
    assert foreign.performance_amount != 99


def test_the_form_without_a_script_saves_all_and_tells_by_row_what_it_could_not(client, roster, chair):
    one, two = roster.entries.order_by("pk")
    payroll.enter(one, "note", "别人写的", one.version, make_chair(roster.township))
    page = client.post(address_of(roster), cells(one, note="我写的") | cells(two, "45"))
    text = page.content.decode()
    assert "别人写的" in text
    assert 'value="我写的"' in text
    two.refresh_from_db()
    assert two.performance_amount == 45
    one.refresh_from_db()
    again = client.post(address_of(roster), cells(one, note="我写的"))
    assert again.status_code == 302


def test_a_locked_month_says_so_and_takes_nothing(client, roster, chair):
    payroll.submit(roster, roster.version, chair)
    entry = roster.entries.first()
    assert client.post(address_of(roster, "save_cells"), cells(entry, "5")).status_code == 409
    page = client.get(address_of(roster))
    assert page.context["locked"]
    assert "data-save" not in page.content.decode()


@pytest.mark.parametrize(
    ("role", "seen", "writes"),
    [
        ("township_chair", 200, True),
        ("county_staff", 200, False),
        ("county_finance", 200, False),
        ("auditor", 200, False),
        ("village_president", 403, False),
        ("system_administrator", 403, False),
    ],
)
def test_who_sees_and_who_writes(client, roster, role, seen, writes):
    place = {"township_chair": roster.township, "village_president": villages_of(roster.township)[0]}
    client.force_login(make_account(place.get(role, the_county()), role))
    assert client.get(address_of(roster)).status_code == seen
    entry = roster.entries.first()
    answer = client.post(address_of(roster, "save_cells"), cells(entry, "7"))
    assert answer.status_code == (200 if writes else 403)
    entry.refresh_from_db()
    assert (entry.performance_amount == 7) is writes


@pytest.mark.parametrize("name", ["month", "save_cells", "open_month", "month_workbook"])
def test_another_townships_month_is_not_there(client, roster, name):
    client.force_login(make_chair(make_township(the_county(), villages=1)))
    ask = client.post if name in ("save_cells", "open_month") else client.get
    assert ask(address_of(roster, name)).status_code == 404


def test_three_clicks_from_the_months_to_submitted_if_nothing_changed(client):
    township = make_township(villages=1)
    village = villages_of(township)[0]
    make_member(village)
    june = make_month(township, MONTH.replace(month=6))
    payroll.submit(june, june.version, make_chair(township))
    client.force_login(make_chair(township))
    page = client.post(reverse("open_month", args=[township.code, "2022-07"]), follow=True)
    text = page.content.decode()
    assert 'name="unchanged" value="1"' in text
    july = MonthlyRoster.objects.get(month=MONTH)
    step = address_of(july, "month_deed", "submit")
    sent = {"version": july.version, "unchanged": "1"}
    look = client.post(step, sent)
    assert look.context["preview"].changes
    client.post(step, sent | {"confirmed": "1"})
    july.refresh_from_db()
    assert (july.status, july.unchanged) == (RosterStatus.SUBMITTED, True)


def test_what_stops_a_month_stands_on_its_page_and_it_cannot_be_submitted(client, roster, chair):
    member = roster.entries.first().member
    member.bank_account = None
    member.save()
    page = client.get(address_of(roster))
    assert [each.code for each in page.context["sheet"].blocks] == ["no_account"]
    assert reverse("admin:members_member_change", args=[member.pk]) in page.content.decode()
    answer = client.post(address_of(roster, "month_deed", "submit"), {"version": roster.version, "confirmed": "1"})
    assert answer.context["form"].non_field_errors()


def test_a_month_that_somebody_changed_is_not_submitted_as_it_was_seen(client, roster, chair):
    version = roster.version
    payroll.enter(roster.entries.first(), "note", "后改", 0, make_chair(roster.township))
    answer = client.post(address_of(roster, "month_deed", "submit"), {"version": version, "confirmed": "1"})
    assert answer.context["form"].non_field_errors()
    roster.refresh_from_db()
    assert roster.status == RosterStatus.DRAFT


def test_rows_ticked_on_the_sheet_are_returned_with_the_reason(client):
    roster = make_submitted()
    client.force_login(make_staff(the_county()))
    entry = roster.entries.first()
    step = address_of(roster, "month_deed", "give_back")
    page = client.get(step, {"row": entry.pk}).content.decode()
    assert page.count('type="checkbox" name="rows"') == 1
    client.post(step, {"reason": "金额有误", "rows": entry.pk, "confirmed": "1"})
    roster.refresh_from_db()
    entry.refresh_from_db()
    assert (roster.status, entry.mark) == (RosterStatus.RETURNED, "金额有误")
    client.force_login(make_chair(roster.township))
    assert "金额有误" in client.get(address_of(roster)).content.decode()


def test_approval_shows_sums_in_figures_and_capitals_and_is_bound_to_what_was_seen(client):
    make_scheme(township := make_township(villages=1))
    roster = make_submitted(township)
    staff = make_staff(the_county())
    client.force_login(staff)
    seen = re.search(r'name="seen" value="(\w{64})"', client.get(address_of(roster)).content.decode())[1]
    step = address_of(roster, "month_deed", "approve")
    told = " ".join(map(str, client.post(step, {"seen": seen}).context["preview"].changes))
    assert "500.00" in told
    assert "伍佰元整" in told
    member = roster.entries.first().member
    member.bank_account = "6217780000012345678"
    member.save()
    assert client.post(step, {"seen": seen, "confirmed": "1"}).context["form"].non_field_errors()
    seen = payroll.digest(payroll.shown(roster))
    client.post(step, {"seen": seen, "confirmed": "1"})
    roster.refresh_from_db()
    assert (roster.status, roster.approved_by) == (RosterStatus.APPROVED, staff)


def test_published_then_corrected_in_a_later_month(client):
    staff = make_staff(the_county())
    roster = make_approved(staff=staff)
    client.force_login(staff)
    client.post(address_of(roster, "month_deed", "publish"), {"confirmed": "1"})
    roster.refresh_from_db()
    assert roster.status == RosterStatus.PUBLISHED
    august = make_month(roster.township, MONTH.replace(month=8))
    entry = roster.entries.first()
    step = reverse("entry_deed", args=[entry.pk, "correct"])
    assert step in client.get(address_of(roster)).content.decode()
    sent = {"month": "2022-08", "county": "-200", "performance": "", "reason": "重复享受", "confirmed": "1"}
    client.post(step, sent)
    (correction,) = august.entries.exclude(kind="regular")
    assert (correction.total, correction.corrects) == (Decimal(-200), entry)
    page = client.get(address_of(august)).content.decode()
    out = reverse("entry_deed", args=[correction.pk, "take_out"])
    assert out in page
    client.post(out, {"confirmed": "1"})
    assert not august.entries.exclude(kind="regular").exists()


@pytest.mark.parametrize("name", ["submit", "give_back", "approve", "publish"])
@pytest.mark.parametrize("role", ["county_finance", "auditor", "system_administrator"])
def test_a_step_is_for_its_role_alone(client, roster, name, role):
    client.force_login(make_staff(the_county(), role))
    assert client.post(address_of(roster, "month_deed", name), {"confirmed": "1"}).status_code == 403


@pytest.mark.parametrize("members", [1, 3])
@pytest.mark.parametrize("state", ["draft", "approved"])
def test_the_sheet_costs_the_same_queries_however_many_stand_in_it(client, members, state, django_assert_num_queries):
    make = make_month if state == "draft" else make_approved
    roster = make(members=members)
    make_village(roster.township)
    client.force_login(make_chair(roster.township))
    client.get(address_of(roster))
    with django_assert_num_queries({"draft": 12, "approved": 7}[state]):
        assert client.get(address_of(roster)).status_code == 200


def test_a_month_that_is_not_open_says_what_opening_means(client):
    roster = make_month(members=1)
    client.force_login(make_chair(roster.township))
    page = client.get(reverse("month", args=[roster.township.code, "2022-08"]))
    assert page.context["may_open"]
    client.force_login(make_staff(the_county(), "auditor"))
    assert not client.get(reverse("month", args=[roster.township.code, "2022-08"])).context["may_open"]
    assert client.get(reverse("month", args=[roster.township.code, "nonsense"])).status_code == 400
