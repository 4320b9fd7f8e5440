from members.models.advancement import Advancement, Stage, Step
from members.models.bank_layout import BankColumn, BankLayout
from members.models.claim import Claim, ClaimStep
from members.models.donation import Donation, Donor, GiftForm
from members.models.equipment import Condition, Ending, Equipment, EquipmentKind
from members.models.honour import Honour, HonourGroup, HonourKind, HonourLevel
from members.models.insurance import InsurancePolicy, InsuredMember, PolicyKind
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
from members.models.objection import Objection
from members.models.office import Office, OfficeItem
from members.models.payment import (
    BankFile,
    LineVerdict,
    Payment,
    PaymentState,
    ReturnFile,
    ReturnLine,
)
from members.models.photo import MemberPhoto
from members.models.post import Position, Post
from members.models.rate import Budget, Excuse, PerformanceScheme, SubsidyRate
from members.models.training import Attendance, Grade, Instructor, SixRoles, TeacherKind, TrainingSession
from members.models.transfer import Transfer, TransferState
from members.models.zone_assignment import ZoneAssignment

__all__ = [
    "OPEN",
    "SETTLING",
    "UNDECIDED",
    "Advancement",
    "Attendance",
    "BankColumn",
    "BankFile",
    "BankLayout",
    "Budget",
    "Claim",
    "ClaimStep",
    "Condition",
    "Donation",
    "Donor",
    "Education",
    "Ending",
    "EntryKind",
    "Equipment",
    "EquipmentKind",
    "Excuse",
    "GiftForm",
    "Grade",
    "Honour",
    "HonourGroup",
    "HonourKind",
    "HonourLevel",
    "Instructor",
    "InsurancePolicy",
    "InsuredMember",
    "Leaving",
    "LineVerdict",
    "Member",
    "MemberPhoto",
    "Membership",
    "MergedRecord",
    "MonthlyRoster",
    "Objection",
    "Office",
    "OfficeItem",
    "Payment",
    "PaymentState",
    "PerformanceScheme",
    "PolicyKind",
    "PoliticalStatus",
    "Position",
    "Post",
    "ReturnFile",
    "ReturnLine",
    "RosterEntry",
    "RosterStatus",
    "SixRoles",
    "Stage",
    "Step",
    "SubsidyRate",
    "TeacherKind",
    "TrainingSession",
    "Transfer",
    "TransferState",
    "ZoneAssignment",
]
