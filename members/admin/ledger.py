"""What the lists and forms of all ledgers share."""

from typing import Any

from django.contrib import admin
from django.db import models
from django.db.models import Max, Min
from django.http import HttpRequest, HttpResponse
from django.utils.translation import gettext_lazy as _

from councils.admin.scoped import ScopedAdmin
from cunsao import locks
from members.joining import LOCK


class YearFilter(admin.SimpleListFilter):
    """By the year of `field`, a day or a year; the years that the reader's records have, latest first."""

    title = _("year")
    parameter_name = "year"
    field = ""

    def lookups(self, request: HttpRequest, model_admin: Any) -> list[tuple[str, str]]:
        ends = model_admin.get_queryset(request).order_by().aggregate(first=Min(self.field), last=Max(self.field))
        if ends["first"] is None:
            return []
        first, last = (getattr(each, "year", each) for each in (ends["first"], ends["last"]))
        return [(str(year), str(year)) for year in range(last, first - 1, -1)]

    def queryset(self, request: HttpRequest, queryset: Any) -> Any:
        if not self.value():
            return queryset
        if self.value() not in dict(self.lookup_choices):
            return queryset.none()
        is_day = isinstance(queryset.model._meta.get_field(self.field), models.DateField)
        return queryset.filter(**{f"{self.field}__year" if is_day else self.field: self.value()})


def year_of(name: str) -> type[YearFilter]:
    """The filter by the year of a field."""
    return type("YearFilter", (YearFilter,), {"field": name})


class PlainAdmin(ScopedAdmin):
    """Without the pens and eyes beside a choice, which lead away from what is being typed."""

    def formfield_for_dbfield(self, db_field: Any, request: HttpRequest, **options: Any) -> Any:
        field: Any = super().formfield_for_dbfield(db_field, request, **options)
        for what in ("add", "change", "delete", "view"):
            if field is not None and hasattr(field.widget, f"can_{what}_related"):
                setattr(field.widget, f"can_{what}_related", False)
        return field


class CouncilsOwnAdmin(PlainAdmin):
    """Of what a council keeps for itself: a new record is of the reader's own."""

    def get_changeform_initial_data(self, request: HttpRequest) -> dict[str, Any]:
        own: dict[str, Any] = {"council": request.user.council.pk}  # type: ignore[union-attr]
        return own | super().get_changeform_initial_data(request)


class LedgerAdmin(PlainAdmin):
    """A ledger: its list, its form, its list out and in again (`import_kind`, the Resource's name).

    `fixed` are fields that are entered once and never changed. A form is saved under the lock that lists are written
    under, so that what both look at stays as they saw it.
    """

    unmask_permission = "members.reveal_number"
    fixed: tuple[str, ...] = ()
    search_fields = ["member__name", "member__pinyin", "member__initials"]
    search_help_text = _("Name, pinyin or initials")

    def changeform_view(
        self, request: HttpRequest, object_id: str | None = None, form_url: str = "", extra_context: Any = None
    ) -> HttpResponse:
        if request.method != "POST":
            return super().changeform_view(request, object_id, form_url, extra_context)
        with locks.exclusive(LOCK):
            return super().changeform_view(request, object_id, form_url, extra_context)

    def get_readonly_fields(self, request: HttpRequest, obj: Any = None) -> tuple[str, ...]:
        return self.fixed if obj else ()

    def get_changeform_initial_data(self, request: HttpRequest) -> dict[str, Any]:
        """In a village of one's own there is nothing to choose."""
        initial: dict[str, Any] = super().get_changeform_initial_data(request)
        own = request.user.council  # type: ignore[union-attr]
        return {"village": own.pk} | initial if own.is_village else initial
