"""The terms of the months: the county's rate and budget, the townships' schemes, who is excused."""

from typing import Any

from django import forms
from django.contrib import admin
from django.http import HttpRequest
from django.urls import reverse
from django.utils.html import format_html
from django.utils.translation import gettext_lazy as _

from councils.admin.scoped import ScopedAdmin, TownshipFilter
from councils.models import Level
from cunsao import months
from members.models import Budget, Excuse, PerformanceScheme, SubsidyRate


class MonthInput(forms.DateInput):
    """The browser's own choice of a month; written 2022-08 where it has none."""

    input_type = "month"

    def __init__(self) -> None:
        super().__init__(format="%Y-%m")


class MonthField(forms.DateField):
    widget = MonthInput

    def to_python(self, value: Any) -> Any:
        if value in self.empty_values:
            return None
        try:
            return months.read(str(value)[:7] if str(value)[4:5] == "-" else str(value))
        except months.NotAMonth as fault:
            raise forms.ValidationError(str(fault)) from fault


class TermsAdmin(ScopedAdmin):
    """Terms of one council, which is the reader's own where she has no other; months are months, not days."""

    of_months: tuple[str, ...] = ()
    level = Level.COUNTY

    def formfield_for_dbfield(self, db_field: Any, request: HttpRequest, **options: Any) -> Any:
        if db_field.name in self.of_months:
            return MonthField(label=db_field.verbose_name.capitalize())
        field: Any = super().formfield_for_dbfield(db_field, request, **options)
        for what in ("add", "change", "delete", "view"):  # pens and eyes that lead away from what is typed
            if field is not None and hasattr(field.widget, f"can_{what}_related"):
                setattr(field.widget, f"can_{what}_related", False)
        return field

    def get_field_queryset(self, db: Any, db_field: Any, request: HttpRequest) -> Any:
        offered = super().get_field_queryset(db, db_field, request)
        return offered.filter(level=self.level) if db_field.name in ("county", "township") else offered

    def get_changeform_initial_data(self, request: HttpRequest) -> dict[str, Any]:
        own = request.user.council  # type: ignore[union-attr]
        initial: dict[str, Any] = super().get_changeform_initial_data(request)
        return {Level(own.level).value: own.pk} | initial if own.level == self.level else initial


@admin.register(SubsidyRate)
class RateAdmin(TermsAdmin):
    list_display = ["since", "amount", "by_days", "deadline_day", "notice_days", "quiet_months", "county"]
    list_select_related = ["county"]
    fields = ["county", "start", "amount", "by_days", "deadline_day", "notice_days", "quiet_months"]
    of_months = ("start",)

    @admin.display(description=_("from which month"), ordering="start")
    def since(self, rate: SubsidyRate) -> str:
        return months.label(rate.start)


@admin.register(Budget)
class BudgetAdmin(TermsAdmin):
    list_display = ["year", "amount", "county", "standing"]
    list_select_related = ["county"]
    fields = ["county", "year", "amount"]

    @admin.display(description=_("committed, paid and left"))
    def standing(self, record: Budget) -> str:
        """Worked out on the page of the months, one year at a time."""
        return format_html('<a href="{}?year={}">{}</a>', reverse("months"), record.year, _("Show"))


@admin.register(PerformanceScheme)
class SchemeAdmin(TermsAdmin):
    list_display = ["name", "township", "since", "default_amount", "cap"]
    list_filter = [TownshipFilter]
    list_select_related = ["township"]
    fields = ["township", "start", "name", "default_amount", "cap", "text"]
    of_months = ("start",)
    level = Level.TOWNSHIP

    @admin.display(description=_("from which month"), ordering="start")
    def since(self, scheme: PerformanceScheme) -> str:
        return months.label(scheme.start)


@admin.register(Excuse)
class ExcuseAdmin(TermsAdmin):
    list_display = ["township", "since", "to", "reason"]
    list_filter = [TownshipFilter]
    list_select_related = ["township"]
    fields = ["township", "start", "until", "reason"]
    of_months = ("start", "until")
    level = Level.TOWNSHIP

    @admin.display(description=_("from which month"), ordering="start")
    def since(self, excuse: Excuse) -> str:
        return months.label(excuse.start)

    @admin.display(description=_("until which month"), ordering="until")
    def to(self, excuse: Excuse) -> str:
        return months.label(excuse.until)
