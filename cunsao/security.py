"""Middleware that guards every page: what a browser may load, what it may keep, and when a session ends."""

from collections.abc import Callable
from datetime import timedelta

from django.conf import settings
from django.contrib import messages
from django.contrib.auth import logout
from django.http import HttpRequest, HttpResponse
from django.utils import timezone
from django.utils.translation import gettext as _

GetResponse = Callable[[HttpRequest], HttpResponse]

POLICY = (
    "default-src 'self'; img-src 'self' data:; script-src 'self'; style-src 'self'; object-src 'none'; "
    "base-uri 'none'; form-action 'self'; frame-ancestors 'none'"
)
FEATURES = "camera=(), microphone=(), geolocation=(), payment=()"
WRITTEN_EVERY = timedelta(minutes=1)  # so that a page costs no write to the session table


def headers(get_response: GetResponse) -> GetResponse:
    """Middleware: the content-security policy, and no copy of a page on the computer or a proxy."""

    def middleware(request: HttpRequest) -> HttpResponse:
        response = get_response(request)
        response.headers["Content-Security-Policy"] = POLICY
        response.headers["Permissions-Policy"] = FEATURES
        response.headers.setdefault("Cache-Control", "no-store")
        return response

    return middleware


def session_end(get_response: GetResponse) -> GetResponse:
    """Middleware: signs out after `IDLE_TIME` without a click, and `SESSION_COOKIE_AGE` after the sign-in."""

    def middleware(request: HttpRequest) -> HttpResponse:
        if request.user.is_authenticated:
            now = timezone.now().timestamp()
            began = request.session.setdefault("began", now)
            seen = request.session.setdefault("seen", now)
            if now - seen > settings.IDLE_TIME.total_seconds() or now - began > settings.SESSION_COOKIE_AGE:
                logout(request)
                messages.info(
                    request,
                    _("You were signed out because nothing was done for a while. Please sign in again."),
                )
            elif now - seen > WRITTEN_EVERY.total_seconds():
                request.session["seen"] = now
        return get_response(request)

    return middleware


def address(request: HttpRequest) -> str:
    """The computer a request came from, behind `PROXIES` of our own; a forged header is not believed."""
    hops = [hop.strip() for hop in request.headers.get("X-Forwarded-For", "").split(",") if hop.strip()]
    if settings.PROXIES and len(hops) >= settings.PROXIES:
        return hops[-settings.PROXIES][:45]
    return str(request.META.get("REMOTE_ADDR") or "")[:45]
