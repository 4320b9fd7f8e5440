"""What was typed when a session ended: sealed, carried through the sign-in page, and filled in again for its author.

Whose typing it was is known by the form itself: each sign-in gives the browser another CSRF secret, and a signed
cookie says which secret was whose. So a form that is sent after a sign-out, or after a sign-in in another window, still
has its author, and nobody else is offered what she typed. Nothing is ever sent by itself: a page that gets a draft
by `take` shows it filled in, and saves nothing before it is sent anew.
"""

import base64
import json
import re
from typing import Any
from urllib.parse import urlsplit

from django.conf import settings
from django.contrib import admin, messages
from django.core import signing
from django.http import HttpRequest, HttpResponse, QueryDict
from django.middleware.csrf import _unmask_cipher_token  # type: ignore[attr-defined]  # no public way to the secret
from django.shortcuts import render
from django.urls import reverse
from django.utils import timezone
from django.utils.crypto import salted_hmac
from django.utils.translation import gettext as _

from cunsao.personal_data import CannotUnseal
from cunsao.personal_data.cipher import seal, unseal
from cunsao.security import GetResponse

COOKIE = "cunsao_forms"  # [[account, digest of its CSRF secret], …], the latest last
KEPT_SECRETS = 4
CONTEXT = "draft"
LONGEST = 256 * 1024  # characters; a township's month has some 50,000
TOKEN = re.compile(r"[A-Za-z0-9]{64}")
LEFT_OUT = re.compile(r"csrfmiddlewaretoken|.*password.*|confirmed|again|_save|_addanother|_continue|_saveasnew")
NOT_KEPT = ("admin:login", "admin:logout", "set_language", "first_password")


def keeping(get_response: GetResponse) -> GetResponse:
    """Middleware: a form sent by somebody who is signed out gets the sign-in page, which keeps what she typed."""

    def middleware(request: HttpRequest) -> HttpResponse:
        response = get_response(request)
        if request.method == "POST" and not request.user.is_authenticated and _asks_to_sign_in(response):
            response = _sign_in(request) or response
        _remember(request, response)
        return response

    return middleware


def refused_form(request: HttpRequest, reason: str = "") -> HttpResponse:
    """The answer to a form of an older sign-in (CSRF_FAILURE_VIEW): nothing is done, and what was typed is kept."""
    ours = request.headers.get("Origin") == f"{request.scheme}://{request.get_host()}"
    page = ""
    if ours and not request.user.is_authenticated and (asked := _sign_in(request)):
        return asked
    if ours and request.user.is_authenticated and _author(request) == request.user.pk and (sealed := _sealed(request)):
        request.session["draft"] = sealed
        page = _page(request)
    return render(request, "403_csrf.html", {"page": page}, status=403)


def take_over(request: HttpRequest) -> None:
    """After a sign-in: what the sign-in page carried waits in the session for its page."""
    if (sealed := request.POST.get("kept", "")) and _opened(request, sealed):
        request.session["draft"] = sealed


def take(request: HttpRequest) -> QueryDict | None:
    """What the reader typed on this very page before her session ended, once; None if there is nothing."""
    sealed = request.session.get("draft") if request.method == "GET" else None
    draft = _opened(request, sealed) if sealed else None
    if draft is None or draft["page"] != request.get_full_path():
        return None
    del request.session["draft"]
    messages.info(request, _("This is what you typed before you were signed out. Look at it and send it again."))
    if draft["files"]:
        messages.warning(request, _("Files are not kept: choose them again."))
    return QueryDict(draft["typed"])


def _sign_in(request: HttpRequest) -> HttpResponse | None:
    """The sign-in page with what was typed, sealed for its author; None where there is nothing to keep."""
    sealed = _sealed(request)
    page = _page(request)
    if not sealed and page == request.get_full_path():
        return None
    form: Any = admin.site.login_form
    context = admin.site.each_context(request) | {
        "form": form(request),
        "app_path": reverse(settings.LOGIN_URL),
        "next": page,
        "kept": sealed,
    }
    return render(request, "admin/login.html", context, status=403)


def _sealed(request: HttpRequest) -> str:
    """What was typed, for nobody but its author; empty where she is not known or there is nothing to fill in again."""
    author, page = _author(request), _page(request)
    typed = QueryDict(mutable=True)
    for name, values in request.POST.lists():
        if not LEFT_OUT.fullmatch(name):
            typed.setlist(name, values)
    encoded = typed.urlencode()
    passing = request.path in {reverse(name) for name in NOT_KEPT} or urlsplit(page).path != request.path
    if author is None or passing or not (typed or request.FILES):
        return ""
    if len(encoded) > LONGEST:
        messages.warning(request, _("What you typed is too long to be kept. Go back in the browser and copy it first."))
        return ""
    draft = {
        "by": author, "at": timezone.now().timestamp(), "page": page, "typed": encoded, "files": bool(request.FILES),
    }  # fmt: skip
    return base64.b64encode(seal(json.dumps(draft), CONTEXT)).decode()


def _opened(request: HttpRequest, sealed: str) -> dict[str, Any] | None:
    """The draft, if it is the reader's and of this working day."""
    try:
        draft: dict[str, Any] = json.loads(unseal(base64.b64decode(sealed), CONTEXT))
    except (CannotUnseal, ValueError):
        return None
    fresh = timezone.now().timestamp() - draft["at"] <= settings.SESSION_COOKIE_AGE
    return draft if fresh and draft["by"] == request.user.pk else None


def _page(request: HttpRequest) -> str:
    """Where the form stood: the page it was sent from, or the address it was sent to."""
    sent_from = urlsplit(request.headers.get("Referer", ""))
    if sent_from.netloc != request.get_host():
        return request.get_full_path()
    return sent_from.path + (f"?{sent_from.query}" if sent_from.query else "")


def _asks_to_sign_in(response: HttpResponse) -> bool:
    return response.status_code == 302 and urlsplit(response.headers["Location"]).path == reverse(settings.LOGIN_URL)


def _remember(request: HttpRequest, response: HttpResponse) -> None:
    """Whose forms carry the present secret."""
    secret = request.META.get("CSRF_COOKIE")
    if not secret or not request.user.is_authenticated:
        return
    known, mine = _known(request), [request.user.pk, _digest(secret)]
    if mine not in known:
        response.set_cookie(
            COOKIE, signing.dumps([*known, mine][-KEPT_SECRETS:], salt=COOKIE),
            httponly=True, samesite="Lax", secure=bool(settings.SESSION_COOKIE_SECURE),
        )  # fmt: skip


def _author(request: HttpRequest) -> int | None:
    """Whose page the form stood on, by the secret in its token."""
    token = request.POST.get("csrfmiddlewaretoken", "")
    if not TOKEN.fullmatch(token):
        return None
    digest = _digest(_unmask_cipher_token(token))
    return next((account for account, known in reversed(_known(request)) if known == digest), None)


def _known(request: HttpRequest) -> list[list[Any]]:
    try:
        found: list[list[Any]] = signing.loads(request.COOKIES.get(COOKIE, ""), salt=COOKIE)
    except signing.BadSignature:
        return []
    return found


def _digest(secret: str) -> str:
    return salted_hmac(COOKIE, secret, algorithm="sha256").hexdigest()[:24]
