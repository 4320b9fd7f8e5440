from typing import Any

from django.contrib import admin
from django.http import HttpRequest
from django.urls import reverse
from django.utils.html import format_html
from django.utils.translation import gettext_lazy as _

from councils.admin.scoped import ReadOnlyAdmin
from councils.intake import kinds
from councils.models import Batch, BatchState

PILLS = {BatchState.STAGED: "gap", BatchState.APPLIED: "whole"}


@admin.register(Batch)
class BatchAdmin(ReadOnlyAdmin):
    """Lists that were imported: who brought them, when, and what came of them. To be read only."""

    list_display = [
        "brought", "uploaded_by", "list_kind", "file", "standing",
        "rows", "created", "updated", "unchanged", "rejected",
    ]  # fmt: skip
    list_display_links = None
    list_filter = ["state", "at"]
    list_select_related = ["uploaded_by", "council"]
    search_fields = ["file_name"]
    date_hierarchy = "at"
    fields = [
        ("file_name", "kind"), "digest", ("uploaded_by", "council"), ("at", "state"),
        ("rows", "created", "updated", "unchanged", "rejected"),
    ]  # fmt: skip

    def get_queryset(self, request: HttpRequest) -> Any:
        seen: Any = super().get_queryset(request)
        return seen.readable_by(request.user).light()

    @admin.display(description=_("uploaded"), ordering="at")
    def brought(self, batch: Batch) -> str:
        return batch.uploaded

    @admin.display(description=_("kind of list"))
    def list_kind(self, batch: Batch) -> Any:
        return kinds()[batch.kind].label if batch.kind in kinds() else batch.kind

    @admin.display(description=_("file"), ordering="file_name")
    def file(self, batch: Batch) -> str:
        return format_html('<a href="{}">{}</a>', reverse("batch", args=[batch.pk]), batch.file_name)

    @admin.display(description=_("state"), ordering="state")
    def standing(self, batch: Batch) -> str:
        pill = PILLS.get(BatchState(batch.state), "")
        return format_html('<span class="pill {}">{}</span>', pill, batch.get_state_display())
