"""Lists narrowed to the records that make a figure: what the address of a figure opens."""

from typing import Any

from django.contrib import admin
from django.http import HttpRequest
from django.utils.translation import gettext_lazy as _

from councils.admin.scoped import narrows
from councils.models import Council
from reports import indicators
from reports.periods import NotAPeriod, Period

COUNTED = {each.model for each in indicators.CATALOGUE.values()}


@narrows
class FigureFilter(admin.SimpleListFilter):
    """?figure=key.council.first.last: exactly these records, and the figure that they make beside its name."""

    title = _("figure")
    parameter_name = "figure"

    @staticmethod
    def serves(model: Any) -> bool:
        return model in COUNTED

    def lookups(self, request: HttpRequest, model_admin: Any) -> list[tuple[str, str]]:
        text = request.GET.get(self.parameter_name, "")
        self.asked = _read(text, request.user, model_admin.model)
        if self.asked is None:
            return [(text, "–")]
        key, council, period = self.asked
        figure = indicators.values(council, period, [key])[key]
        own = indicators.CATALOGUE[key].rule.own(period)
        return [(text, f"{indicators.CATALOGUE[key].name}：{council}，{own.label}，{figure.value} {figure.unit}")]

    def queryset(self, request: HttpRequest, queryset: Any) -> Any:
        if self.asked is None:
            return queryset.none()
        key, council, period = self.asked
        return queryset.filter(indicators.CATALOGUE[key].of(council, period))


def _read(text: str, user: Any, model: Any) -> tuple[str, Council, Period] | None:
    """What the address asks for, if it is a figure of these records in a council that `user` sees."""
    key, *rest = text.split(".")
    indicator = indicators.CATALOGUE.get(key)
    if indicator is None or indicator.model is not model or len(rest) != 3:
        return None
    code, first, last = rest
    try:
        period = Period.read({"from": first, "until": last})
    except NotAPeriod:
        return None
    council = Council.objects.visible_to(user).filter(code=code).first()
    return None if council is None else (key, council, period)
