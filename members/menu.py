"""What the main menu has of people, of the month and of the ledgers."""

from django.utils.translation import gettext_lazy as _

from cunsao.menu import Page, Table, add, group

add("top", Page(_("Monthly rosters"), "months", "month", "members.view_monthlyroster"))
group(
    "people", _("Members"), 20, Table("members.Member"),
    Page(_("Gaps in the net"), "gaps", "zone", "members.view_member"),
    Page(_("Import a list"), "imports", "upload", "members.add_member"),
    Page(_("Transfers"), "transfers", "move", "members.view_transfer"),
    Table("members.Membership"), Table("members.Post"), Table("members.ZoneAssignment"),
)  # fmt: skip
group(
    "month", _("Month and subsidy"), 30,
    Page(_("Payments"), "payments", "payment", "members.view_payment"),
    *(Table(f"members.{name}") for name in (
        "MonthlyRoster", "RosterEntry", "Payment", "Objection", "PerformanceScheme", "SubsidyRate", "Budget", "Excuse",
        "BankFile", "ReturnFile", "BankLayout",
    )),
)  # fmt: skip
group(
    "ledgers", _("Ledgers"), 40,
    Page(_("Who is insured"), "insurance", "insurance", "members.view_insuredmember"),
    Page(_("Who is trained"), "training", "training", "members.view_attendance"),
    *(Table(f"members.{name}") for name in (
        "Equipment", "Office", "Honour", "HonourKind", "Advancement", "Donation", "InsurancePolicy", "InsuredMember",
        "Claim", "TrainingSession", "Attendance", "Instructor",
    )),
)  # fmt: skip
