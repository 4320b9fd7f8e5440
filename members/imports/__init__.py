"""The lists of people and of what they get; importing this package announces them to the intake."""

from members.imports import (
    advancements,
    donations,
    equipment,
    governance,
    honours,
    insurance,
    months,
    offices,
    register,
    sessions,
    training,
)

__all__ = [
    "advancements",
    "donations",
    "equipment",
    "governance",
    "honours",
    "insurance",
    "months",
    "offices",
    "register",
    "sessions",
    "training",
]
