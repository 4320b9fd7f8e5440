"""What the main menu has of the tree, of accounts and of what was changed."""

from django.utils.translation import gettext_lazy as _

from cunsao.menu import Page, Table, group

group("top", "", 0, Page(_("Organisation tree"), "tree", "tree", "councils.view_council"))
group(
    "organisation", _("Organisation"), 10, Table("councils.Zone"), Table("councils.Council"),
    Table("councils.Governance"), Table("councils.Statute"), Table("councils.Leader"),
)  # fmt: skip
group("system", _("System"), 90, Table("councils.User"), Table("councils.Batch"), Table("councils.Change"))
