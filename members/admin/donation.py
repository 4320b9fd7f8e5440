from typing import Any

from django.contrib import admin
from django.http import HttpRequest
from django.urls import reverse
from django.utils import timezone
from django.utils.html import format_html
from django.utils.translation import gettext
from django.utils.translation import gettext_lazy as _

from councils.admin.scoped import TownshipFilter
from members.admin.ledger import LedgerAdmin, year_of
from members.models import Donation


@admin.register(Donation)
class DonationAdmin(LedgerAdmin):
    """What was given to the councils, by whom and for what, and its receipts."""

    import_kind = "donations"
    unmask_permission = ""
    list_display = ["donor", "village", "gift", "amount", "day", "purpose", "paper"]
    list_filter = [TownshipFilter, "donor_kind", "form", year_of("day"), ("receipt", admin.EmptyFieldListFilter)]
    list_select_related = ["village"]
    search_fields = ["donor", "things", "purpose"]
    search_help_text = _("Donor, what was given, or purpose")
    autocomplete_fields = ["village"]
    fields = [
        ("donor", "donor_kind"), "village", ("form", "amount"), "things", "purpose", "day", "remark",
    ]  # fmt: skip

    def get_fields(self, request: HttpRequest, obj: Any = None) -> Any:
        return [*self.fields, "cancelled", "paper"] if obj else self.fields

    def get_readonly_fields(self, request: HttpRequest, obj: Any = None) -> tuple[str, ...]:
        given = ("donor", "donor_kind", "village", "form", "amount", "things", "purpose", "day")
        return (*(given if obj and obj.receipt else ()), "paper")

    def get_changeform_initial_data(self, request: HttpRequest) -> dict[str, Any]:
        own = request.user.council  # type: ignore[union-attr]
        return {"day": timezone.localdate(), "village": own.pk} | super().get_changeform_initial_data(request)

    @admin.display(description=_("what was given"))
    def gift(self, donation: Donation) -> str:
        return donation.gift

    @admin.display(description=_("receipt"), ordering="receipt")
    def paper(self, donation: Donation) -> str:
        """Its number, which leads to the paper; the way to get one where there is none."""
        if donation.cancelled and not donation.receipt:
            return gettext("cancelled")
        said = donation.receipt_number or gettext("Give out the receipt")
        if donation.cancelled:
            said = gettext("%(number)s (cancelled)") % {"number": said}
        return format_html('<a href="{}">{}</a>', reverse("print_donation", args=[donation.pk]), said)
