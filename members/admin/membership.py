from django.contrib import admin
from django.utils.translation import gettext_lazy as _

from councils.admin.scoped import ReadOnlyAdmin, TownshipFilter
from members.models import Membership


@admin.register(Membership)
class MembershipAdmin(ReadOnlyAdmin):
    """Who was a member where and when, to be read; joining, leaving and transfers are deeds of her page."""

    list_display = ["member", "village", "start", "end", "reason"]
    list_display_links = None
    list_filter = [TownshipFilter, "reason", ("end", admin.EmptyFieldListFilter)]
    list_select_related = ["member", "village"]
    search_fields = ["member__name", "member__pinyin", "member__initials", "village__name"]
    search_help_text = _("Name, pinyin or initials; name of the village")
