from typing import Any

from django.contrib import admin
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect
from django.urls import reverse
from django.utils.html import format_html
from django.utils.translation import gettext_lazy as _

from councils.admin.scoped import ReadOnlyAdmin, TownshipFilter
from councils.models import Council


@admin.register(Council)
class CouncilAdmin(ReadOnlyAdmin):
    """A flat list to filter and look up; a council's own page and every change are in the tree."""

    list_display = ["indented", "code", "level", "parent", "opened", "closed"]
    list_display_links = None
    export_columns = ["name", "code", "level", "parent", "opened", "closed"]
    list_filter = ["level", TownshipFilter, ("closed", admin.EmptyFieldListFilter)]
    list_select_related = ["parent"]
    search_fields = ["name", "short_name", "code", "former_names__name", "former_names__code"]
    search_help_text = _("Name, former name or code")

    @admin.display(description=_("name"))
    def indented(self, council: Council) -> str:
        return format_html(
            '<a class="depth-{}" href="{}">{}</a>', len(council.code) // 3 - 2, reverse("council", args=[council.code]),
            council,
        )  # fmt: skip

    def change_view(
        self, request: HttpRequest, object_id: str, form_url: str = "", extra_context: Any = None
    ) -> HttpResponse:
        council = get_object_or_404(self.get_queryset(request), pk=self._key(object_id))
        return redirect("council", council.code)
