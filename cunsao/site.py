"""The admin site in our own clothes: every page knows its reader's council, and the index leads to it."""

from typing import Any

from django.conf import settings
from django.contrib.admin import AdminSite
from django.http import HttpRequest
from django.shortcuts import redirect
from django.utils.translation import get_language
from django.utils.translation import gettext_lazy as _

from cunsao import drafts, menu


class Site(AdminSite):
    site_header = site_title = _("Village sisters")
    index_title = _("Overview")
    final_catch_all_view = False

    def __init__(self, *args: Any, **options: Any) -> None:
        super().__init__(*args, **options)
        self._app_lists: dict[Any, list[Any]] = {}
        self._menus: dict[Any, list[Any]] = {}

    def login(self, request: HttpRequest, extra_context: dict[str, Any] | None = None) -> Any:
        """What was typed when a session ended comes along."""
        carried = {"kept": request.POST.get("kept", "")}
        response = super().login(request, carried | (extra_context or {}))
        if request.method == "POST" and request.user.is_authenticated:
            drafts.take_over(request)
        return response

    def index(self, request: HttpRequest, extra_context: dict[str, Any] | None = None) -> Any:
        """The figures of her own council, and what waits for her."""
        return redirect("home")

    def get_app_list(self, request: HttpRequest, app_label: str | None = None) -> list[Any]:
        """Made once for each role on each level, since rights are of these alone; it is on every page's way."""
        user: Any = request.user
        if not user.is_authenticated:
            return super().get_app_list(request, app_label)
        known = (user.role_id, user.council.level, get_language(), app_label)
        if known not in self._app_lists:
            self._app_lists[known] = super().get_app_list(request, app_label)
        return self._app_lists[known]

    def each_context(self, request: HttpRequest) -> dict[str, Any]:
        context = super().each_context(request)
        signed_in = context["has_permission"]
        return context | {
            "own_council": request.user.council if signed_in else None,  # type: ignore[union-attr]
            "menu": self._menu(request, context["available_apps"]) if signed_in else [],
            "arriving": settings.ARRIVING.exists(),
        }

    def _menu(self, request: HttpRequest, apps: list[dict[str, Any]]) -> list[menu.Section]:
        """What the reader's role opens, made once as the lists are; the line of the page itself is marked."""
        user: Any = request.user
        known = (user.role_id, user.council.level, get_language())
        if known not in self._menus:
            self._menus[known] = menu.open_to(user, apps)
        return menu.shown(self._menus[known], request.path)
