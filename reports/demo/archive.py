"""The invented county's months that were paid before anybody looks: many at once, as they stand when all is done.

Thirty townships a month through every door one by one would take minutes. What is written is what the doors would have
left, by their own rules of who is paid and how digests are made, and the database checks each row. The trail has the
rosters and the bank's files; of the 130,000 lines in them it has none, which would double the time and the database.
"""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field
from datetime import UTC, date, datetime, time, timedelta
from decimal import Decimal
from typing import Any

from django.db import connection
from django.db.models import Q

from councils import audit
from councils.models import Council, User
from cunsao import bulk, months
from cunsao.personal_data import prepared
from members.models import BankFile, Member, MonthlyRoster, Payment, RosterEntry, RosterStatus, SubsidyRate
from members.payroll import copies, running, sending

NOTES = ("值班加班", "疫苗接送", "环境整治", "矛盾调解")
FAILURES = ("账号不存在", "户名与账号不符")
LATE = {(3, date(2021, 5, 1)), (3, date(2021, 6, 1)), (17, date(2022, 1, 1)), (17, date(2022, 7, 1))}
ENTRY = (
    *("roster", "month", "member", "village", "kind", "days", "county_amount", "performance_amount", "note"),
    *("automatic", "mark", "version", "changed_by", "changed_at", "name", "village_name", "national_id_masked"),
    *("bank_name", "bank_account", "bank_account_print"),
)


@dataclass(frozen=True)
class Desk:
    """Who works on the months; chairs by the key of their township."""

    county: User
    finance: User
    chairs: dict[int, User]


@dataclass(slots=True)
class Woman:
    """What is copied of her record; the account sealed for the entry and for the payment."""

    name: str
    masked: str
    bank_name: str
    sealed: bytes | None
    sent: bytes | None
    print: bytes | None


@dataclass(slots=True)
class Line:
    """One woman in one month, with what digests are made of."""

    member_id: int
    village_id: int
    days: int
    county_amount: Decimal
    performance_amount: Decimal
    note: str
    name: str
    village_name: str
    national_id_masked: str
    bank_name: str
    bank_account_print: bytes | None
    kind: str = "regular"
    corrects_id: int | None = None
    pk: int = 0
    number: int = 0

    @property
    def amount(self) -> Decimal:
        return self.county_amount + self.performance_amount


@dataclass
class Past:
    """A township's month that is written, with its lines and the numbers of those that failed at first."""

    roster: MonthlyRoster
    place: int
    lines: list[Line] = field(default_factory=list)
    failed: tuple[int, ...] = ()


def write(wanted: Sequence[tuple[date, Sequence[tuple[int, Council]]]], rate: SubsidyRate, desk: Desk) -> None:
    """Paid months: for each the townships with their places in the county's order."""
    women = _women()
    villages = dict(Council.objects.values_list("pk", "name"))
    past = _opened(wanted, rate, desk)
    by_place = {(each.roster.month, each.roster.township_id): each for each in past}
    for month, _townships in wanted:
        for term in running.running(month, Q()).values():
            if here := by_place.get((month, term.township)):
                here.lines.append(_line(here, term, women[term.member], villages, rate))
    _write_entries(past, women, desk)
    _pay(past, women, desk)


def at(month: date, days: int) -> datetime:
    """Half past nine in the morning in Anhui, so many days after the first of `month`."""
    return datetime.combine(month + timedelta(days=days), time(1, 30), UTC)


def after(month: date, place: int, days: int) -> datetime:
    """So many days after the end of `month`, a week later where the township was late."""
    return at(months.next_month(month), days - 1 + (7 if (place, month) in LATE else 0))


def _women() -> dict[int, Woman]:
    fields: list[Any] = [model._meta.get_field("bank_account") for model in (RosterEntry, Payment)]
    members = list(Member.objects.all())
    accounts = [each.bank_account for each in members]
    sealed = [prepared(each, accounts) for each in fields]
    return {
        each.pk: Woman(
            each.name,
            str(each.national_id),
            each.bank_name,
            entry,
            sent,
            each.bank_account_print,
        )
        for each, entry, sent in zip(members, *sealed, strict=True)
    }


def _opened(wanted: Sequence[tuple[date, Sequence[tuple[int, Council]]]], rate: SubsidyRate, desk: Desk) -> list[Past]:
    schemes = {each.pk: each.schemes.first() for each in Council.objects.at_level("township")}
    rosters = [
        Past(
            MonthlyRoster(
                township=township, month=month, rate=rate, scheme=schemes[township.pk], opened_by=desk.county,
                opened_at=at(month, 24),
            ),
            place, failed=_failed(month, place),
        )
        for month, townships in wanted
        for place, township in townships
    ]  # fmt: skip
    MonthlyRoster.objects.bulk_create([each.roster for each in rosters])
    return rosters


def _failed(month: date, place: int) -> tuple[int, ...]:
    return (3, 6)[: 1 + place % 2] if (place + month.month) % 9 == 0 else ()


