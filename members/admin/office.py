from typing import Any

from django.contrib import admin
from django.http import HttpRequest
from django.utils.translation import gettext_lazy as _

from councils.admin.scoped import TownshipFilter
from members.admin.ledger import LedgerAdmin, year_of
from members.models import Office, OfficeItem


class ItemInline(admin.TabularInline):
    """The things in an office: who may change the office may change them; none is deleted, its quantity is 0."""

    model = OfficeItem
    fields = ["name", "quantity"]
    extra = 3
    can_delete = False

    def has_view_permission(self, request: HttpRequest, obj: Any = None) -> bool:
        return request.user.has_perm("members.view_office")

    def has_add_permission(self, request: HttpRequest, obj: Any = None) -> bool:
        return request.user.has_perm("members.change_office")

    def has_change_permission(self, request: HttpRequest, obj: Any = None) -> bool:
        return request.user.has_perm("members.change_office")


@admin.register(Office)
class OfficeAdmin(LedgerAdmin):
    """Where each village's council works, and with what."""

    import_kind = "offices"
    list_display = ["village", "address", "area", "things", "opened", "closed"]
    list_filter = [TownshipFilter, year_of("opened"), ("closed", admin.EmptyFieldListFilter)]
    list_select_related = ["village"]
    search_fields = ["village__name", "address", "items__name"]
    search_help_text = _("Village, address, or a thing that stands there")
    autocomplete_fields = ["village"]
    fields = ["village", "address", "area", ("opened", "closed"), "remark"]
    inlines = [ItemInline]

    def formfield_for_foreignkey(self, db_field: Any, request: HttpRequest, **options: Any) -> Any:
        return super().formfield_for_foreignkey(db_field, request, **options | {"required": True})

    def get_queryset(self, request: HttpRequest) -> Any:
        return super().get_queryset(request).prefetch_related("items")

    @admin.display(description=_("things"))
    def things(self, office: Office) -> str:
        return "、".join(str(each) for each in office.items.all() if each.quantity)
