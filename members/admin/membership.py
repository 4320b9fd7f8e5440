from typing import Any

from django.contrib import admin
from django.http import HttpRequest
from django.utils.translation import gettext_lazy as _

from councils.admin.scoped import ScopedAdmin, TownshipFilter
from members.models import Membership


@admin.register(Membership)
class MembershipAdmin(ScopedAdmin):
    """Who was a member where and when, to be read; joining, leaving and transfers are deeds of her page."""

    list_display = ["member", "village", "start", "end", "reason"]
    list_display_links = None
    list_filter = [TownshipFilter, "reason", ("end", admin.EmptyFieldListFilter)]
    list_select_related = ["member", "village"]
    search_fields = ["member__name", "member__pinyin", "member__initials", "village__name"]
    search_help_text = _("Name, pinyin or initials; name of the village")

    def has_add_permission(self, request: HttpRequest) -> bool:
        return False

    def has_change_permission(self, request: HttpRequest, obj: Any = None) -> bool:
        return False
