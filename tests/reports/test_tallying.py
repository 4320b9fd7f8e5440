from datetime import date, timedelta

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.utils import timezone

from councils import audit
from councils.models import Action
from cunsao import months
from members.models import Membership
from reports.activities import change, reject, verify
from reports.models import Activity
from reports.photos import keep
from reports.sheets.month import work_sheet
from reports.tallying import Overtaken, Standing, Typed, WorkRefused, enter
from tests.factories import make_account, make_activity, make_chair, make_member, make_township, make_village
from tests.reports.test_photos import picture

pytestmark = pytest.mark.django_db
MONTH = date(2022, 8, 1)


@pytest.fixture
def village():
    return make_village()


@pytest.fixture
def member(village):
    return make_member(village)


@pytest.fixture
def president(village):
    return make_account(village)


def typed(member, text, seen=(0, 0), kind="inspection"):
    return Typed(member.pk, kind, Standing(*seen), text)


def entered(village, by, *cells, month=MONTH):
    return list(enter(village, month, list(cells), by).values())


def the_record():
    return Activity.objects.get()


def test_a_cell_is_one_record_however_often_it_is_sent(village, member, president):
    assert entered(village, president, typed(member, "3")) == [Standing(1, 3)]
    record = the_record()
    assert (record.day, record.kind, record.quantity, record.source) == (date(2022, 8, 31), "inspection", 3, "sheet")
    assert (record.doers, record.recorded_by) == (member.name, president)
    assert entered(village, president, typed(member, "3")) == [Standing(1, 3)]
    assert entered(village, president, typed(member, "5", (1, 3))) == [Standing(2, 5)]
    assert entered(village, president, typed(member, "5", (1, 3))) == [Standing(2, 5)]
    assert (the_record().pk, the_record().quantity) == (record.pk, 5)


def test_other_members_kinds_months_and_villages_have_cells_of_their_own(village, member, president):
    other = make_member(village)
    entered(village, president, typed(member, "1"), typed(other, "1"), typed(member, "1", kind="elderly"))
    entered(village, president, typed(member, "1"), month=date(2022, 9, 1))
    assert Activity.objects.count() == 4


@pytest.mark.parametrize("nothing", ["", "0", " 00 "])
def test_nothing_takes_the_record_away_and_the_trail_keeps_what_it_said(village, member, president, nothing):
    entered(village, president, typed(member, "3"))
    record = the_record()
    assert entered(village, president, typed(member, nothing, (1, 3))) == [Standing()]
    assert not Activity.objects.exists()
    gone = audit.history(record).first()
    assert (gone.action, gone.fields["quantity"]) == (Action.DELETED, ["3", None])
    assert entered(village, president, typed(member, nothing, (1, 3))) == [Standing()]
    assert entered(village, president, typed(member, "4")) == [Standing(1, 4)]


def test_what_has_photos_is_not_taken_away(village, member, president):
    entered(village, president, typed(member, "3"))
    keep(the_record(), picture(), president)
    (refusal,) = entered(village, president, typed(member, "", (2, 3)))
    assert refusal.code == "pictured"
    assert the_record().quantity == 3


def test_a_verified_cell_is_locked_and_says_by_whom(village, member, president):
    chair = make_chair(village.parent)
    entered(village, president, typed(member, "3"))
    verify({the_record().pk: 1}, chair)
    (refusal,) = entered(village, president, typed(member, "4", (2, 3)))
    assert refusal.code == "verified"
    assert chair.full_name in str(refusal)
    assert work_sheet(village, MONTH).cells()[f"{member.pk}-inspection"].locked == str(refusal)
    assert the_record().quantity == 3


def test_a_cell_that_was_given_back_waits_anew_once_it_is_changed(village, member, president):
    entered(village, president, typed(member, "3"))
    reject({the_record().pk: 1}, make_chair(village.parent), "多了")
    assert work_sheet(village, MONTH).cells()[f"{member.pk}-inspection"].reason == "多了"
    entered(village, president, typed(member, "2", (2, 3)))
    assert (the_record().state, the_record().reason, the_record().verified_by) == ("open", "", None)


def test_two_are_told_of_each_other_and_neither_is_overwritten_unseen(village, member, president):
    chair = make_chair(village.parent)
    entered(village, president, typed(member, "3"))
    with audit.acting(chair):
        entered(village, chair, typed(member, "4", (1, 3)))
    (late,) = entered(village, president, typed(member, "7", (1, 3)))
    assert isinstance(late, Overtaken)
    assert (late.standing, late.who) == (Standing(2, 4), chair.full_name)
    assert the_record().quantity == 4
    assert entered(village, president, typed(member, "7", late.standing)) == [Standing(3, 7)]


