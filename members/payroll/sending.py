"""From the approved month to the bank: what each woman gets in one line, sent once, and again only where it failed."""

import hashlib
import json
from collections.abc import Iterable, Sequence
from datetime import datetime
from decimal import Decimal
from typing import Any

from django.db import IntegrityError, connection, transaction
from django.db.models import Max
from django.utils import timezone
from django.utils.translation import gettext as _

from councils import audit
from cunsao.personal_data import fingerprint, prepared
from members.models import BankFile, EntryKind, Member, MonthlyRoster, Payment, PaymentState, RosterEntry, RosterStatus
from members.payroll import rights
from members.payroll.copies import shown
from members.payroll.refusals import StepRefused
from members.payroll.steps import held_roster, move

COLUMNS = (
    "roster", "member", "month", "regular", "county_amount", "amount", "attempt", "state", "bank_file", "number",
    "name", "bank_name", "bank_account", "bank_account_print", "day", "reason",
)  # fmt: skip


def send(roster: MonthlyRoster, by: Any, at: datetime | None = None) -> BankFile | None:
    """County finance hands a published month to the bank; returns the file, None where nobody gets anything.

    All entries of a woman are one line. Where a claw-back takes all of it the line is settled at once, where it takes
    more she owes the rest; neither goes to the bank. Sent twice it is sent once. Raises StepRefused; codes besides
    those of every step: notice (the public notice still runs), objections, account.
    """
    with transaction.atomic():
        held = held_roster(roster)
        if held.sent_at and held.sent_by_id == by.pk:
            return held.bank_files.order_by("number").first()
        rights.refuse(held, by, "send")
        now = at or timezone.now()
        if held.notice_until is None or timezone.localdate(now) <= held.notice_until:
            message = _("The public notice runs until %(day)s. Send the month after that day.")
            raise StepRefused("notice", message % {"day": held.notice_until})
        if held.objections.unanswered().exists():
            raise StepRefused("objections", _("An objection is not answered yet. Answer it first."))
        lines = _lines(held)
        sent = move(held, RosterStatus.SENT, sent_by=by, sent_at=now)
        file = _file(sent, [each for each in lines if each.amount > 0], by, now)
        _write(lines, file, now)
        if not any(each.state in (PaymentState.SENT, PaymentState.OWED) for each in lines):
            move(sent, RosterStatus.PAID, settled_by=by, settled_at=now)
        return file


def resend(roster: MonthlyRoster, by: Any, at: datetime | None = None) -> BankFile | None:
    """Another file with the payments that failed, to the accounts that stand in the records now.

    None where none failed that is not on its way again. Raises StepRefused; code besides those of every step: account.
    """
    with transaction.atomic():
        held = held_roster(roster)
        rights.refuse(held, by, "resend")
        waiting = Payment.objects.filter(roster=held).exclude(state=PaymentState.FAILED).values("member")
        failed = Payment.objects.filter(roster=held, state=PaymentState.FAILED).exclude(member__in=waiting)
        last: dict[int, Payment] = {each.member_id: each for each in failed.order_by("attempt")}
        people = Member.objects.in_bulk(list(last))
        lines = [_again(payment, people[member]) for member, payment in last.items()]
        if not lines:
            return None
        now = at or timezone.now()
        file = _file(held, lines, by, now)
        _write(lines, file, now)
        return file


def _lines(roster: MonthlyRoster) -> list[Payment]:
    """What each woman gets in all, in the order of the sheet."""
    found: dict[int, list[RosterEntry]] = {}
    for entry in shown(roster):
        found.setdefault(entry.member_id, []).append(entry)
    return [_line(roster, entries) for entries in found.values()]


def _line(roster: MonthlyRoster, entries: Sequence[RosterEntry]) -> Payment:
    first = entries[0]
    amount = sum((each.total for each in entries), Decimal(0))
    if amount > 0:
        _refuse_account(first)
    state = PaymentState.SENT if amount > 0 else PaymentState.OWED if amount < 0 else PaymentState.OFFSET
    return Payment(
        roster=roster, member_id=first.member_id, month=roster.month, amount=amount, state=state,
        regular=any(each.kind == EntryKind.REGULAR for each in entries),
        county_amount=sum((each.county_amount for each in entries), Decimal(0)),
        name=first.name, bank_name=first.bank_name, bank_account=first.bank_account,
        bank_account_print=first.bank_account_print,
    )  # fmt: skip


def _refuse_account(entry: RosterEntry) -> None:
    """The sealed account is the one column of an approved entry that the database lets be written anew, for new keys:
    its fingerprint tells whether it still is what was approved."""
    account = entry.bank_account
    if account is None or fingerprint(account.clear, "bank_account") != entry.bank_account_print:
        message = _("The account of %(name)s is not the one that was approved. Ask the system administrator.")
        raise StepRefused("account", message % {"name": entry.name})


def _again(failed: Payment, member: Member) -> Payment:
    if member.bank_account is None:
        raise StepRefused("account", _("%(name)s has no bank account. Enter it in her record.") % {"name": member.name})
    return Payment(
        roster_id=failed.roster_id, member_id=failed.member_id, month=failed.month, amount=failed.amount,
        state=PaymentState.SENT, regular=failed.regular, county_amount=failed.county_amount,
        attempt=failed.attempt + 1, name=member.name, bank_name=member.bank_name, bank_account=member.bank_account,
        bank_account_print=member.bank_account_print,
    )  # fmt: skip


def _file(roster: MonthlyRoster, lines: Sequence[Payment], by: Any, now: datetime) -> BankFile | None:
    """The file's own row; the lines get their numbers in it."""
    if not lines:
        return None
    before = roster.bank_files.aggregate(last=Max("number"))["last"] or 0
    for number, line in enumerate(lines, 1):
        line.number = number
    file: BankFile = BankFile.objects.create(
        roster=roster, number=before + 1, at=now, by=by, rows=len(lines), digest=digest(lines),
        total=sum((each.amount for each in lines), Decimal(0)),
    )  # fmt: skip
    return file


def digest(lines: Iterable[Payment]) -> str:
    """SHA-256 of a file's lines: number, account, name and amount of each."""
    rows = [
        [each.number, (each.bank_account_print or b"").hex(), each.name, f"{each.amount:.2f}"]
        for each in sorted(lines, key=lambda each: each.number or 0)
    ]
    return hashlib.sha256(json.dumps(rows, ensure_ascii=False).encode()).hexdigest()


def _write(lines: Sequence[Payment], file: BankFile | None, now: datetime) -> None:
    money, adapted = connection.ops.adapt_decimalfield_value, connection.ops.adapt_datefield_value
    sealed: Any = Payment._meta.get_field("bank_account")
    accounts = prepared(sealed, [each.bank_account for each in lines])
    today = adapted(timezone.localdate(now))
    rows = [
        (each.roster_id, each.member_id, adapted(each.month), each.regular, money(each.county_amount, 10, 2),
         money(each.amount, 10, 2), each.attempt, str(each.state), file.pk if file and each.number else None,
         each.number, each.name, each.bank_name, account, each.bank_account_print,
         today if each.state == PaymentState.OFFSET else None, "")
        for each, account in zip(lines, accounts, strict=True)
    ]  # fmt: skip
    township = lines[0].roster.township_id if lines else None
    told = {"bank_account": [str(each.bank_account) if each.bank_account else None for each in lines]}
    try:
        with transaction.atomic():
            audit.copy_in(Payment, COLUMNS, rows, "name", councils=[township] * len(rows), told=told)
    except IntegrityError as broken:
        raise StepRefused("paid", _("Somebody of this month was paid for it already. Nothing was sent.")) from broken
