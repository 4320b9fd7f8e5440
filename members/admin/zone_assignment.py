from typing import Any

from django.contrib import admin
from django.http import HttpRequest
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from councils.admin.scoped import TownshipFilter
from members.admin.terms import TermAdmin
from members.models import ZoneAssignment


@admin.register(ZoneAssignment)
class ZoneAssignmentAdmin(TermAdmin):
    list_display = ["member", "zone", "village", "primary", "start", "end"]
    list_filter = ["primary", TownshipFilter, ("end", admin.EmptyFieldListFilter)]
    list_select_related = ["member", "zone__village"]
    search_help_text = _("Name, pinyin or initials")
    autocomplete_fields = ["member", "zone"]
    fields = ["member", "zone", "primary", "start", "end"]

    @admin.display(description=_("village"))
    def village(self, assignment: ZoneAssignment) -> str:
        return str(assignment.zone.village)

    def get_changeform_initial_data(self, request: HttpRequest) -> dict[str, Any]:
        return {"start": timezone.localdate()} | super().get_changeform_initial_data(request)
