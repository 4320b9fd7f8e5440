from members.admin import (
    advancement,
    bank,
    donation,
    equipment,
    honour,
    member,
    membership,
    month,
    office,
    post,
    rate,
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
    "month",
    "office",
    "post",
    "rate",
    "zone_assignment",
]
