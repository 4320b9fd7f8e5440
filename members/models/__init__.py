from members.models.equipment import Condition, Ending, Equipment, EquipmentKind
from members.models.honour import Honour, HonourGroup, HonourKind, HonourLevel
from members.models.member import Education, Member, PoliticalStatus
from members.models.membership import Leaving, Membership
from members.models.merged import MergedRecord
from members.models.office import Office, OfficeItem
from members.models.post import Position, Post
from members.models.transfer import Transfer, TransferState
from members.models.zone_assignment import ZoneAssignment

__all__ = [
    "Condition",
    "Education",
    "Ending",
    "Equipment",
    "EquipmentKind",
    "Honour",
    "HonourGroup",
    "HonourKind",
    "HonourLevel",
    "Leaving",
    "Member",
    "Membership",
    "MergedRecord",
    "Office",
    "OfficeItem",
    "PoliticalStatus",
    "Position",
    "Post",
    "Transfer",
    "TransferState",
    "ZoneAssignment",
]
