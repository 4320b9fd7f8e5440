from django.contrib import admin
from django.utils.translation import gettext_lazy as _

from councils.admin.paging import KeyedPaginator
from councils.admin.scoped import ReadOnlyAdmin, TownshipFilter
from members.admin.filters import VillageFilter
from reports.admin.filters import KindFilter, MemberFilter, MonthFilter, RoleFilter
from reports.models import Activity


@admin.register(Activity)
class ActivityAdmin(ReadOnlyAdmin):
    """What was done; it is entered, mended and verified on pages of its own, by reports/activities.py."""

    paginator = KeyedPaginator
    list_display = ["day", "village", "kind", "amount", "doers", "state"]
    list_filter = [MonthFilter, "day", TownshipFilter, VillageFilter, RoleFilter, KindFilter, MemberFilter, "state"]
    list_select_related = ["village"]
    fields = [
        ("day", "village", "zone"), ("kind", "amount"), "doers", ("household", "place"), "told", "text",
        ("state", "reason"), ("recorded_by", "recorded_at", "source"), ("verified_by", "verified_at"),
    ]  # fmt: skip
    readonly_fields = ["amount", "told"]

    @admin.display(description=_("how many"))
    def amount(self, activity: Activity) -> str:
        return f"{activity.quantity} {activity.what.unit.label}"

    @admin.display(description=_("particulars"))
    def told(self, activity: Activity) -> str:
        known = [each for each in activity.what.particulars if each.key in activity.particulars]
        return "；".join(f"{each.label}：{each.told(activity.particulars[each.key])}" for each in known) or "–"
