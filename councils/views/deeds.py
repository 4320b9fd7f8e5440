"""How a deed is shown and done: the form, what it will change, then the button that does it."""

from typing import Any

from django.contrib import admin, messages
from django.core.exceptions import PermissionDenied
from django.db import IntegrityError
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.template.response import TemplateResponse

from councils.clashing import in_words
from councils.deeds import DeedForm, Preview, Refused
from cunsao import drafts


def answer(request: HttpRequest, deed: type[DeedForm], subject: Any) -> HttpResponse:
    """One step of `deed` on `subject`, which was looked up through `visible_to`.

    A refusal, and what somebody else did at the same moment, come back on the form with all that was typed.
    """
    if not request.user.has_perm(deed.permission):
        raise PermissionDenied
    sent = request.method == "POST"
    typed = request.POST if sent else drafts.take(request)
    form = deed(subject, request.user, typed, request.FILES if sent else None)  # type: ignore[arg-type]
    preview: Preview | None = None
    if sent and form.is_valid():
        try:
            if "confirmed" in request.POST or not deed.looks_first:
                messages.success(request, form.do())
                return redirect(form.home())
            if "again" not in request.POST:  # back from the preview, to type something else
                preview = form.look()
        except Refused as refusal:
            form.add_error(refusal.field if refusal.field in form.fields else None, str(refusal))
        except IntegrityError as fault:
            form.add_error(None, in_words(fault))
    return TemplateResponse(
        request,
        "councils/deed.html",
        admin.site.each_context(request)
        | {"title": form.title, "form": form, "subject": subject, "preview": preview,
           "place": form.place(), "home": form.home()},
    )  # fmt: skip
