"""What the database refuses of a month, whoever asks and by whatever way."""

from decimal import Decimal

import pytest
from django.db import DatabaseError, connection, transaction
from django.utils import timezone

from members.models import BankFile, EntryKind, Member, MonthlyRoster, Payment, RosterEntry, SubsidyRate
from tests.factories import make_approved, make_member, make_month, make_published, make_sent, make_staff, villages_of

pytestmark = pytest.mark.django_db


def sql(statement, *values):
    with connection.cursor() as cursor:
        cursor.execute(statement, values)


def everything():
    return {
        model.__name__: list(model.objects.order_by("pk").values())
        for model in (MonthlyRoster, RosterEntry, Payment, BankFile, SubsidyRate)
    }


def keeps(deed, *said):
    """Refused by the database, and nothing changed."""
    before = everything()
    with pytest.raises(DatabaseError), transaction.atomic():
        deed(*said)
    assert everything() == before


ON_ENTRIES = {
    "update": lambda entry: RosterEntry.objects.filter(pk=entry.pk).update(performance_amount=Decimal(900)),
    "save": lambda entry: entry.save(force_update=True),
    "delete": lambda entry: entry.delete(),
    "insert": lambda entry: RosterEntry.objects.create(
        roster=entry.roster, month=entry.month, member=make_member(entry.village), village=entry.village
    ),
    "sql update": lambda entry: sql("UPDATE members_rosterentry SET county_amount = 999 WHERE id = %s", entry.pk),
    "sql delete": lambda entry: sql("DELETE FROM members_rosterentry WHERE id = %s", entry.pk),
    "sql name": lambda entry: sql("UPDATE members_rosterentry SET name = 'x' WHERE id = %s", entry.pk),
    "sql print": lambda entry: sql("UPDATE members_rosterentry SET bank_account_print = NULL WHERE id = %s", entry.pk),
    "sql move": lambda entry: sql("UPDATE members_rosterentry SET roster_id = roster_id + 1 WHERE id = %s", entry.pk),
}


@pytest.mark.parametrize("deed", ON_ENTRIES.values(), ids=list(ON_ENTRIES))
def test_an_approved_entry_is_not_written(deed):
    entry = make_approved(members=2).entries.first()
    entry.note = "改"
    keeps(deed, entry)


def test_an_open_entry_does_not_move_into_an_approved_month():
    approved, entry = make_approved(members=1), make_month(members=1).entries.get()
    keeps(
        lambda: sql(
            "UPDATE members_rosterentry SET roster_id = %s, month = %s WHERE id = %s",
            approved.pk, approved.month, entry.pk,
        )
    )  # fmt: skip


BACK = ["draft", "returned", "submitted"]


@pytest.mark.parametrize("status", BACK)
def test_an_approved_month_does_not_go_back(status):
    roster = make_approved(members=1)
    keeps(lambda: MonthlyRoster.objects.filter(pk=roster.pk).update(status=status, approved_by=None, approved_at=None))


def test_a_published_month_does_not_go_back_to_approved():
    roster = make_published(members=1)
    keeps(lambda: sql("UPDATE members_monthlyroster SET status = 'approved' WHERE id = %s", roster.pk))


@pytest.mark.parametrize("column", ["digest", "approved_at", "submitted_by_id", "month", "township_id"])
def test_what_was_approved_is_not_written_over(column):
    roster = make_approved(members=1)
    other = {"digest": "0" * 64, "approved_at": timezone.now(), "submitted_by_id": roster.approved_by_id}
    other |= {"month": "2022-09-01", "township_id": roster.township.parent.pk}
    keeps(lambda: sql(f"UPDATE members_monthlyroster SET {column} = %s WHERE id = %s", other[column], roster.pk))


def test_an_approved_month_is_not_deleted():
    roster = make_approved(members=0)
    keeps(lambda: sql("DELETE FROM members_monthlyroster WHERE id = %s", roster.pk))


def test_a_month_is_not_approved_by_a_word_alone():
    roster = make_month(members=1)
    keeps(lambda: sql("UPDATE members_monthlyroster SET status = 'approved' WHERE id = %s", roster.pk))


def test_a_month_is_not_paid_before_it_was_sent():
    roster = make_published(members=1)
    keeps(lambda: sql("UPDATE members_monthlyroster SET status = 'paid' WHERE id = %s", roster.pk))


