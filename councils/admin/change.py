from typing import Any

from django.contrib import admin
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404
from django.template.response import TemplateResponse
from django.utils.translation import gettext_lazy as _

from councils import telling
from councils.admin.scoped import ReadOnlyAdmin
from councils.models import Change


@admin.register(Change)
class ChangeAdmin(ReadOnlyAdmin):
    """The audit trail, to be read by who may."""

    list_display = ["at", "actor_name", "action", "kind", "record_name", "council", "address"]
    list_filter = ["action", "at"]
    list_select_related = ["council"]
    search_fields = ["actor_name", "record_name"]
    search_help_text = _("Who did it, or what it was done to")
    date_hierarchy = "at"

    @admin.display(description=_("kind of record"))
    def kind(self, change: Change) -> str:
        return telling.kind(change)

    def change_view(
        self, request: HttpRequest, object_id: str, form_url: str = "", extra_context: Any = None
    ) -> HttpResponse:
        """One entry in the reader's words, with before and after of each field."""
        entry = get_object_or_404(self.get_queryset(request), pk=self._key(object_id))
        context = self.admin_site.each_context(request) | {
            "title": _("Entry of the audit trail"),
            "entries": telling.entries([entry], request.user),
            "opts": self.opts,
        }
        return TemplateResponse(request, "admin/object_history.html", context)
