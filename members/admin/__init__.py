from members.admin import bank, equipment, honour, member, membership, month, office, post, rate, zone_assignment

__all__ = [
    "bank",
    "equipment",
    "honour",
    "member",
    "membership",
    "month",
    "office",
    "post",
    "rate",
    "zone_assignment",
]
