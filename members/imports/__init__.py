"""The lists of people and of what they get; importing this package announces them to the intake."""

from members.imports import register

__all__ = ["register"]
