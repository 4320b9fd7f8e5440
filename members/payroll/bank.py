"""The bank's file: its lines in the columns that the county set, with their control sums."""

from collections.abc import Sequence
from dataclasses import dataclass
from decimal import Decimal
from typing import IO, Any

from django.db.models import Max
from django.utils.translation import gettext as _

from councils import audit
from councils.models import Action, Council, Level
from cunsao import chinese, months, workbook
from cunsao.personal_data import Secret
from members.models import BankColumn, BankFile, BankLayout, Payment, RosterEntry
from members.payroll.refusals import StepRefused, refuse_unseen
from members.payroll.sending import digest


@dataclass(frozen=True)
class Sheet:
    """A bank file's headings and rows as they leave, and what they add up to."""

    columns: Sequence[workbook.Column]
    rows: Sequence[Sequence[Any]]
    count: int
    total: Decimal
    capitals: str
    digest: str


def layout(county: Council) -> BankLayout:
    """The county's own layout, or the usual one, unsaved."""
    found = BankLayout.objects.filter(county=county).first()
    return found or BankLayout(county=county)


def rows(file: BankFile, by: Any, clear: bool = False, reason: str = "") -> Sheet:
    """The lines of a file, in a fixed number of queries. With `clear` accounts are whole, which the bank needs: that
    they left, and why, is entered in the trail.

    `by` is an account that may send. Raises StepRefused: forbidden, out_of_scope, reason, or altered where the stored
    lines are not those that were sent.
    """
    if by is not None and not by.has_perm("members.send_roster"):
        raise StepRefused("forbidden", _("This step is for %(whose)s.") % {"whose": _("county finance")})
    refuse_unseen(file.roster, by)
    if clear and not reason.strip():
        raise StepRefused("reason", _("Say why the whole numbers are needed; the reason is kept."))
    lines = list(file.payments.order_by("number"))
    total = sum((each.amount for each in lines), Decimal(0))
    if (len(lines), total, digest(lines)) != (file.rows, file.total, file.digest):
        raise StepRefused("altered", _("This file is not what was sent. Ask the system administrator."))
    county = Council.objects.get(level=Level.COUNTY, code=file.roster.township.code[:6])
    wanted = layout(county)
    entries = _entries(lines)
    if clear:
        audit.note(
            Action.EXPORTED, file, file.roster.township_id, rows=["", len(lines)], unmasked=["", True],
            reason=["", reason.strip()],
        )  # fmt: skip
    return Sheet(
        columns=[_column(key, heading) for key, heading in wanted.columns],
        rows=[[_value(key, each, entries, file, wanted, clear) for key, _h in wanted.columns] for each in lines],
        count=len(lines), total=total, capitals=chinese.capitals(total), digest=file.digest,
    )  # fmt: skip


def write(sheet: Sheet, file: BankFile, stream: IO[bytes], kind: str) -> None:
    """The sheet as "xlsx" or "csv"; control sums stand beneath the rows of an .xlsx, a bank's csv has rows alone."""
    if kind == "csv":
        workbook.write_csv([[column.heading for column in sheet.columns], *sheet.rows], stream)
        return
    closing = _("%(count)d lines, %(total)s yuan (%(capitals)s)") % {
        "count": sheet.count, "total": f"{sheet.total:,.2f}", "capitals": sheet.capitals,
    }  # fmt: skip
    name = f"{file.roster.month:%Y%m}-{file.number}"
    workbook.write([workbook.Plan(name, sheet.columns, sheet.rows, closing=[closing])], stream)


def _entries(lines: Sequence[Payment]) -> dict[int, RosterEntry]:
    """One frozen entry of each line's member, for what only entries say."""
    if not lines:
        return {}
    last = RosterEntry.objects.filter(roster=lines[0].roster_id).order_by().values("member").annotate(last=Max("pk"))
    chosen = RosterEntry.objects.filter(pk__in=last.values("last")).defer("bank_account")
    return {each.member_id: each for each in chosen}


def _column(key: str, heading: str) -> workbook.Column:
    kinds: dict[str, Any] = {BankColumn.AMOUNT: "amount", BankColumn.NUMBER: "number"}
    return workbook.Column(heading, kinds.get(key, "text"))


def _value(
    key: str, line: Payment, entries: dict[int, RosterEntry], file: BankFile, wanted: BankLayout, clear: bool
) -> Any:
    entry = entries[line.member_id]
    match key:
        case BankColumn.NUMBER:
            return line.number
        case BankColumn.NAME:
            return line.name
        case BankColumn.ACCOUNT:
            return _number(line.bank_account, clear)
        case BankColumn.BANK:
            return line.bank_name
        case BankColumn.AMOUNT:
            return line.amount
        case BankColumn.NATIONAL_ID:
            return entry.national_id_masked
        case BankColumn.VILLAGE:
            return entry.village_name
        case _:
            return _same_in_each_line(key, file, wanted)


def _same_in_each_line(key: str, file: BankFile, wanted: BankLayout) -> str:
    said = {
        BankColumn.TOWNSHIP: str(file.roster.township),
        BankColumn.MONTH: f"{file.roster.month:%Y-%m}",
        BankColumn.REMARK: f"{months.label(file.roster.month)}{wanted.remark}",
    }
    return said.get(BankColumn(key), "")


def _number(number: Secret | None, clear: bool) -> str:
    if number is None:
        return ""
    return number.clear if clear else str(number)
