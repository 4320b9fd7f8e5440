"""Entries as they are printed and sent: from the record while a month is open, from the frozen copy afterwards."""

import hashlib
import json
from collections.abc import Sequence
from decimal import Decimal

from members.models import MonthlyRoster, RosterEntry

COPIED = ("name", "village_name", "national_id_masked", "bank_name", "bank_account", "bank_account_print")


def shown(roster: MonthlyRoster) -> list[RosterEntry]:
    """The roster's entries by village and name, each with the copied columns filled; in two queries.

    Before approval they say what the record says now, so that what is approved is what was seen.
    """
    entries = list(
        roster.entries.select_related("member")
        .prefetch_related("village")
        .order_by("village__code", "member__pinyin", "member", "kind", "pk")
    )
    if not roster.is_frozen:
        for entry in entries:
            copy(entry)
    return entries


def copy(entry: RosterEntry) -> None:
    member = entry.member
    entry.name, entry.village_name = member.name, str(entry.village)
    entry.national_id_masked = str(member.national_id)
    entry.bank_name, entry.bank_account = member.bank_name, member.bank_account
    entry.bank_account_print = member.bank_account_print


def digest(entries: Sequence[RosterEntry]) -> str:
    """SHA-256 of what `shown` gave: the same for the same people, amounts and accounts, before and after approval."""
    rows = sorted(
        [
            entry.pk, entry.member_id, entry.village_id, entry.kind, entry.days, _yuan(entry.county_amount),
            _yuan(entry.performance_amount), entry.note, entry.corrects_id, entry.name, entry.village_name,
            entry.national_id_masked, entry.bank_name,
            entry.bank_account_print.hex() if entry.bank_account_print else "",
        ]
        for entry in entries
    )  # fmt: skip
    return hashlib.sha256(json.dumps(rows, ensure_ascii=False).encode()).hexdigest()


def _yuan(amount: Decimal) -> str:
    return f"{amount:.2f}"
