"""What lists of work are narrowed by. Every choice comes out of what the reader sees."""

from typing import Any

from django.contrib import admin
from django.http import HttpRequest
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from cunsao import months
from members.models import Member
from reports import kinds
from reports.models import Hazard


class MonthFilter(admin.SimpleListFilter):
    """One month, of the last thirteen or whichever stands in the address."""

    title = _("month")
    parameter_name = "month"

    def lookups(self, request: HttpRequest, model_admin: Any) -> list[tuple[str, str]]:
        today = months.first(timezone.localdate())
        listed = months.span(today.replace(year=today.year - 1), today)[::-1]
        if (asked := request.GET.get("month")) and (month := months.read(asked)) not in listed:
            listed.append(month)
        return [(f"{month:%Y-%m}", months.label(month)) for month in listed]

    def queryset(self, request: HttpRequest, queryset: Any) -> Any:
        if not self.value():
            return queryset
        month = months.read(self.value())
        return queryset.filter(day__range=(month, months.last_day(month)))


class RoleFilter(admin.SimpleListFilter):
    title = _("role")
    parameter_name = "role"

    def lookups(self, request: HttpRequest, model_admin: Any) -> Any:
        return kinds.Role.choices

    def queryset(self, request: HttpRequest, queryset: Any) -> Any:
        return queryset.of_role(self.value()) if self.value() else queryset


class KindFilter(admin.SimpleListFilter):
    """The kinds of the role that is chosen, or all."""

    title = _("kind of work")
    parameter_name = "kind"

    def lookups(self, request: HttpRequest, model_admin: Any) -> Any:
        role = request.GET.get("role")
        listed = kinds.of_role(role) if role else list(kinds.KINDS.values())
        return [(kind.key, kind.label) for kind in listed]

    def queryset(self, request: HttpRequest, queryset: Any) -> Any:
        return queryset.filter(kind=self.value()) if self.value() else queryset


class MemberFilter(admin.SimpleListFilter):
    """What one member did; the link stands on her page, since nobody picks her out of four thousand here."""

    title = _("member")
    parameter_name = "member"

    def lookups(self, request: HttpRequest, model_admin: Any) -> list[tuple[str, str]]:
        asked = request.GET.get("member", "")
        if not asked:
            return []
        found = Member.objects.visible_to(request.user).filter(pk=asked).first() if asked.isdecimal() else None
        return [(asked, str(found) if found else "–")]

    def queryset(self, request: HttpRequest, queryset: Any) -> Any:
        asked = self.value()
        if not asked:
            return queryset
        if not asked.isdecimal() or not Member.objects.visible_to(request.user).filter(pk=asked).exists():
            return queryset.none()
        return queryset.by_member(int(asked))


class OverdueFilter(admin.SimpleListFilter):
    title = _("time allowed")
    parameter_name = "overdue"

    def lookups(self, request: HttpRequest, model_admin: Any) -> list[tuple[str, Any]]:
        return [("1", _("overdue")), ("mine", _("waits for me"))]

    def queryset(self, request: HttpRequest, queryset: Any) -> Any:
        if self.value() == "mine":
            return queryset.filter(pk__in=Hazard.objects.on_desk_of(request.user).order_by().values("pk"))
        return queryset.overdue() if self.value() else queryset
