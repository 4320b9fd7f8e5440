from typing import Any

from django.contrib import admin
from django.http import HttpRequest

from councils.admin.paging import KeyedPaginator
from councils.admin.scoped import ReadOnlyAdmin
from members.admin.filters import VillageFilter
from reports.admin.filters import MonthFilter
from reports.admin.leading import leading_to
from reports.models import Dispute


@admin.register(Dispute)
class DisputeAdmin(ReadOnlyAdmin):
    """Disputes of one's own village or passed on to one's township; what they are about opens on a page of its own."""

    paginator = KeyedPaginator
    list_display = ["day", "village", "relation", "state", "passed_on", "settled"]
    list_filter = ["relation", "state", MonthFilter, VillageFilter]
    list_select_related = ["village"]
    fields = [("day", "village"), "relation", ("state", "passed_on", "settled"), "recorded_by"]

    def get_changelist(self, request: HttpRequest, **options: Any) -> Any:
        return leading_to("dispute")
