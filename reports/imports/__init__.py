"""The lists of what was done; importing this package announces them to the intake."""

from reports.imports import activities, months

__all__ = ["activities", "months"]
