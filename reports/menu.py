"""What the main menu has of the six roles' work and of what is told upward."""

from django.utils.translation import gettext_lazy as _

from cunsao.menu import Page, Table, add, group

add("top", Page(_("Overview"), "home", "board", "members.view_member"), first=True)
group("work", _("Work of the six roles"), 50, *(Table(f"reports.{name}") for name in (
    "Activity", "Sample", "Hazard", "HazardTime", "Dispute", "Campaign", "Scheme", "Remark",
)))  # fmt: skip
group(
    "told", _("Reports"), 60,
    Page(_("Work reports"), "reports", "report", "reports.view_issuedreport"),
    Page(_("Case report"), "case_report", "report", "reports.view_issuedreport"),
    Page(_("Circular on handing in"), "circular", "report", "members.view_excuse"),
    Page(_("Forms from above"), "fill_form", "upload", "reports.view_issuedreport"),
)  # fmt: skip
