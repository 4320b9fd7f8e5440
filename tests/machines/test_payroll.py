"""Joining, leaving, moving, opening, handing in, returning, approving, paying and correcting, in any order."""

from collections import Counter
from datetime import date, timedelta
from decimal import Decimal

import pytest
from django.db import connection, transaction
from django.db.models import Sum
from django.utils import timezone
from hypothesis import HealthCheck, settings
from hypothesis import strategies as st
from hypothesis.stateful import RuleBasedStateMachine, initialize, invariant, rule, run_state_machine_as_test

from cunsao import months
from members import payroll
from members.joining import JoiningRefused, leave, rejoin
from members.models import Member, MonthlyRoster, Payment, RosterEntry, SubsidyRate
from members.transferring import transfer
from tests.factories import (
    make_account,
    make_chair,
    make_county,
    make_member,
    make_number,
    make_rate,
    make_scheme,
    make_township,
    villages_of,
)

MONTHS = months.span(date(2022, 5, 1), date(2022, 8, 1))
PLACES = st.integers(0, 1)
DAYS = st.dates(date(2022, 4, 20), date(2022, 8, 31))
PICK = st.integers(0, 30)
SETTLED = ("paid", "offset")


class Payroll(RuleBasedStateMachine):
    """One county of two townships with two villages each; every deed goes through the doors or is refused by them."""

    @initialize(by_days=st.booleans())
    def county(self, by_days):
        self.outer = transaction.atomic()
        self.outer.__enter__()
        county = make_county()
        make_rate(county, by_days=by_days, notice_days=0)
        self.townships = [make_township(county, villages=2) for _township in range(2)]
        make_scheme(self.townships[0])
        self.villages = [village for each in self.townships for village in villages_of(each)]
        self.chairs = [make_chair(each) for each in self.townships]
        self.staff = [make_account(county, "county_staff") for _account in range(2)]
        self.finance = make_account(county, "county_finance")
        self.clock = timezone.now() - timedelta(days=2000)
        self.frozen = {}
        self.paid = {}
        for village in self.villages:
            make_member(village)

    def teardown(self):
        if hasattr(self, "outer"):
            transaction.set_rollback(True)
            self.outer.__exit__(None, None, None)

    def tick(self):
        self.clock += timedelta(days=1)
        return self.clock

    def pick(self, found, number):
        listed = list(found.order_by("pk"))
        return listed[number % len(listed)] if listed else None

    def tried(self, deed, *said, **named):
        try:
            return deed(*said, **named)
        except (payroll.PayrollRefused, JoiningRefused):
            return None

    @rule(village=st.integers(0, 3), day=DAYS)
    def joins(self, village, day):
        make_member(self.villages[village], joined_on=day, national_id=make_number())

    @rule(who=PICK, day=DAYS)
    def leaves(self, who, day):
        if member := self.pick(Member.objects.serving(), who):
            self.tried(leave, member, day, "died", None)

    @rule(who=PICK, village=st.integers(0, 3), day=DAYS)
    def moves(self, who, village, day):
        if member := self.pick(Member.objects.serving(), who):
            self.tried(transfer, member, self.villages[village], day, None)

    @rule(who=PICK, village=st.integers(0, 3), day=DAYS)
    def comes_back(self, who, village, day):
        gone = Member.objects.exclude(pk__in=Member.objects.serving().values("pk"))
        if member := self.pick(gone, who):
            self.tried(rejoin, member, self.villages[village], day, None)

    @rule(place=PLACES, month=st.sampled_from(MONTHS))
    def opens(self, place, month):
        self.tried(payroll.open_month, self.townships[place], month, self.chairs[place], at=self.tick())

    @rule(which=PICK, amount=st.sampled_from(["0", "30", "99.99", "200"]), version=st.integers(0, 2))
    def enters(self, which, amount, version):
        if entry := self.pick(RosterEntry.objects.regular(), which):
            for chair in self.chairs:
                self.tried(payroll.enter, entry, "performance_amount", amount, version, chair)

    @rule(which=PICK, lie=st.booleans())
    def hands_in(self, which, lie):
        if roster := self.pick(MonthlyRoster.objects, which):
            chair = self.chairs[self.townships.index(roster.township)]
            self.tried(payroll.submit, roster, roster.version + lie, chair, at=self.tick())

    @rule(which=PICK)
    def is_returned(self, which):
        if roster := self.pick(MonthlyRoster.objects.filter(status="submitted"), which):
            self.tried(payroll.give_back, roster, self.staff[0], "再看", at=self.tick())

    @rule(which=PICK, who=PLACES)
    def is_approved(self, which, who):
        if roster := self.pick(MonthlyRoster.objects.filter(status="submitted"), which):
            digest = payroll.digest(payroll.shown(roster))
            self.tried(payroll.approve, roster, digest, self.staff[who], at=self.tick())

    @rule(which=PICK)
    def is_published(self, which):
        if roster := self.pick(MonthlyRoster.objects.filter(status="approved"), which):
            self.tried(payroll.publish, roster, self.staff[1], at=self.tick())

    @rule(which=PICK)
    def is_sent(self, which):
        if roster := self.pick(MonthlyRoster.objects.filter(status="published"), which):
            self.tried(payroll.send, roster, self.finance, at=self.tick())

    @rule(which=PICK, failing=st.sets(st.integers(0, 3)))
    def is_settled(self, which, failing):
        if roster := self.pick(MonthlyRoster.objects.filter(status__in=["sent", "partly_paid"]), which):
            lines = list(roster.payments.order_by("pk"))
            failed = {lines[each].pk: "退汇" for each in failing if each < len(lines)}
            self.tried(payroll.settle, roster, self.finance, failed, at=self.tick())

    @rule(which=PICK)
    def is_sent_again(self, which):
        if roster := self.pick(MonthlyRoster.objects.filter(status="partly_paid"), which):
            self.tried(payroll.resend, roster, self.finance, at=self.tick())

    @rule(place=PLACES)
    def opens_another(self, place):
        self.opens_the_next_month(place)

    def opens_the_next_month(self, place):
        opened = set(MonthlyRoster.objects.filter(township=self.townships[place]).values_list("month", flat=True))
        for month in [each for each in MONTHS if each not in opened][:1]:
            self.tried(payroll.open_month, self.townships[place], month, self.chairs[place], at=self.tick())

    @rule(which=PICK, far=st.integers(1, 4))
    def goes_on(self, which, far):
        """Some steps of a draft in one go, so that payments and corrections are met often."""
        if roster := self.pick(MonthlyRoster.objects.filter(status="draft"), which):
            chair, staff = self.chairs[self.townships.index(roster.township)], self.staff[0]
            self.tried(payroll.refresh, roster, chair)
            roster.refresh_from_db()
            self.tried(payroll.submit, roster, roster.version, chair, at=self.tick())
            digest = payroll.digest(payroll.shown(roster))
            steps = [
                lambda: payroll.approve(roster, digest, staff, at=self.tick()),
                lambda: payroll.publish(roster, staff, at=self.tick()),
                lambda: payroll.send(roster, self.finance, at=self.tick()),
                lambda: payroll.settle(roster, self.finance, at=self.tick()),
            ]
            for step in steps[:far]:
                self.tried(step)

    @rule(which=PICK, before=st.integers(15, 40))
    def is_noted_to_have_left_before_she_was_paid(self, which, before):
        entry = self.pick(RosterEntry.objects.regular().frozen().filter(member__memberships__end=None), which)
        if entry is not None:
            self.tried(leave, entry.member, entry.month + timedelta(days=20 - before), "died", None)
            self.opens_the_next_month(self.townships.index(entry.roster.township))

    @rule(which=PICK, amount=st.sampled_from([-200, -50, 25]))
    def is_corrected_in_an_open_month(self, which, amount):
        open_months = MonthlyRoster.objects.filter(status__in=["draft", "returned"])
        for roster in open_months.order_by("pk")[:2]:
            earlier = RosterEntry.objects.regular().frozen().filter(
                roster__township=roster.township, month__lt=roster.month
            )  # fmt: skip
            if entry := self.pick(earlier, which):
                self.tried(payroll.correct, entry, Decimal(amount), roster.month, self.staff[0], "更正")

    @invariant()
    def every_member_month_is_paid_at_most_once(self):
        if not hasattr(self, "townships"):
            return
        paid = Payment.objects.filter(regular=True, state__in=[*SETTLED, "sent", "owed"])
        assert all(count == 1 for count in Counter(paid.values_list("member", "month")).values())
        regular = RosterEntry.objects.regular()
        assert all(count == 1 for count in Counter(regular.values_list("member", "month")).values())

    @invariant()
    def payments_come_to_their_entries(self):
        if not hasattr(self, "townships"):
            return
        for roster in MonthlyRoster.objects.filter(status__in=["sent", "partly_paid", "paid"]):
            entries = Counter()
            for entry in roster.entries.all():
                entries[entry.member_id] += entry.total
            last = {each.member_id: each.amount for each in roster.payments.order_by("attempt")}
            assert last == dict(entries)
            for file in roster.bank_files.all():
                assert file.total == file.payments.aggregate(sum=Sum("amount"))["sum"]

    @invariant()
    def nothing_below_nothing_is_left_of_a_month(self):
        if not hasattr(self, "townships"):
            return
        entries = list(RosterEntry.objects.regular().frozen())
        left = payroll.corrections.got(entries, leaving_out=())
        rate = SubsidyRate.objects.get()
        assert all(county >= 0 and performance >= 0 for county, performance in left.values())
        assert all(each.county_amount <= rate.amount for each in entries)

    @invariant()
    def frozen_months_are_the_same_to_the_byte(self):
        if not hasattr(self, "townships"):
            return
        for roster in MonthlyRoster.objects.frozen():
            rows = raw("SELECT * FROM members_rosterentry WHERE roster_id = %s ORDER BY id", roster.pk)
            assert self.frozen.setdefault(roster.pk, (roster.digest, rows)) == (roster.digest, rows)
            assert payroll.digest(payroll.shown(roster)) == roster.digest
        for payment in raw("SELECT * FROM members_payment WHERE state IN ('paid', 'offset') ORDER BY id"):
            assert self.paid.setdefault(payment[0], payment) == payment


def raw(statement, *values):
    """Rows as they are stored, sealed columns included."""
    with connection.cursor() as cursor:
        cursor.execute(statement, values)
        return [tuple(bytes(each) if isinstance(each, memoryview) else each for each in row) for row in cursor]


@pytest.mark.django_db
def test_nobody_is_paid_twice_and_no_approved_figure_changes():
    run_state_machine_as_test(
        Payroll,
        settings=settings(
            max_examples=20, stateful_step_count=60, deadline=None, suppress_health_check=list(HealthCheck)
        ),
    )
