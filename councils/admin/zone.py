from typing import Any

from django.contrib import admin
from django.http import HttpRequest
from django.utils.translation import gettext_lazy as _

from councils.admin.scoped import ScopedAdmin, TownshipFilter
from councils.models import Zone


@admin.register(Zone)
class ZoneAdmin(ScopedAdmin):
    list_display = ["number", "name", "village", "households", "residents", "closed"]
    list_display_links = ["number", "name"]
    list_filter = [TownshipFilter, ("closed", admin.EmptyFieldListFilter)]
    list_select_related = ["village"]
    search_fields = ["name", "number", "village__name"]
    search_help_text = _("Name or number of the zone, name of the village")
    autocomplete_fields = ["village"]
    fields = ["village", ("number", "name"), "bounds", ("households", "residents"), "closed"]

    def get_changeform_initial_data(self, request: HttpRequest) -> dict[str, Any]:
        """In a village of one's own there is nothing to choose."""
        initial: dict[str, Any] = super().get_changeform_initial_data(request)
        own = request.user.council  # type: ignore[union-attr]
        return {"village": own.pk} | initial if own.is_village else initial
