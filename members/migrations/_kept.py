"""What the database itself keeps of a month: tests/members/payroll/test_kept.py says each in a sentence.

SQLite drops a table's triggers when a migration remakes the table, and cannot remake one that another table's trigger
names. A migration that alters MonthlyRoster, RosterEntry, SubsidyRate or Payment therefore has the operations
[*lifted(KEPT), …its own…, *KEPT].
"""

from cunsao.triggers import Refuse

UNDECIDED = "('draft', 'returned', 'submitted')"
# How far a roster has come; from approval on it only goes forward.
RANK = (
    "(CASE {row}.status WHEN 'approved' THEN 1 WHEN 'published' THEN 2 WHEN 'sent' THEN 3 "
    "WHEN 'partly_paid' THEN 4 WHEN 'paid' THEN 5 ELSE 0 END)"
)
STAYS = (
    "id", "township_id", "month", "rate_id", "scheme_id", "unchanged", "digest", "opened_by_id", "opened_at",
    "submitted_by_id", "submitted_at", "first_submitted_at", "approved_by_id", "approved_at",
)  # fmt: skip
ONCE = ("published_by_id", "published_at", "notice_until", "sent_by_id", "sent_at")
FROZEN_ENTRY = f"EXISTS (SELECT 1 FROM {{MonthlyRoster}} r WHERE r.id = {{row}}.roster_id AND r.status NOT IN {UNDECIDED})"


def frozen_entry(row):
    return FROZEN_ENTRY.replace("{row}", row)


def changed(columns):
    return " OR ".join(f"NEW.{column} IS DISTINCT FROM OLD.{column}" for column in columns)


def set_again(columns):
    return " OR ".join(f"(OLD.{name} IS NOT NULL AND NEW.{name} IS DISTINCT FROM OLD.{name})" for name in columns)


FROZEN = "an approved month never changes"
HOLD = ("MonthlyRoster", "roster_id")

KEPT = [
    Refuse("RosterEntry", "entry_frozen_insert", "insert", frozen_entry("NEW"), FROZEN, holding=HOLD),
    Refuse(
        "RosterEntry", "entry_frozen_update", "update", f"{frozen_entry('OLD')} OR {frozen_entry('NEW')}", FROZEN,
        # Sealed anew when keys change; its fingerprint stays, and sending compares the two.
        but=("bank_account",), holding=HOLD,
    ),
    Refuse("RosterEntry", "entry_frozen_delete", "delete", frozen_entry("OLD"), FROZEN, holding=HOLD),
    *(
        Refuse(
            "RosterEntry", f"entry_corrects_{deed}", deed,
            "NEW.corrects_id IS NOT NULL AND NOT EXISTS (SELECT 1 FROM {RosterEntry} e JOIN {MonthlyRoster} r "
            "ON r.id = e.roster_id WHERE e.id = NEW.corrects_id AND e.member_id = NEW.member_id "
            f"AND e.month = NEW.corrected_month AND e.month < NEW.month AND r.status NOT IN {UNDECIDED})",
            "a correction corrects an approved entry of hers of an earlier month",
            but=("bank_account",) if deed == "update" else (),
        )
        for deed in ("insert", "update")
    ),
    *(
        Refuse(
            "RosterEntry", f"entry_month_{deed}", deed,
            "NOT EXISTS (SELECT 1 FROM {MonthlyRoster} r WHERE r.id = NEW.roster_id AND r.month = NEW.month)",
            "an entry is of its roster's month",
            but=("bank_account",) if deed == "update" else (),
        )
        for deed in ("insert", "update")
    ),
    Refuse(
        "MonthlyRoster", "roster_goes_forward", "update",
        f"{RANK.format(row='OLD')} > 0 AND ({RANK.format(row='NEW')} < {RANK.format(row='OLD')} "
        f"OR {changed(STAYS)} OR {set_again(ONCE)})",
        FROZEN,
    ),
    Refuse("MonthlyRoster", "roster_frozen_delete", "delete", f"{RANK.format(row='OLD')} > 0", FROZEN),
    *(
        Refuse(
            "SubsidyRate", f"rate_used_{deed}", deed,
            "EXISTS (SELECT 1 FROM {MonthlyRoster} r WHERE r.rate_id = OLD.id "
            f"AND r.status NOT IN {UNDECIDED})",
            "a rate of an approved month never changes",
        )
        for deed in ("update", "delete")
    ),
    Refuse(
        "Payment", "payment_settled_update", "update", "OLD.state IN ('paid', 'offset')",
        "a settled payment never changes", but=("bank_account",),
    ),
    Refuse("Payment", "payment_never_deleted", "delete", "1 = 1", "a payment is never deleted"),
    *(
        Refuse(
            "Payment", f"payment_of_its_roster_{deed}", deed,
            "NOT EXISTS (SELECT 1 FROM {MonthlyRoster} r WHERE r.id = NEW.roster_id AND r.month = NEW.month "
            "AND r.status IN ('sent', 'partly_paid', 'paid'))",
            "a payment is of a month that was sent", but=("bank_account",) if deed == "update" else (),
        )
        for deed in ("insert", "update")
    ),
]
