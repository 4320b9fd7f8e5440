"""The lists of people and of what they get; importing this package announces them to the intake."""

from members.imports import equipment, honours, insurance, offices, register, training

__all__ = ["equipment", "honours", "insurance", "offices", "register", "training"]
