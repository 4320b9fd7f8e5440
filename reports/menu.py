"""What the main menu has of the six roles' work and of what is told upward."""

from django.utils.translation import gettext_lazy as _

from cunsao.menu import Page, Table, add, group

group("work", _("Work of the six roles"), 50, *(Table(f"reports.{name}") for name in (
    "Activity", "Sample", "Hazard", "HazardTime", "Dispute", "Campaign", "Scheme", "Remark",
)))  # fmt: skip
add(
    "top", Page(_("What was done"), "work", "activity", "reports.view_activity"),
    Page(_("Note it"), "phone", "equipment", "reports.add_activity"),
)  # fmt: skip
add(
    "work", Page(_("Verify what was done"), "verify_work", "activity", "reports.verify_activity"),
    Page(_("Month's sheet"), "choose_sheet", "month", "reports.view_activity"),
    Page(_("Spot checks by chance"), "samples", "search", "reports.view_sample"), first=True,
)  # fmt: skip
