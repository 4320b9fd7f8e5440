from typing import Any

from django.contrib import admin
from django.http import HttpRequest

from councils.admin.scoped import ScopedAdmin
from councils.models import Batch


@admin.register(Batch)
class BatchAdmin(ScopedAdmin):
    """Lists that were imported: who brought them, when, and what came of them. To be read only."""

    list_display = ["at", "file_name", "uploaded_by", "council", "state", "rows", "created", "updated", "rejected"]
    list_filter = ["state", "at"]
    list_select_related = ["uploaded_by", "council"]
    search_fields = ["file_name"]
    date_hierarchy = "at"
    fields = [
        ("file_name", "kind"), "digest", ("uploaded_by", "council"), ("at", "state"),
        ("rows", "created", "updated", "unchanged", "rejected"),
    ]  # fmt: skip

    def has_add_permission(self, request: HttpRequest) -> bool:
        return False

    def has_change_permission(self, request: HttpRequest, obj: Any = None) -> bool:
        return False
