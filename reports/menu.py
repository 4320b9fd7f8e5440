"""What the main menu has of the six roles' work and of what is told upward."""

from django.utils.translation import gettext_lazy as _

from cunsao.menu import Page, Table, add, group

add("top", Page(_("Overview"), "home", "board", "members.view_member"), first=True)
add(
    "top", Page(_("What was done"), "work", "activity", "reports.view_activity"),
    Page(_("Note what was done"), "phone", "equipment", "reports.add_activity"),
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
group(
    "told", _("Reports"), 60,
    Page(_("Work reports"), "reports", "report", "reports.view_issuedreport"),
    Page(_("Case report"), "case_report", "report", "reports.view_issuedreport"),
    Page(_("Circular on handing in"), "circular", "report", "members.view_excuse"),
    Page(_("Forms from above"), "fill_form", "upload", "reports.view_issuedreport"),
)  # fmt: skip
