from typing import Any

from django.contrib import admin
from django.http import HttpRequest
from django.utils.translation import gettext_lazy as _

from councils.admin.scoped import ScopedAdmin, ScopedFilter, TownshipFilter
from members.admin.ledger import LedgerAdmin, year_of
from members.models import Honour, HonourKind


@admin.register(HonourKind)
class HonourKindAdmin(ScopedAdmin):
    """The honours that are given; the county adds to them."""

    list_display = ["name", "group", "in_use"]
    list_filter = ["group", "in_use"]
    search_fields = ["name"]
    fields = ["name", "group", "in_use"]


@admin.register(Honour)
class HonourAdmin(LedgerAdmin):
    """Who was honoured: a member, a villager or a household."""

    import_kind = "honours"
    list_display = ["honoured", "kind", "level", "year", "village", "document"]
    list_filter = [TownshipFilter, ("kind", ScopedFilter), "level", "kind__group", year_of("year")]
    list_select_related = ["member", "village", "kind"]
    search_fields = [*LedgerAdmin.search_fields, "person", "household"]
    search_help_text = _("Name of the member, villager or head of the household; pinyin or initials of a member")
    autocomplete_fields = ["member", "village"]
    fields = [
        ("kind", "level"), "member", "person", ("household", "house_number"), "village", ("year", "day"), "document",
        "remark",
    ]  # fmt: skip

    def get_field_queryset(self, db: Any, db_field: Any, request: HttpRequest) -> Any:
        """What is given no more is offered for no new record."""
        offered = super().get_field_queryset(db, db_field, request)
        adding = request.resolver_match is None or "object_id" not in request.resolver_match.kwargs
        return offered.filter(in_use=True) if db_field.name == "kind" and adding else offered

    @admin.display(description=_("receiver"), ordering="member__pinyin")
    def honoured(self, honour: Honour) -> str:
        return honour.receiver