def test_a_month_is_its_first_day():
    roster = make_month(members=0)
    keeps(lambda: sql("UPDATE members_monthlyroster SET month = '2022-07-02' WHERE id = %s", roster.pk))


def test_a_rate_of_an_approved_month_stays():
    roster = make_approved(members=1)
    keeps(lambda: SubsidyRate.objects.filter(pk=roster.rate_id).update(amount=300))


def test_a_rate_of_open_months_may_change():
    roster = make_month(members=1)
    assert SubsidyRate.objects.filter(pk=roster.rate_id).update(amount=300) == 1


def test_a_member_stands_once_in_a_month():
    entry = make_month(members=1).entries.get()
    keeps(
        lambda: RosterEntry.objects.create(
            roster=entry.roster, month=entry.month, member=entry.member, village=entry.village
        )
    )


def test_an_entry_is_of_its_rosters_month():
    entry = make_month(members=1).entries.get()
    keeps(lambda: sql("UPDATE members_rosterentry SET month = '2022-09-01' WHERE id = %s", entry.pk))


def correction(entry, roster, **values):
    said = {"kind": EntryKind.ARREARS, "county_amount": 10, "corrects": entry, "corrected_month": entry.month}
    return RosterEntry.objects.create(
        roster=roster, month=roster.month, village=entry.village, **{"member": entry.member} | said | values
    )


def test_a_correction_points_neither_at_its_own_month_nor_at_an_open_one_nor_at_another_woman():
    roster = make_approved(members=2)
    entry, other = roster.entries.order_by("pk")
    august = make_month(roster.township, month=roster.month.replace(month=8))
    in_august = august.entries.first()
    keeps(lambda: correction(entry, august, corrected_month=august.month))
    keeps(lambda: correction(in_august, august))
    keeps(lambda: correction(entry, august, member=other.member))
    keeps(lambda: correction(entry, august, county_amount=-10))
    keeps(lambda: correction(entry, august, kind=EntryKind.CLAW_BACK))
    assert correction(entry, august).pk
    own = correction(entry, august)
    keeps(lambda: sql("UPDATE members_rosterentry SET corrects_id = id WHERE id = %s", own.pk))


def test_a_settled_payment_stays_and_none_is_deleted():
    roster = make_sent(members=1)
    payment = roster.payments.get()
    keeps(lambda: sql("DELETE FROM members_payment WHERE id = %s", payment.pk))
    Payment.objects.filter(pk=payment.pk).update(state="paid", day=timezone.localdate())
    keeps(lambda: sql("UPDATE members_payment SET state = 'failed' WHERE id = %s", payment.pk))
    keeps(lambda: sql("UPDATE members_payment SET amount = 1 WHERE id = %s", payment.pk))


def test_nobody_is_paid_twice_for_a_month():
    roster = make_sent(members=1)
    payment = roster.payments.get()
    Payment.objects.filter(pk=payment.pk).update(state="paid", day=timezone.localdate())
    payment.refresh_from_db()
    payment.pk, payment._state.adding, payment.attempt, payment.number = None, True, 2, 99
    keeps(lambda: payment.save())


def test_a_month_that_was_not_sent_has_no_payment():
    roster = make_approved(members=1)
    entry = roster.entries.get()
    keeps(
        lambda: Payment.objects.create(
            roster=roster, member=entry.member, month=roster.month, regular=True, county_amount=200, amount=200,
            state="paid", day=timezone.localdate(), name="x",
        )
    )  # fmt: skip


def test_a_bank_file_stays():
    file = make_sent(members=1).bank_files.get()
    keeps(lambda: sql("UPDATE members_bankfile SET total = 1 WHERE id = %s", file.pk))
    keeps(lambda: sql("DELETE FROM members_bankfile WHERE id = %s", file.pk))


def test_keys_may_change_and_what_is_sealed_anew_is_the_same_account():
    roster = make_approved(members=1)
    entry = roster.entries.get()
    account = entry.bank_account.clear
    field = RosterEntry._meta.get_field("bank_account")
    sql("UPDATE members_rosterentry SET bank_account = %s WHERE id = %s", field.encoder()(account), entry.pk)
    entry.refresh_from_db()
    assert entry.bank_account == account


def test_the_record_of_a_paid_woman_is_not_deleted():
    make_approved(members=1)
    member = Member.objects.get()
    keeps(lambda: sql("DELETE FROM members_rosterentry WHERE member_id = %s", member.pk))
    assert villages_of(RosterEntry.objects.get().roster.township)
    assert make_staff()
