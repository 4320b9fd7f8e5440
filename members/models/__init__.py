from members.models.member import Education, Member, PoliticalStatus
from members.models.membership import Leaving, Membership
from members.models.merged import MergedRecord
from members.models.photo import MemberPhoto
from members.models.post import Position, Post
from members.models.transfer import Transfer, TransferState
from members.models.zone_assignment import ZoneAssignment

__all__ = [
    "Education",
    "Leaving",
    "Member",
    "MemberPhoto",
    "Membership",
    "MergedRecord",
    "PoliticalStatus",
    "Position",
    "Post",
    "Transfer",
    "TransferState",
    "ZoneAssignment",
]
