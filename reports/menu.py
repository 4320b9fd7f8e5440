"""What the main menu has of the six roles' work and of what is told upward."""

from django.utils.translation import gettext_lazy as _

from cunsao.menu import Page, Table, add, group

add(
    "top", Page(_("What was done"), "work", "activity", "reports.view_activity"),
    Page(_("Note it"), "phone", "equipment", "reports.add_activity"),
)  # fmt: skip
group(
    "work", _("Work of the six roles"), 50,
    Page(_("Verify what was done"), "verify_work", "activity", "reports.verify_activity"),
    Page(_("Month's sheet"), "choose_sheet", "month", "reports.view_activity"),
    Page(_("Handling of hazards"), "hazards", "hazard", "reports.view_hazard"),
    Page(_("Mediation of disputes"), "disputes", "dispute", "reports.view_activity"),
    Page(_("Tasks"), "campaigns", "campaign", "reports.view_campaign"),
    Page(_("Ranking"), "rankings", "scheme", "reports.view_remark"),
    Page(_("Spot checks by chance"), "samples", "search", "reports.view_sample"),
    *(Table(f"reports.{name}") for name in (
        "Activity", "Sample", "Hazard", "HazardTime", "Dispute", "Campaign", "Scheme", "Remark",
    )),
)  # fmt: skip