def _line(here: Past, term: running.Term, woman: Woman, villages: dict[int, str], rate: SubsidyRate) -> Line:
    """Her line; some get more than usual, each month others."""
    scheme: Any = here.roster.scheme
    turn = term.member + here.roster.month.month
    more, note = (turn % 5 * 20 + 20, NOTES[turn % 4]) if turn % 40 == 0 else (0, "")
    return Line(
        term.member, term.village, term.days, running.subsidy(rate, here.roster.month, term.days),
        scheme.default_amount + more, note, woman.name, villages[term.village], woman.masked, woman.bank_name,
        woman.print,
    )  # fmt: skip


def _write_entries(past: Sequence[Past], women: dict[int, Woman], desk: Desk) -> None:
    money, day = connection.ops.adapt_decimalfield_value, connection.ops.adapt_datefield_value
    moment = connection.ops.adapt_datetimefield_value
    rows, lines = [], []
    for each in past:
        month, chair = day(each.roster.month), desk.chairs[each.roster.township_id].pk
        written = moment(after(each.roster.month, each.place, 0))
        for line in each.lines:
            lines.append(line)
            rows.append(
                (each.roster.pk, month, line.member_id, line.village_id, "regular", line.days,
                 money(line.county_amount, 10, 2), money(line.performance_amount, 10, 2), line.note, False, "", 0,
                 chair, written, line.name, line.village_name, line.national_id_masked, line.bank_name,
                 women[line.member_id].sealed, line.bank_account_print)
            )  # fmt: skip
    keys = bulk.copy_in(RosterEntry, ENTRY, rows)
    for key, line in zip(keys, lines, strict=True):
        line.pk = key


def _pay(past: Sequence[Past], women: dict[int, Woman], desk: Desk) -> None:
    """Steps in time, then the bank's files, then payments."""
    for each in past:
        _step(each, desk)
    audit.save_many(
        [each.roster for each in past],
        ["status", "digest", "submitted_by", "submitted_at", "first_submitted_at", "approved_by", "approved_at",
         "published_by", "published_at", "notice_until", "sent_by", "sent_at", "settled_by", "settled_at"],
    )  # fmt: skip
    batches = [(each, lines, attempt) for each in past for attempt, lines in enumerate(_tries(each), 1)]
    files = BankFile.objects.bulk_create(_file(each, lines, attempt, desk) for each, lines, attempt in batches)
    rows: list[Any] = []
    for (each, lines, attempt), file in zip(batches, files, strict=True):
        rows += _payments(each, lines, attempt, file, women)
    bulk.copy_in(Payment, sending.COLUMNS, rows)


def _step(each: Past, desk: Desk) -> None:
    roster, chair = each.roster, desk.chairs[each.roster.township_id]

    def on(days: int) -> datetime:
        return after(roster.month, each.place, days)

    lines: Any = each.lines
    roster.status, roster.digest = RosterStatus.PAID, copies.digest(lines)
    roster.submitted_by, roster.submitted_at = chair, on(each.place % 4 + 1)
    roster.first_submitted_at = roster.submitted_at
    roster.approved_by, roster.approved_at = desk.county, on(5)
    roster.published_by, roster.published_at = desk.county, on(5)
    roster.notice_until = on(5 + roster.rate.notice_days).date()
    roster.sent_by, roster.sent_at = desk.finance, on(13)
    roster.settled_by, roster.settled_at = desk.finance, on(19 if each.failed else 14)


def _tries(each: Past) -> Iterator[list[Line]]:
    """All lines, then those that failed once more."""
    yield each.lines
    if again := [line for at, line in enumerate(each.lines, 1) if at in each.failed]:
        yield again


def _file(each: Past, lines: list[Line], attempt: int, desk: Desk) -> BankFile:
    for number, line in enumerate(lines, 1):
        line.number = number
    like: Any = lines
    return BankFile(
        roster=each.roster, number=attempt, at=after(each.roster.month, each.place, 13 if attempt == 1 else 18),
        by=desk.finance, rows=len(lines), total=sum((line.amount for line in lines), Decimal(0)),
        digest=sending.digest(like),
    )  # fmt: skip


def _payments(
    each: Past, lines: list[Line], attempt: int, file: BankFile, women: dict[int, Woman]
) -> Iterator[tuple[Any, ...]]:
    money, day = connection.ops.adapt_decimalfield_value, connection.ops.adapt_datefield_value
    paid = day(after(each.roster.month, each.place, 14 if attempt == 1 else 19).date())
    month = day(each.roster.month)
    for number, line in enumerate(lines, 1):
        fails = attempt == 1 and number in each.failed
        yield (
            each.roster.pk, line.member_id, month, True, money(line.county_amount, 10, 2), money(line.amount, 10, 2),
            attempt, "failed" if fails else "paid", file.pk, number, line.name, line.bank_name,
            women[line.member_id].sent, line.bank_account_print, None if fails else paid,
            FAILURES[number % 2] if fails else "",
        )  # fmt: skip
