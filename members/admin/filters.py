"""What the list of members is narrowed by. Every choice comes out of what the reader sees."""

from typing import Any

from django.contrib import admin
from django.db.models import Exists, OuterRef
from django.http import HttpRequest
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from councils.models import VILLAGES, Council, Zone
from members.ages import BANDS
from members.models import Membership, Position, Post, ZoneAssignment


class VillageFilter(admin.SimpleListFilter):
    """The villages of the township that is chosen: all of a county would be no list to choose from."""

    title = _("village")
    parameter_name = "village"

    def lookups(self, request: HttpRequest, model_admin: Any) -> list[tuple[str, str]]:
        county = request.user.council.level == "county"  # type: ignore[union-attr]
        above = request.GET.get("township", "") or (request.GET.get("village", "")[:9] if county else "")
        if county and not above:
            return []
        visible = Council.objects.visible_to(request.user).at_level(*VILLAGES)
        return [(each.code, str(each)) for each in (visible.filter(parent=above) if above else visible)]

    def queryset(self, request: HttpRequest, queryset: Any) -> Any:
        if not self.value():
            return queryset
        village = Council.objects.visible_to(request.user).filter(code=self.value()).first()
        return queryset.under(village) if village else queryset.none()


class ZoneFilter(admin.SimpleListFilter):
    """The zones of the village that is chosen, or of one's own."""

    title = _("grid zone")
    parameter_name = "zone"

    def lookups(self, request: HttpRequest, model_admin: Any) -> list[tuple[str, str]]:
        own = request.user.council  # type: ignore[union-attr]
        village = own.code if own.is_village else request.GET.get("village", "")
        if not village:
            return []
        zones = Zone.objects.visible_to(request.user).filter(village__code=village, closed=None)
        return [(str(each.pk), str(each)) for each in zones]

    def queryset(self, request: HttpRequest, queryset: Any) -> Any:
        asked = self.value()
        if asked is None:
            return queryset
        if not asked.isdecimal():
            return queryset.none()
        zones = Zone.objects.visible_to(request.user).filter(pk=asked)
        return queryset.filter(_has(ZoneAssignment, zone__in=zones))


class PositionFilter(admin.SimpleListFilter):
    title = _("position")
    parameter_name = "position"

    def lookups(self, request: HttpRequest, model_admin: Any) -> Any:
        return Position.choices

    def queryset(self, request: HttpRequest, queryset: Any) -> Any:
        return queryset.filter(_has(Post, position=self.value())) if self.value() else queryset


class AgeFilter(admin.SimpleListFilter):
    """Ages, for those who may see them."""

    title = _("age")
    parameter_name = "age"

    def lookups(self, request: HttpRequest, model_admin: Any) -> list[tuple[str, str]]:
        return [(band.key, band.key) for band in BANDS] if may_see_age(request) else []

    def queryset(self, request: HttpRequest, queryset: Any) -> Any:
        wanted = [band for band in BANDS if band.key == self.value()]
        return queryset.filter(wanted[0].born(timezone.localdate().year)) if wanted else queryset


class GapFilter(admin.SimpleListFilter):
    title = _("gaps")
    parameter_name = "gap"

    def lookups(self, request: HttpRequest, model_admin: Any) -> list[tuple[str, Any]]:
        return [
            ("without_zone", _("no zone")), ("without_phone", _("no phone")), ("without_account", _("no account")),
        ]  # fmt: skip

    def queryset(self, request: HttpRequest, queryset: Any) -> Any:
        asked = self.value() or ""
        return getattr(queryset, asked)() if asked in dict(self.lookup_choices) else queryset


class LeftFilter(admin.SimpleListFilter):
    """Who serves today; or, for the county, who left."""

    title = _("membership")
    parameter_name = "left"

    def lookups(self, request: HttpRequest, model_admin: Any) -> list[tuple[str, Any]]:
        county = request.user.council.level == "county"  # type: ignore[union-attr]
        return [("1", _("left"))] if county else []

    def choices(self, changelist: Any) -> Any:
        first, *others = super().choices(changelist)
        yield first | {"display": _("serving")}
        yield from others

    def queryset(self, request: HttpRequest, queryset: Any) -> Any:
        """Who serves is what the list begins with (MemberList)."""
        return queryset.filter(~_has(Membership)) if self.value() else queryset

    def has_output(self) -> bool:
        return bool(self.lookup_choices)


def asks_who_left(request: HttpRequest) -> bool:
    return bool(request.GET.get(LeftFilter.parameter_name))


def may_see_age(request: HttpRequest) -> bool:
    return request.user.has_perm("members.see_age")


def _has(model: Any, **named: Any) -> Exists:
    return Exists(model._base_manager.filter(member=OuterRef("pk"), end=None, **named))
