from typing import Any

from django.contrib import admin
from django.db import models
from django.http import HttpRequest
from django.urls import reverse
from django.utils.translation import gettext
from django.utils.translation import gettext_lazy as _

from councils.admin.exporting import Button
from councils.admin.paging import KeyedPaginator
from councils.admin.scoped import ReadOnlyAdmin, ScopedAdmin, TownshipFilter
from members.admin.filters import VillageFilter
from reports.admin.filters import MonthFilter, OverdueFilter
from reports.admin.leading import leading_to
from reports.models import Hazard, HazardTime


@admin.register(Hazard)
class HazardAdmin(ReadOnlyAdmin):
    """Hazards with their state; each step is a deed of its own page, by reports/hazards.py."""

    paginator = KeyedPaginator
    list_display = ["day", "village", "place", "severity", "state", "desk", "due", "closed_on"]
    list_filter = [OverdueFilter, "state", "severity", "desk", MonthFilter, TownshipFilter, VillageFilter]
    list_select_related = ["village"]
    search_fields = ["place"]
    search_help_text = _("Place")
    fields = [
        ("day", "village", "zone"), ("severity", "place"), "text", ("state", "desk", "due"),
        ("handler", "handled_by", "handled_on"), ("verified_by", "closed_on"), "recorded_by",
    ]  # fmt: skip

    def get_changelist(self, request: HttpRequest, **options: Any) -> Any:
        return leading_to("hazard")

    def buttons(self, request: HttpRequest) -> list[Button]:
        return [Button(gettext("What waits for me"), reverse("hazards"), "hazard"), *super().buttons(request)]


@admin.register(HazardTime)
class HazardTimeAdmin(ScopedAdmin):
    """Days that the county allows; what was reported before keeps the day it was given."""

    list_display = ["severity", "start", "days"]
    fields = ["county", "severity", "start", "days"]

    def get_field_queryset(self, db: Any, db_field: Any, request: HttpRequest) -> models.QuerySet[Any]:
        return super().get_field_queryset(db, db_field, request).filter(level="county")

    def get_changeform_initial_data(self, request: HttpRequest) -> dict[str, Any]:
        own = request.user.council_id  # type: ignore[union-attr]
        return {"county": own} | super().get_changeform_initial_data(request)
