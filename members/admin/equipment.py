from typing import Any

from django.contrib import admin
from django.http import HttpRequest
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

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

    def get_changeform_initial_data(self, request: HttpRequest) -> dict[str, Any]:
        return {"issued": timezone.localdate()} | super().get_changeform_initial_data(request)
