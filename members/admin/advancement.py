from typing import Any

from django.contrib import admin
from django.http import HttpRequest
from django.utils.translation import gettext_lazy as _

from councils.admin.scoped import TownshipFilter
from members.admin.ledger import LedgerAdmin, year_of
from members.models import Advancement
from members.models.advancement import Stage, steps_of


class StageFilter(admin.SimpleListFilter):
    """By one of the four published figures."""

    title = _("stage")
    parameter_name = "stage"

    def lookups(self, request: HttpRequest, model_admin: Any) -> Any:
        return Stage.choices

    def queryset(self, request: HttpRequest, queryset: Any) -> Any:
        return queryset.filter(step__in=steps_of(self.value() or "")) if self.value() else queryset


@admin.register(Advancement)
class AdvancementAdmin(LedgerAdmin):
    """What became of members: into the Party, a congress, a committee, the reserve of cadres."""

    import_kind = "advancements"
    list_display = ["member", "village", "step", "day", "document"]
    list_filter = [TownshipFilter, StageFilter, "step", year_of("day")]
    list_select_related = ["member", "village"]
    autocomplete_fields = ["member"]
    fixed = ("member",)
    fields = ["member", ("step", "day"), "document", "remark"]
