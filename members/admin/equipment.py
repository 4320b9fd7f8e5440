from typing import Any

from django.contrib import admin
from django.http import HttpRequest
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext
from django.utils.translation import gettext_lazy as _

from councils.admin.exporting import Button
from councils.admin.scoped import TownshipFilter
from members.admin.ledger import LedgerAdmin, year_of
from members.models import Equipment


@admin.register(Equipment)
class EquipmentAdmin(LedgerAdmin):
    """What was issued to whom; its return or loss is entered in the same record."""

    import_kind = "equipment"
    list_display = ["member", "village", "kind", "serial", "issued", "ended", "ending"]
    list_filter = [TownshipFilter, "kind", year_of("issued"), "ending"]
    list_select_related = ["member", "village"]
    search_fields = [*LedgerAdmin.search_fields, "serial"]
    search_help_text = _("Name, pinyin, initials, or serial number")
    autocomplete_fields = ["member"]
    fixed = ("member", "kind")
    fields = [
        "member", ("kind", "serial"), ("issued", "condition"), ("ended", "ending", "condition_after"), "remark",
    ]  # fmt: skip

    def buttons(self, request: HttpRequest) -> list[Button]:
        """The sheet to sign is of one township, or of one's own village."""
        own = request.user.council  # type: ignore[union-attr]
        place = request.GET.get("township") or own.code
        if not place.isdecimal() or len(place) not in (9, 12) or not place.startswith(own.code):
            return super().buttons(request)
        address = reverse("equipment_sheet", args=[place])
        return [*super().buttons(request), Button(gettext("Sheet to sign"), address, "print")]

    def get_changeform_initial_data(self, request: HttpRequest) -> dict[str, Any]:
        return {"issued": timezone.localdate()} | super().get_changeform_initial_data(request)