def test_who_is_late_for_a_cell_that_was_emptied_and_filled_again_is_told_too(village, member, president):
    entered(village, president, typed(member, "3"))
    entered(village, president, typed(member, "", (1, 3)))
    entered(village, president, typed(member, "8"))
    (late,) = entered(village, make_chair(village.parent), typed(member, "5", (1, 3)))
    assert (late.code, late.standing) == ("overtaken", Standing(1, 8))


@pytest.mark.parametrize("text", ["-1", "1.5", "x", "10000", "³", "1e3", "999999999"])
def test_what_is_no_number_is_refused_and_holds_back_no_other(village, member, president, text):
    other = make_member(village)
    refusal, good = entered(village, president, typed(member, text), typed(other, "2"))
    assert (refusal.code, good) == ("quantity", Standing(1, 2))


def test_the_day_is_the_last_of_the_month_or_of_hers_or_today(village, member, president):
    left = make_member(village)
    Membership.objects.filter(member=left).update(end=date(2022, 8, 9), reason="moved")
    entered(village, president, typed(member, "1"), typed(left, "1"))
    days = dict(Activity.objects.values_list("members", "day"))
    assert days == {member.pk: date(2022, 8, 31), left.pk: date(2022, 8, 9)}
    today = timezone.localdate()
    entered(village, president, typed(member, "1"), month=months.first(today))
    assert Activity.objects.order_by("-day").first().day == today


def test_who_was_no_member_in_the_month_has_no_cell(village, president):
    stranger = make_member(make_village(village.parent))
    gone = make_member(village)
    Membership.objects.filter(member=gone).update(end=date(2022, 7, 31), reason="moved")
    assert [each.code for each in entered(village, president, typed(stranger, "1"), typed(gone, "1"))] == [
        "no_member", "no_member",
    ]  # fmt: skip


@pytest.mark.parametrize("kind", ["courtyard", "dispute", "hazard_mended", "nonsense"])
def test_kinds_that_need_more_have_no_cell(village, member, president, kind):
    (refusal,) = entered(village, president, typed(member, "1", kind=kind))
    assert refusal.code == "kind"


def test_only_who_may_enters_and_no_month_that_has_not_come(village, member, president):
    for by in (make_account(village.parent.parent, "auditor"), make_chair(make_township())):
        with pytest.raises(WorkRefused):
            entered(village, by, typed(member, "1"))
    with pytest.raises(WorkRefused):
        entered(village, president, typed(member, "1"), month=months.next_month(timezone.localdate()))
    assert not Activity.objects.exists()


def test_a_cell_stays_that_of_its_member_kind_and_month(village, member, president):
    entered(village, president, typed(member, "3"))
    other = make_member(village)
    for members, said in (
        (None, {"kind": "elderly"}), ([other.pk], {}), ([member.pk, other.pk], {}), (None, {"day": date(2022, 7, 3)}),
    ):  # fmt: skip
        with pytest.raises(WorkRefused) as told:
            change(the_record(), president, 1, members, **said)
        assert told.value.code == "of_sheet"
    assert change(the_record(), president, 1, quantity=9, text="补记").quantity == 9


def test_what_was_entered_by_itself_stands_beside_the_cell(village, member, president):
    make_activity(village, member, by=president, quantity=2)
    turned_down = make_activity(village, member, by=president, quantity=7)
    reject({turned_down.pk: 1}, make_chair(village.parent), "重复")
    make_activity(village, member, by=president, day=date(2022, 8, 31) + timedelta(days=1), quantity=40)
    entered(village, president, typed(member, "3"))
    cell = work_sheet(village, MONTH).cells()[f"{member.pk}-inspection"]
    assert (cell.standing.quantity, cell.beside) == (3, 2)


def test_more_cells_cost_no_more_queries(village, president):
    def asked(count):
        members, counted = [make_member(village) for _each in range(count)], []
        for text, seen in (("1", (0, 0)), ("2", (1, 1)), ("0", (2, 2))):
            with CaptureQueriesContext(connection) as queries:
                entered(village, president, *(typed(each, text, seen) for each in members))
            counted.append(len(queries))
        return counted

    few = asked(1)
    assert max(few) < 25
    assert asked(3) == few
