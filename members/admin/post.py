from typing import Any

from django.contrib import admin
from django.http import HttpRequest
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from councils.admin.scoped import TownshipFilter
from members.admin.terms import TermAdmin
from members.models import Post


@admin.register(Post)
class PostAdmin(TermAdmin):
    list_display = ["member", "position", "council", "start", "end", "ex_officio"]
    list_filter = ["position", TownshipFilter, ("end", admin.EmptyFieldListFilter)]
    list_select_related = ["member", "council"]
    search_help_text = _("Name, pinyin or initials")
    autocomplete_fields = ["member", "council"]
    fields = ["member", "council", "position", "ex_officio", "start", "end"]

    def get_changeform_initial_data(self, request: HttpRequest) -> dict[str, Any]:
        initial: dict[str, Any] = super().get_changeform_initial_data(request)
        return {"start": timezone.localdate(), "council": request.user.council_id} | initial  # type: ignore[union-attr]
