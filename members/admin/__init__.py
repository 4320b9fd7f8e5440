from members.admin import advancement, donation, equipment, honour, member, membership, office, post, zone_assignment

__all__ = [
    "advancement",
    "donation",
    "equipment",
    "honour",
    "member",
    "membership",
    "office",
    "post",
    "zone_assignment",
]
