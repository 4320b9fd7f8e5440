from typing import Any

from django.contrib import admin
from django.contrib.auth.models import Group
from django.core.exceptions import PermissionDenied
from django.forms import ModelChoiceField
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404
from django.template.response import TemplateResponse
from django.urls import path
from django.utils.translation import gettext_lazy as _
from django.views.decorators.http import require_POST

from councils.accounts import new_password
from councils.admin.scoped import ScopedAdmin, TownshipFilter
from councils.models import User
from councils.roles import ROLES


class RoleField(ModelChoiceField):
    def label_from_instance(self, obj: Group) -> str:
        return str(ROLES[obj.name].label)


@admin.register(User)
class UserAdmin(ScopedAdmin):
    """Accounts: a council, a role and a person. The first password is shown once, to be told to her."""

    list_display = ["username", "full_name", "duty", "council", "is_active", "last_login"]
    list_filter = ["is_active", TownshipFilter]
    list_select_related = ["council", "role"]
    search_fields = ["username", "full_name"]
    autocomplete_fields = ["council"]
    fields = ["username", "full_name", "council", "role", "is_active"]
    change_form_template = "admin/councils/user/change_form.html"

    @admin.display(description=_("role"))
    def duty(self, account: User) -> str:
        return account.duty

    def formfield_for_foreignkey(self, db_field: Any, request: HttpRequest, **options: Any) -> Any:
        if db_field.name == "role":
            options |= {"form_class": RoleField, "queryset": Group.objects.filter(name__in=ROLES)}
        return super().formfield_for_foreignkey(db_field, request, **options)

    def save_model(self, request: HttpRequest, obj: User, form: Any, change: bool) -> None:
        if not change:
            obj.set_password(first := new_password())
            obj.told_password = first  # type: ignore[attr-defined]
        elif obj.pk == request.user.pk and {"role", "council", "is_active"} & set(form.changed_data):
            raise PermissionDenied(_("Your own role and council are changed by another administrator."))
        super().save_model(request, obj, form, change)

    def response_add(self, request: HttpRequest, obj: User, post_url_continue: Any = None) -> HttpResponse:
        return self._tell_password(request, obj, obj.told_password)  # type: ignore[attr-defined]

    def get_urls(self) -> list[Any]:
        new = path("<int:pk>/new-password/", self.admin_site.admin_view(require_POST(self.new_password)),
                   name="councils_user_new_password")  # fmt: skip
        return [new, *super().get_urls()]

    def new_password(self, request: HttpRequest, pk: int) -> HttpResponse:
        """A new first password for who forgot hers; open sessions of the account end at once."""
        account = get_object_or_404(self.get_queryset(request), pk=pk)
        if not self.has_change_permission(request, account) or account.pk == request.user.pk:
            raise PermissionDenied
        first = new_password()
        account.set_password(first)
        account.must_change_password = True
        account.save()
        return self._tell_password(request, account, first)

    def _tell_password(self, request: HttpRequest, account: User, first: str) -> HttpResponse:
        context = self.admin_site.each_context(request) | {
            "title": _("Tell her this password"), "account": account, "first": first, "opts": self.opts,
        }  # fmt: skip
        return TemplateResponse(request, "councils/password_told.html", context)
