from members.admin import (
    advancement,
    bank,
    donation,
    equipment,
    honour,
    member,
    membership,
    office,
    post,
    zone_assignment,
)

__all__ = [
    "advancement",
    "bank",
    "donation",
    "equipment",
    "honour",
    "member",
    "membership",
    "office",
    "post",
    "zone_assignment",
]
