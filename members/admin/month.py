"""Monthly rosters and their entries, to be read: who stood in which month with how much, and how far it came."""

from typing import Any

from django.contrib import admin
from django.http import HttpRequest
from django.urls import reverse
from django.utils.html import format_html
from django.utils.translation import gettext_lazy as _

from councils.admin.scoped import ReadOnlyAdmin, TownshipFilter
from cunsao import months
from members.models import MonthlyRoster, RosterEntry


@admin.register(MonthlyRoster)
class RosterAdmin(ReadOnlyAdmin):
    list_display = ["township", "named", "status", "submitted_at", "approved_at", "sent_at", "settled_at", "sheet"]
    list_filter = [TownshipFilter, "status", "month"]
    list_select_related = ["township", "rate"]
    export_columns = [
        "township", "named", "status", "submitted_by", "submitted_at", "approved_by", "approved_at", "published_at",
        "sent_by", "sent_at", "settled_by", "settled_at",
    ]  # fmt: skip
    fields = [
        ("township", "month"), ("status", "unchanged"), ("rate", "scheme"), ("opened_by", "opened_at"),
        ("submitted_by", "submitted_at", "first_submitted_at"), ("returned_by", "returned_at"), "return_reason",
        ("approved_by", "approved_at"), ("published_by", "published_at", "notice_until"), ("sent_by", "sent_at"),
        ("settled_by", "settled_at"),
    ]  # fmt: skip

    def get_queryset(self, request: HttpRequest) -> Any:
        people = ["submitted_by", "approved_by", "sent_by", "settled_by"]
        return super().get_queryset(request).select_related(
            *(f"{each}__{part}" for each in people for part in ("council", "role"))
        )  # fmt: skip

    @admin.display(description=_("month"), ordering="month")
    def named(self, roster: MonthlyRoster) -> str:
        return months.label(roster.month)

    @admin.display(description=_("sheet"))
    def sheet(self, roster: MonthlyRoster) -> str:
        address = reverse("month", args=[roster.township.code, f"{roster.month:%Y-%m}"])
        return format_html('<a href="{}">{}</a>', address, _("Open"))


@admin.register(RosterEntry)
class EntryAdmin(ReadOnlyAdmin):
    list_display = [
        "member", "village", "named", "kind", "days", "county_amount", "performance_amount", "note", "standing",
    ]  # fmt: skip
    list_filter = [TownshipFilter, "kind", "roster__status", "month"]
    list_select_related = ["member", "village", "roster"]
    search_fields = ["member__name", "member__pinyin", "member__initials"]
    search_help_text = _("Name, pinyin or initials")
    fields = [
        ("member", "village"), ("month", "kind", "days"), ("county_amount", "performance_amount"), "note",
        ("corrects", "corrected_month", "automatic"), "mark", ("changed_by", "changed_at"),
        ("name", "village_name", "national_id_masked"), ("bank_name", "bank_account"),
    ]  # fmt: skip

    @admin.display(description=_("month"), ordering="month")
    def named(self, entry: RosterEntry) -> str:
        return months.label(entry.month)

    @admin.display(description=_("state"))
    def standing(self, entry: RosterEntry) -> str:
        return entry.roster.get_status_display()
