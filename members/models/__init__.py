from members.models.bank_layout import BankColumn, BankLayout
from members.models.member import Education, Member, PoliticalStatus
from members.models.membership import Leaving, Membership
from members.models.merged import MergedRecord
from members.models.month import (
    OPEN,
    SETTLING,
    UNDECIDED,
    EntryKind,
    MonthlyRoster,
    RosterEntry,
    RosterStatus,
)
from members.models.payment import (
    BankFile,
    LineVerdict,
    Objection,
    Payment,
    PaymentState,
    ReturnFile,
    ReturnLine,
)
from members.models.photo import MemberPhoto
from members.models.post import Position, Post
from members.models.rate import Budget, Excuse, PerformanceScheme, SubsidyRate
from members.models.transfer import Transfer, TransferState
from members.models.zone_assignment import ZoneAssignment

__all__ = [
    "OPEN",
    "SETTLING",
    "UNDECIDED",
    "BankColumn",
    "BankFile",
    "BankLayout",
    "Budget",
    "Education",
    "EntryKind",
    "Excuse",
    "Leaving",
    "LineVerdict",
    "Member",
    "MemberPhoto",
    "Membership",
    "MergedRecord",
    "MonthlyRoster",
    "Objection",
    "Payment",
    "PaymentState",
    "PerformanceScheme",
    "PoliticalStatus",
    "Position",
    "Post",
    "ReturnFile",
    "ReturnLine",
    "RosterEntry",
    "RosterStatus",
    "SubsidyRate",
    "Transfer",
    "TransferState",
    "ZoneAssignment",
]
