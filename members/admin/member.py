from typing import Any

from django.contrib import admin, messages
from django.contrib.admin.views.main import ChangeList
from django.http import HttpRequest, HttpResponse, HttpResponseRedirect
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from councils.admin.scoped import ScopedAdmin, TownshipFilter
from members.admin import filters
from members.ages import band_of
from members.forms import MemberForm
from members.models import Member


class MemberList(ChangeList):
    """A page of members with what the list shows of them, in the same number of queries whatever their number."""

    def get_queryset(self, request: HttpRequest, exclude_parameters: Any = None) -> Any:
        found: Any = super().get_queryset(request, exclude_parameters)
        return found.only("name", "phone", "political_status", "birth_year", "pinyin").with_terms()

    def get_results(self, request: HttpRequest) -> None:
        super().get_results(request)
        year = timezone.localdate().year if filters.may_see_age(request) else 0
        for member in self.result_list:
            member.age_band = band_of(member.birth_year, year) if year else ""


@admin.register(Member)
class MemberAdmin(ScopedAdmin):
    """The register: a list to filter and search; her own page and every deed are one click away."""

    form = MemberForm
    change_list_template = "members/list.html"
    list_display = ["name"]
    list_filter = [
        filters.LeftFilter, TownshipFilter, filters.VillageFilter, filters.ZoneFilter, filters.PositionFilter,
        "political_status", filters.AgeFilter, filters.GapFilter,
    ]  # fmt: skip
    search_fields = ["name"]
    search_help_text = _("Name, pinyin or initials, such as wxm")
    fields = [
        "name", "national_id", "phone", ("bank_name", "bank_account"), ("political_status", "education", "ethnicity"),
        "remark",
    ]  # fmt: skip

    def get_changelist(self, request: HttpRequest, **options: Any) -> Any:
        return MemberList

    def get_search_results(self, request: HttpRequest, queryset: Any, search_term: str) -> tuple[Any, bool]:
        return queryset.found_by(search_term), False

    def changelist_view(self, request: HttpRequest, extra_context: Any = None) -> HttpResponse:
        return super().changelist_view(request, (extra_context or {}) | {"sees_age": filters.may_see_age(request)})

    def has_add_permission(self, request: HttpRequest) -> bool:
        """Nobody is a member without a village: see the form that admits her."""
        return False

    def get_readonly_fields(self, request: HttpRequest, obj: Any = None) -> list[str]:
        """The number she is known by is mended by who may read it."""
        return [] if request.user.has_perm("members.reveal_number") else ["national_id"]

    def save_model(self, request: HttpRequest, obj: Member, form: Any, change: bool) -> None:
        super().save_model(request, obj, form, change)
        for doubt in form.doubts():
            self.message_user(request, doubt, messages.WARNING)

    def response_post_save_change(self, request: HttpRequest, obj: Member) -> HttpResponseRedirect:
        """Back to where she was opened."""
        return HttpResponseRedirect(reverse("member", args=[obj.pk]))
