from django.contrib import admin

from councils.admin.scoped import ReadOnlyAdmin
from councils.models import Batch


@admin.register(Batch)
class BatchAdmin(ReadOnlyAdmin):
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
