from django.contrib import admin

from councils.admin.scoped import ReadOnlyAdmin
from reports.models import Campaign


@admin.register(Campaign)
class CampaignAdmin(ReadOnlyAdmin):
    """Campaigns; they are set, answered and counted on pages of their own, by reports/campaigns.py."""

    list_display = ["title", "kind", "start", "deadline", "withdrawn"]
    list_filter = ["kind", ("withdrawn", admin.EmptyFieldListFilter)]
    fields = ["title", "text", "kind", ("start", "deadline"), "verified_only", "withdrawn", "set_by"]
