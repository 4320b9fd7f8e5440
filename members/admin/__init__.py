from members.admin import bank, equipment, honour, member, membership, office, post, zone_assignment

__all__ = [
    "bank",
    "equipment",
    "honour",
    "member",
    "membership",
    "office",
    "post",
    "zone_assignment",
]
