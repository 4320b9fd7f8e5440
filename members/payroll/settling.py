"""What the bank answers: each payment paid or failed, by its return file or by hand; nothing is settled twice."""

import hashlib
from collections.abc import Iterable, Mapping, Sequence
from datetime import date, datetime
from typing import Any

from django.db import IntegrityError, transaction
from django.utils import timezone
from django.utils.translation import gettext as _

from councils import audit
from councils.models import Council, Level
from cunsao.workbook import Book
from members.models import (
    LineVerdict,
    MonthlyRoster,
    Payment,
    PaymentState,
    ReturnFile,
    ReturnLine,
    RosterStatus,
)
from members.payroll import rights
from members.payroll.answers import Answer, answers
from members.payroll.bank import layout
from members.payroll.refusals import StepRefused, refuse_unseen
from members.payroll.steps import held_roster, move

OPEN_STATES = (PaymentState.SENT, PaymentState.OWED)


def read_return(
    roster: MonthlyRoster, book: Book, by: Any, day: date | None = None, at: datetime | None = None
) -> ReturnFile:
    """Takes the bank's answer in, row by row; its `lines` say what became of each, and none stops the rest.

    The same file a second time changes nothing and gives what was kept of the first. `day` is when it was paid, by
    default today. Raises StepRefused; code besides those of every step: no_header.
    """
    with transaction.atomic():
        held = held_roster(roster)
        known = ReturnFile.objects.filter(roster=held, digest=_digest(book)).first()
        if known is not None:
            refuse_unseen(held, by)
            return known
        rights.refuse(held, by, "read_return")
        told = answers(book, layout(_county(held)))
        now = at or timezone.now()
        payments = list(Payment.objects.filter(roster=held).select_related("roster").order_by("attempt"))
        file: ReturnFile = ReturnFile.objects.create(
            roster=held, name=book.name[:200], digest=_digest(book), at=now, by=by
        )
        judged = _judge(told, payments)
        ReturnLine.objects.bulk_create(
            ReturnLine(
                file=file, row=each.row, name=each.name[:40], account=each.masked[:40], amount=each.amount_said[:40],
                said=each.said[:200], verdict=verdict, payment=payment,
            )
            for each, verdict, payment in judged
        )  # fmt: skip
        paid = day or timezone.localdate(now)
        changed = [
            _settled(payment, verdict == LineVerdict.PAID, paid, each.said)
            for each, verdict, payment in judged
            if payment is not None and verdict in (LineVerdict.PAID, LineVerdict.FAILED)
        ]
        _write(held, changed, payments, by, now)
        return file


def settle(
    roster: MonthlyRoster, by: Any, failed: Mapping[int, str] | None = None, day: date | None = None,
    at: datetime | None = None,
) -> MonthlyRoster:  # fmt: skip
    """Without a file: every payment on its way is paid, but for those `failed` (their keys, and why).

    A month that is settled already stays as it is. Raises StepRefused.
    """
    with transaction.atomic():
        held = held_roster(roster)
        if held.status == RosterStatus.PAID and held.settled_by_id == by.pk:
            return held
        rights.refuse(held, by, "settle")
        payments = list(Payment.objects.filter(roster=held).select_related("roster"))
        now = at or timezone.now()
        reasons = failed or {}
        changed = [
            _settled(each, each.pk not in reasons, day or timezone.localdate(now), reasons.get(each.pk, ""))
            for each in payments
            if each.state == PaymentState.SENT
        ]
        return _write(held, changed, payments, by, now)


def note_returned(payment: Payment, by: Any, day: date, reason: str = "", at: datetime | None = None) -> MonthlyRoster:
    """What a woman owed was given back on `day`. Raises StepRefused."""
    with transaction.atomic():
        held = held_roster(payment.roster)
        rights.refuse(held, by, "settle")
        payments = list(Payment.objects.filter(roster=held).select_related("roster"))
        owed = [each for each in payments if each.pk == payment.pk and each.state == PaymentState.OWED]
        return _write(held, [_settled(each, True, day, reason) for each in owed], payments, by, at or timezone.now())


def _county(roster: MonthlyRoster) -> Council:
    found: Council = Council.objects.get(level=Level.COUNTY, code=roster.township.code[:6])
    return found


def _digest(book: Book) -> str:
    """Of the cells, not of the bytes: saved anew by Excel it is the same file."""
    rows = [[sheet.name, row.number, [str(cell) for cell in row.cells]] for sheet in book.sheets for row in sheet.rows]
    return hashlib.sha256(repr(rows).encode()).hexdigest()


def _judge(told: Iterable[Answer], payments: Sequence[Payment]) -> list[tuple[Answer, LineVerdict, Payment | None]]:
    """What each row means. Rows that stand twice settle nothing where they contradict each other."""
    lines = [(each, _meant(each, payments)) for each in told]
    verdicts: dict[int, set[bool | None]] = {}
    for each, payment in lines:
        if payment is not None and each.success is not None:
            verdicts.setdefault(payment.pk, set()).add(each.success)
    found, seen = [], set()
    for each, payment in lines:
        verdict = _verdict(each, payment)
        if payment is not None and verdict in (LineVerdict.PAID, LineVerdict.FAILED):
            if payment.pk in seen or len(verdicts[payment.pk]) > 1:
                verdict = LineVerdict.DOUBLE
            seen.add(payment.pk)
        found.append((each, verdict, payment))
    return found


def _meant(answer: Answer, payments: Sequence[Payment]) -> Payment | None:
    """The payment of a row, by account and name: of several tries the one on its way, else the last."""
    if answer.print is None:
        return None
    same = [each for each in payments if each.bank_account_print == answer.print and each.bank_file_id]
    named = [each for each in same if each.name == answer.name] if answer.name else same
    waiting = [each for each in named if each.state == PaymentState.SENT]
    if len({each.member_id for each in waiting or named}) > 1:
        return None
    tries = waiting or named
    return tries[-1] if tries else None


def _verdict(answer: Answer, payment: Payment | None) -> LineVerdict:
    if answer.print is None or answer.success is None or answer.amount is None:
        return LineVerdict.UNREADABLE
    if payment is None:
        return LineVerdict.UNKNOWN
    if payment.amount != answer.amount:
        return LineVerdict.WRONG_AMOUNT
    if payment.state != PaymentState.SENT:
        return LineVerdict.ALREADY
    return LineVerdict.PAID if answer.success else LineVerdict.FAILED


def _settled(payment: Payment, paid: bool, day: date, reason: str) -> Payment:
    payment.state = PaymentState.PAID if paid else PaymentState.FAILED
    payment.day, payment.reason = day if paid else None, reason.strip()[:200]
    return payment


def _write(
    held: MonthlyRoster, changed: Sequence[Payment], payments: Sequence[Payment], by: Any, now: datetime
) -> MonthlyRoster:
    """Writes what was settled, and how far the month is with it."""
    if not changed:
        return held
    try:
        with transaction.atomic():
            audit.save_many(changed, ["state", "day", "reason"])
    except IntegrityError as broken:
        raise StepRefused("paid", _("Somebody of this month was paid for it already. Nothing was settled.")) from broken
    return move(
        held, RosterStatus.PAID if _all_settled(payments) else RosterStatus.PARTLY_PAID, settled_by=by, settled_at=now
    )


def _all_settled(payments: Sequence[Payment]) -> bool:
    """Whether the last try of each is paid or offset."""
    last = {each.member_id: each.state for each in sorted(payments, key=lambda each: each.attempt)}
    return all(state in (PaymentState.PAID, PaymentState.OFFSET) for state in last.values())
