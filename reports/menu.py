"""What the main menu has of the six roles' work and of what is told upward."""

from django.utils.translation import gettext_lazy as _

from cunsao.menu import Table, group

group("work", _("Work of the six roles"), 50, *(Table(f"reports.{name}") for name in (
    "Activity", "Sample", "Hazard", "HazardTime", "Dispute", "Campaign", "Scheme", "Remark",
)))  # fmt: skip
