"""The invented county's twenty months, January 2021 to August 2022; the last two go through the doors, step by step.

Older months are paid, some of their lines at the second try (archive.py); July 2022 stands in each state from approved
to paid, and August from not opened to approved. Who enters, approves and pays are three accounts, as in life.
"""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from datetime import date, datetime
from decimal import Decimal
from typing import Any

from django.db import transaction

from councils.models import Council, User
from cunsao import bulk, months
from members import payroll
from members.models import Budget, Excuse, MonthlyRoster, Payment, PerformanceScheme, RosterEntry, SubsidyRate
from reports.demo import archive
from reports.demo.archive import FAILURES, NOTES, Desk, after, at

FIRST, LAST = date(2021, 1, 1), date(2022, 8, 1)
JULY = date(2022, 7, 1)
BUDGETS = {2021: Decimal(9_000_000), 2022: Decimal(10_500_000)}
EXCUSED = 11
CORRECTED = (10, 15, 24)  # places of townships that put last month right
# How far July and August are, township by township
IN_JULY = ("paid",) * 9 + ("partly_paid",) * 5 + ("sent",) * 6 + ("published",) * 6 + ("objected",) + ("approved",) * 3
IN_AUGUST = ("approved",) * 4 + ("submitted",) * 9 + ("returned",) * 3 + ("draft",) * 12 + ("none",) * 2
ORDER = ("draft", "submitted", "approved", "published", "sent", "paid")
REACHES = {"returned": "submitted", "objected": "published", "partly_paid": "sent"}


def load(desk: Desk) -> int:
    """Terms of the county and its townships, then month after month; returns how many entries there are."""
    townships = list(Council.objects.at_level("township").select_related("parent").order_by("code"))
    if not SubsidyRate.objects.exists():
        with transaction.atomic():
            _set_terms(townships)
    placed = list(enumerate(townships))
    paid = [each for each, state in zip(placed, IN_JULY, strict=True) if state == "paid"]
    rate = SubsidyRate.objects.get()
    known = set(MonthlyRoster.objects.values_list("month", flat=True))
    for month in months.span(FIRST, LAST):
        if month in known:
            continue
        with transaction.atomic():  # a month at a time, so that others need not wait for long
            if month <= JULY:
                archive.write([(month, paid if month == JULY else placed)], rate, desk)
            if month >= JULY:
                _run_month(month, IN_JULY if month == JULY else IN_AUGUST, townships, desk)
            bulk.learn_sizes(MonthlyRoster, RosterEntry, Payment)
    return RosterEntry.objects.count()


def _set_terms(townships: Sequence[Council]) -> None:
    county: Any = townships[0].parent
    SubsidyRate.objects.create(county=county, start=FIRST, amount=Decimal(200))
    Budget.objects.bulk_create(Budget(county=county, year=year, amount=amount) for year, amount in BUDGETS.items())
    PerformanceScheme.objects.bulk_create(
        PerformanceScheme(
            township=each, start=FIRST, name=f"{each.name}绩效补贴办法", default_amount=Decimal(30 + at % 4 * 10),
            cap=Decimal(300), text="按每月调度评议结果发放：入户宣传、环境督导、矛盾调解、关爱走访四项各占四分之一。",
        )
        for at, each in enumerate(townships)
    )  # fmt: skip
    Excuse.objects.create(
        township=townships[EXCUSED], start=date(2021, 7, 1), until=date(2021, 8, 1), reason="防汛抗洪，人员均在圩堤值守"
    )


def _run_month(month: date, states: Sequence[str], townships: Sequence[Council], desk: Desk) -> None:
    """The townships that are not paid yet, as far as each is."""
    running = [(place, *each) for place, each in enumerate(zip(townships, states, strict=True))]
    opening = [township for _place, township, state in running if state not in ("none", "paid")]
    rosters = {each.township_id: each for each in payroll.open_months(opening, month, desk.county, at(month, 24))}
    for place, township, state in running:
        if roster := rosters.get(township.pk):
            _run(_Run(roster, place, desk), state)


@dataclass
class _Run:
    """One township's month on its way."""

    roster: MonthlyRoster
    place: int
    desk: Desk

    def at(self, days: int) -> datetime:
        return after(self.roster.month, self.place, days)

    @property
    def chair(self) -> User:
        return self.desk.chairs[self.roster.township_id]


def _run(run: _Run, state: str) -> None:
    goal = ORDER.index(REACHES.get(state, state))
    _enter(run)
    for step, deed in zip(ORDER[1:-1], (_submit, _approve, _publish, _send), strict=True):
        if ORDER.index(step) <= goal:
            deed(run)
    if state == "returned":
        first = run.roster.entries.defer("bank_account").earliest("pk")
        payroll.give_back(run.roster, run.desk.county, "绩效金额与评议结果不一致，请核对后重新上报。",
                          {first.pk: "评议得分与金额不符"}, at=run.at(3))  # fmt: skip
    elif state == "objected":
        payroll.object_to(run.roster, "有村民反映名单中一人八月初已外出务工，请核实。", run.desk.county,
                          date(2022, 8, 9), "群众来电")  # fmt: skip
    elif state == "partly_paid":
        payroll.settle(run.roster, run.desk.finance, _failures(run, 2), run.at(14).date(), at=run.at(14))


def _enter(run: _Run) -> None:
    """The chair changes some performance subsidies; now and then the county puts an earlier month right."""
    entries = run.roster.entries.regular().defer("bank_account").order_by("pk")
    turn = run.place + run.roster.month.month
    some = list(entries[turn % 5 :: 40])[:4]
    rows = [
        (each.pk, each.version, {"performance_amount": Decimal(60 + (turn + at) % 5 * 20), "note": NOTES[at % 4]})
        for at, each in enumerate(some)
    ]
    payroll.enter_many(run.roster, rows, run.chair)
    if run.place in CORRECTED:
        wrong = RosterEntry.objects.regular().frozen().filter(
            roster__township=run.roster.township_id, month=months.previous(run.roster.month)
        ).defer("bank_account").earliest("pk")  # fmt: skip
        payroll.correct(wrong, Decimal(0), run.roster.month, run.desk.county, "上月绩效少发，本月补发", Decimal(40))
    run.roster.refresh_from_db()


def _submit(run: _Run) -> None:
    run.roster = payroll.submit(run.roster, run.roster.version, run.chair, at=run.at(run.place % 4 + 1))


def _approve(run: _Run) -> None:
    seen = payroll.digest(payroll.shown(run.roster))
    run.roster = payroll.approve(run.roster, seen, run.desk.county, at=run.at(5))


def _publish(run: _Run) -> None:
    run.roster = payroll.publish(run.roster, run.desk.county, at=run.at(5))


def _send(run: _Run) -> None:
    payroll.send(run.roster, run.desk.finance, at=run.at(13))
    run.roster.refresh_from_db()


def _failures(run: _Run, count: int) -> dict[int, str]:
    keys = run.roster.payments.filter(state="sent").order_by("number").values_list("pk", flat=True)
    return dict(zip(_every_third(keys), FAILURES[:count], strict=False))


def _every_third(keys: Any) -> Iterator[int]:
    yield from list(keys)[2::3]
