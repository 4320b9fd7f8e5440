from typing import Any

from django.contrib import admin
from django.http import HttpRequest
from django.urls import reverse
from django.utils.html import format_html
from django.utils.translation import gettext_lazy as _

from councils.admin.scoped import ReadOnlyAdmin, ScopedAdmin, TownshipFilter
from councils.models import Governance, Leader, Level, Statute


@admin.register(Governance)
class GovernanceAdmin(ScopedAdmin):
    """Who leads and guides each council, and how civil affairs know it."""

    import_kind = "governance"
    list_display = [
        "council", "party_organisation", "federation", "registration", "number", "registered_on", "registered_until",
    ]  # fmt: skip
    list_filter = [
        TownshipFilter, "council__level", "registration", ("registered_on", admin.EmptyFieldListFilter),
    ]  # fmt: skip
    list_select_related = ["council"]
    search_fields = ["council__name", "council__short_name", "party_organisation", "federation", "number"]
    search_help_text = _("Council, organisation, or registration number")
    autocomplete_fields = ["council"]
    fields = [
        "council", "party_organisation", "federation", ("registration", "number"),
        ("registered_on", "registered_until"), "remark",
    ]  # fmt: skip

    def get_readonly_fields(self, request: HttpRequest, obj: Any = None) -> tuple[str, ...]:
        return ("council",) if obj else ()

    def get_changeform_initial_data(self, request: HttpRequest) -> dict[str, Any]:
        own = request.user.council_id  # type: ignore[union-attr]
        return {"council": own} | super().get_changeform_initial_data(request)


@admin.register(Statute)
class StatuteAdmin(ReadOnlyAdmin):
    """All charters and rules, each version a file; they are added on a council's own page."""

    list_display = ["opened", "council", "kind", "version", "adopted"]
    list_display_links = None
    export_columns = ["title", "council", "kind", "version", "adopted"]
    list_filter = [TownshipFilter, "kind", "council__level"]
    list_select_related = ["council"]
    search_fields = ["title", "council__name", "council__short_name"]
    fields = ["title", "council", "kind", "version", "adopted", "opened"]

    @admin.display(description=_("charter or rules"), ordering="title")
    def opened(self, statute: Statute) -> str:
        return format_html('<a href="{}">{}</a>', reverse("open_statute", args=[statute.pk]), statute.title)


@admin.register(Leader)
class LeaderAdmin(ScopedAdmin):
    """The county's leading group, its two heads first."""

    import_kind = "leaders"
    list_display = ["name", "role", "duty", "start", "end"]
    list_filter = ["role", ("end", admin.EmptyFieldListFilter)]
    search_fields = ["name", "duty"]
    fields = ["council", "name", "role", "duty", ("start", "end")]

    def get_field_queryset(self, db: Any, db_field: Any, request: HttpRequest) -> Any:
        offered = super().get_field_queryset(db, db_field, request)
        return offered.filter(level=Level.COUNTY) if db_field.name == "council" else offered

    def get_changeform_initial_data(self, request: HttpRequest) -> dict[str, Any]:
        own = request.user.council_id  # type: ignore[union-attr]
        return {"council": own} | super().get_changeform_initial_data(request)
