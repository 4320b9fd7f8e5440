"""What a member has for a time: it is entered, and later ended; nothing else of it changes."""

from typing import Any

from django.http import HttpRequest

from councils.admin.scoped import ScopedAdmin


class TermAdmin(ScopedAdmin):
    """A term that runs can be ended; one that ended is history."""

    search_fields = ["member__name", "member__pinyin", "member__initials"]
    autocomplete_fields: Any = ["member"]

    def get_readonly_fields(self, request: HttpRequest, obj: Any = None) -> list[str]:
        return [field.name for field in self.opts.fields if field.name != "end"] if obj else []

    def get_fields(self, request: HttpRequest, obj: Any = None) -> Any:
        return self.fields if obj else [name for name in self.fields or () if name != "end"]

    def has_change_permission(self, request: HttpRequest, obj: Any = None) -> bool:
        return super().has_change_permission(request, obj) and (obj is None or obj.end is None)
