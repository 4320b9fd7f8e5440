"""For which village something is entered: hers without a question, else one of a list."""

from typing import Any

from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.urls import reverse

from councils.models import Council
from members.views.story import page, permit
from reports.views.work_deeds import open_villages


def village_to_enter(request: HttpRequest, title: Any, permission: str, name: str, *fixed: str) -> HttpResponse:
    """On to the address `name` with `fixed` and the code of the village, which is chosen where there are several."""
    permit(request, permission)
    own = request.user.council  # type: ignore[union-attr]
    if own.is_village:
        return redirect(name, *fixed, own.code)
    listed = [(each, reverse(name, args=[*fixed, each.code])) for each in open_villages(request.user)]
    return page(request, "reports/choose_village.html", title=title, villages=listed)


def village_at(request: HttpRequest, code: str) -> Council:
    """The open village of that code that the reader may see; 404 for any other."""
    found: Council | None = open_villages(request.user).select_related("parent__parent").filter(code=code).first()
    if found is None:
        raise Http404
    return found
