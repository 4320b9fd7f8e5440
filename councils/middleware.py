"""Who is acting and from where, for the audit trail; and the first password before anything else."""

from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.urls import reverse

from councils import audit
from cunsao.security import GetResponse, address

TURNED_AWAY = {403, 404}
OPEN_BEFORE_FIRST_PASSWORD = ("first_password", "admin:logout", "set_language")


def acting_user(get_response: GetResponse) -> GetResponse:
    """Middleware: what is written while answering is entered under the user; a page that was refused is entered too."""

    def middleware(request: HttpRequest) -> HttpResponse:
        where = address(request)
        with audit.acting(request.user, where):
            response = get_response(request)
        if response.status_code in TURNED_AWAY and request.user.is_authenticated and request.resolver_match:
            audit.refused(request.user, where, f"{request.method} {request.path}"[:200])
        return response

    return middleware


def first_password(get_response: GetResponse) -> GetResponse:
    """Middleware: an account with a password that somebody else knows leads to the page where it is changed."""

    def middleware(request: HttpRequest) -> HttpResponse:
        if getattr(request.user, "must_change_password", False):
            allowed = {reverse(name) for name in OPEN_BEFORE_FIRST_PASSWORD}
            if request.path not in allowed:
                return redirect("first_password")
        return get_response(request)

    return middleware
