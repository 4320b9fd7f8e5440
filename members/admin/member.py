from collections import defaultdict
from functools import lru_cache
from types import SimpleNamespace
from typing import Any

from django.contrib import admin, messages
from django.db import connection
from django.db.models import F, OuterRef, Subquery
from django.http import HttpRequest, HttpResponseRedirect
from django.urls import reverse
from django.utils import timezone
from django.utils.html import format_html
from django.utils.translation import gettext
from django.utils.translation import gettext_lazy as _

from councils.admin.exporting import Button
from councils.admin.listing import ScopedList
from councils.admin.scoped import ScopedAdmin, TownshipFilter
from councils.models import Council
from members import exports
from members.admin import filters
from members.ages import band_of
from members.forms import MemberForm
from members.models import Member, Membership, Position

SHOWN = ("name", "phone", "political_status", "birth_year")
PLACE = ("name", "short_name", "code")  # of her village


class MemberList(ScopedList):
    """A page of members with what the list shows of them, in the same number of queries whatever their number."""

    def get_queryset(self, request: HttpRequest, exclude_parameters: Any = None) -> Any:
        if filters.asks_who_left(request):
            last = Membership.objects.filter(member=OuterRef("pk")).order_by("-end", "-pk")
            place: dict[str, Any] = {f"village_{name}": Subquery(last.values(f"village__{name}")[:1]) for name in PLACE}
            self.root_queryset = self.root_queryset.annotate(**place)
        else:
            council: Any = request.user.council  # type: ignore[union-attr]
            self.root_queryset = _serving(council.pk, council.code, council.level, council.parent_id)
        found: Any = super().get_queryset(request, exclude_parameters)
        return found.values("pk", *SHOWN, *(f"village_{name}" for name in PLACE))

    def get_results(self, request: HttpRequest) -> None:
        """The members of the page as plain values, each with her zones and posts of today and her age."""
        super().get_results(request)
        members = [SimpleNamespace(**row) for row in self.result_list]
        posts, zones = _terms([member.pk for member in members])
        labels = {value: str(label) for value, label in Position.choices}
        year = timezone.localdate().year
        for member in members:
            member.zone_names = ", ".join(zones[member.pk])
            member.positions = ", ".join(labels[position] for position in posts[member.pk])
            member.age_band = band_of(member.birth_year, year)
        self.result_list = members

    def address(self, record: Any) -> str:
        """Her own page, where every deed is."""
        return reverse("member", args=[record.pk])


@lru_cache(maxsize=512)
def _serving(pk: int, code: str, level: str, parent: str | None) -> Any:
    """Who serves in or below the council that these are all of; worded once, since only copies of it are asked."""
    place = {f"village_{name}": F(f"current__village__{name}") for name in PLACE}
    council = Council(pk=pk, code=code, level=level, parent_id=parent)
    return Member.objects.serving_in(council).annotate(**place)


# Written out, since this list is the one most often opened: the ORM takes longer to word it than a database to answer.
TERMS = (
    "SELECT member_id, 0, id, position, '' FROM members_post WHERE \"end\" IS NULL AND member_id IN ({keys}) UNION ALL "
    "SELECT a.member_id, 1, a.id, z.number, z.name FROM members_zoneassignment a JOIN councils_zone z "
    'ON z.id = a.zone_id WHERE a."end" IS NULL AND a.member_id IN ({keys}) ORDER BY 2, 3'
)


def _terms(members: list[int]) -> tuple[dict[int, list[str]], dict[int, list[str]]]:
    """{member: her posts} and {member: her zones} of today."""
    found: tuple[dict[int, list[str]], dict[int, list[str]]] = defaultdict(list), defaultdict(list)
    if not members:
        return found
    with connection.cursor() as cursor:
        cursor.execute(TERMS.format(keys=", ".join(["%s"] * len(members))), members * 2)
        for member, kind, _key, first, second in cursor.fetchall():
            found[kind][member].append(f"{first} {second}" if second else first)
    return found


@admin.register(Member)
class MemberAdmin(ScopedAdmin):
    """The register: a list to filter and search; her own page and every deed are one click away."""

    form = MemberForm
    change_list_template = "members/list.html"
    list_display = ["full_name", "village", "zones", "position", "political_status", "phone", "age"]
    sortable_by = ["full_name", "village", "political_status"]
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
    import_kind = "register"
    unmask_permission = "members.reveal_number"

    @admin.display(description=_("full name"), ordering="syllables")
    def full_name(self, member: Any) -> str:
        return member.name

    @admin.display(description=_("village"), ordering="village_code")
    def village(self, member: Any) -> str:
        return member.village_short_name or member.village_name or ""

    @admin.display(description=_("grid zones"))
    def zones(self, member: Any) -> str:
        return member.zone_names or format_html('<span class="pill gap">{}</span>', gettext("no zone"))

    @admin.display(description=_("position"))
    def position(self, member: Any) -> str:
        return member.positions

    @admin.display(description=_("age"))
    def age(self, member: Any) -> str:
        return member.age_band

    def get_list_display(self, request: HttpRequest) -> list[Any]:
        shown = [name for name in self.list_display if name != "age"]
        return [*shown, "age"] if filters.may_see_age(request) else shown

    def get_queryset(self, request: HttpRequest) -> Any:
        """For the list nobody yet: it looks for itself (MemberList), by a shorter way to the same women."""
        match = request.resolver_match
        listed = match and match.url_name == "members_member_changelist" and not filters.asks_who_left(request)
        return Member.objects.none() if listed else super().get_queryset(request)

    def buttons(self, request: HttpRequest) -> list[Button]:
        """Admitting comes first; the register to print is of one township or village."""
        found = super().buttons(request)
        if request.user.has_perm("members.add_member"):
            found.insert(0, Button(gettext("Admit a member"), reverse("admit_member"), "create"))
        if place := self._place(request):
            found.append(Button(gettext("Register to print"), reverse("register_sheet", args=[place]), "print"))
        return found

    def _place(self, request: HttpRequest) -> str:
        """The code of the township or village that the list is narrowed to."""
        own = request.user.council  # type: ignore[union-attr]
        asked = request.GET.get("village") or request.GET.get("township") or own.code
        return asked if asked.isdecimal() and len(asked) in (9, 12) and asked.startswith(own.code) else ""

    def outgoing(self, request: HttpRequest, found: Any, unmasked: bool) -> Any:
        """With the import's columns, so that what left can come in again."""
        women = found.order_by().values("pk")
        if filters.asks_who_left(request):
            return exports.left(women, request.user, unmasked)
        return exports.COLUMNS, exports.listed(women, request.user, unmasked)

    def get_changelist(self, request: HttpRequest, **options: Any) -> Any:
        return MemberList

    def get_search_results(self, request: HttpRequest, queryset: Any, search_term: str) -> tuple[Any, bool]:
        return queryset.found_by(search_term), False

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
