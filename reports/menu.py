"""What the main menu has of the six roles' work and of what is told upward."""

from django.utils.translation import gettext_lazy as _

from cunsao.menu import Page, Table, group

group(
    "work", _("Work of the six roles"), 50, Page(_("Handling of hazards"), "hazards", "hazard", "reports.view_hazard"),
    Page(_("Mediation of disputes"), "disputes", "dispute", "reports.view_activity"),
    Page(_("Tasks"), "campaigns", "campaign", "reports.view_campaign"),
    Page(_("Ranking"), "rankings", "scheme", "reports.view_remark"),
    *(Table(f"reports.{name}") for name in (
        "Activity", "Sample", "Hazard", "HazardTime", "Dispute", "Campaign", "Scheme", "Remark",
    )),
)  # fmt: skip
