from collections.abc import Iterable, Sequence
from typing import Any

from django.contrib import admin
from django.db.models import QuerySet
from django.http import HttpRequest
from django.urls import reverse
from django.utils.translation import gettext_lazy as _

from councils.admin.exporting import Button
from councils.admin.paging import KeyedPaginator
from councils.admin.scoped import ReadOnlyAdmin, TownshipFilter
from cunsao.workbook import Column
from members.admin.filters import VillageFilter
from reports.admin.filters import KindFilter, MemberFilter, MonthFilter, RoleFilter
from reports.imports.activities import ActivityResource
from reports.models import Activity


@admin.register(Activity)
class ActivityAdmin(ReadOnlyAdmin):
    """What was done; it is entered, mended and verified on pages of its own, by reports/activities.py."""

    paginator = KeyedPaginator
    import_kind = "activities"
    list_display = ["day", "village", "kind", "amount", "doers", "state"]
    list_filter = [MonthFilter, "day", TownshipFilter, VillageFilter, RoleFilter, KindFilter, MemberFilter, "state"]
    list_select_related = ["village"]
    fields = [
        ("day", "village", "zone"), ("kind", "amount"), "doers", ("household", "place"), "told", "text",
        ("state", "reason"), ("recorded_by", "recorded_at", "source"), ("verified_by", "verified_at"),
    ]  # fmt: skip
    readonly_fields = ["amount", "told"]

    def outgoing(
        self, request: HttpRequest, found: QuerySet[Any], unmasked: bool
    ) -> tuple[Sequence[Column], Iterable[Sequence[Any]]]:
        """In the columns of the import, so that the list comes in again with nothing changed."""
        return ActivityResource.export_rows(found)

    def buttons(self, request: HttpRequest) -> list[Button]:
        """The way to the month at a glance before the others."""
        return [Button(_("What was done"), reverse("work"), "activity"), *super().buttons(request)]

    @admin.display(description=_("how many"))
    def amount(self, activity: Activity) -> str:
        return f"{activity.quantity} {activity.what.unit.label}"

    @admin.display(description=_("particulars"))
    def told(self, activity: Activity) -> str:
        known = [each for each in activity.what.particulars if each.key in activity.particulars]
        return "；".join(f"{each.label}：{each.told(activity.particulars[each.key])}" for each in known) or "–"
