from typing import Any

from django.contrib import admin
from django.http import HttpRequest

from councils.admin.scoped import ReadOnlyAdmin
from reports.admin.leading import leading_to
from reports.models import Campaign


@admin.register(Campaign)
class CampaignAdmin(ReadOnlyAdmin):
    """Campaigns; they are set, answered and counted on pages of their own, by reports/campaigns.py."""

    list_display = ["title", "kind", "start", "deadline", "withdrawn"]
    list_filter = ["kind", ("withdrawn", admin.EmptyFieldListFilter)]
    fields = ["title", "text", "kind", ("start", "deadline"), "verified_only", "withdrawn", "set_by"]

    def get_changelist(self, request: HttpRequest, **options: Any) -> Any:
        return leading_to("campaign")
