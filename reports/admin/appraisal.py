from django.contrib import admin
from django.utils.translation import gettext_lazy as _

from councils.admin.scoped import ReadOnlyAdmin, TownshipFilter
from members.admin.filters import VillageFilter
from reports.admin.filters import MonthFilter
from reports.models import Remark, Sample, Scheme


@admin.register(Scheme)
class SchemeAdmin(ReadOnlyAdmin):
    """Townships' schemes; introduced on a page of their own, by reports/appraisal.py."""

    list_display = ["name", "township", "start", "shared", "yuan_a_point", "most_yuan"]
    list_filter = [TownshipFilter]
    list_select_related = ["township"]
    fields = ["township", "start", "name", "text", "shared", ("yuan_a_point", "most_yuan")]


@admin.register(Remark)
class RemarkAdmin(ReadOnlyAdmin):
    """Points given and taken by remark."""

    list_display = ["day", "member", "village", "points", "reason", "withdrawn"]
    list_filter = [MonthFilter, TownshipFilter, VillageFilter]
    list_select_related = ["member", "village"]
    search_fields = ["member__name", "member__pinyin", "member__initials"]
    search_help_text = _("Name, pinyin or initials")
    fields = ["member", "village", "day", "points", "reason", "withdrawn", "made_by"]


@admin.register(Sample)
class SampleAdmin(ReadOnlyAdmin):
    """Draws with their seeds, so that each can be made again."""

    list_display = ["month", "village", "drawn_from", "seed", "drawn_by", "drawn_at"]
    list_filter = [TownshipFilter, VillageFilter]
    list_select_related = ["village", "drawn_by"]
    fields = ["village", "month", ("drawn_from", "last"), "seed", "activities", ("drawn_by", "drawn_at")]
