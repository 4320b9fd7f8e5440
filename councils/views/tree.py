"""The tree page, a council's page, the search, and the forms that reshape the tree."""

from typing import Any

from django.contrib import admin
from django.core.exceptions import PermissionDenied
from django.db.models import Q, QuerySet
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect
from django.template.response import TemplateResponse
from django.utils.translation import gettext as _

from councils.counting import Counts, counts
from councils.forms import DEEDS, deeds_for
from councils.models import Council
from councils.views.deeds import answer

MOST_FOUND = 50


def _visible(request: HttpRequest) -> QuerySet[Council]:
    if not request.user.has_perm("councils.view_council"):
        raise PermissionDenied
    found: QuerySet[Council] = Council.objects.visible_to(request.user)
    return found


def _page(request: HttpRequest, template: str, **context: Any) -> TemplateResponse:
    return TemplateResponse(request, template, admin.site.each_context(request) | context)


def _branch(council: Council) -> list[tuple[Council, Counts]]:
    """The councils directly below, each with its counts; closed ones last."""
    counted = counts(council)
    below = sorted(council.children.all(), key=lambda each: (not each.is_open, each.code))
    return [(each, counted.get(each.code, Counts())) for each in below]


def tree(request: HttpRequest) -> HttpResponse:
    """The reader's own council and what lies below, township by township."""
    council = get_object_or_404(_visible(request), pk=request.user.council_id)  # type: ignore[union-attr]
    if council.is_village:
        return redirect("council", council.code)
    rows = _branch(council)
    total = Counts()
    for each, counted in rows:
        if each.is_open:
            total.add(counted)
    return _page(request, "councils/tree.html", council=council, rows=rows, total=total, title=_("Organisation"))


def branch(request: HttpRequest, code: str) -> HttpResponse:
    """One township's villages, for the tree page to unfold."""
    council = get_object_or_404(_visible(request), code=code)
    return TemplateResponse(request, "councils/_branch.html", {"rows": _branch(council), "council": council})


def council(request: HttpRequest, code: str) -> HttpResponse:
    """All about one council: place, counts, zones, former names, accounts, and what may be done to it."""
    found = get_object_or_404(_visible(request).select_related("parent__parent", "merged_into"), code=code)
    counted = counts(found)
    return _page(
        request,
        "councils/council.html",
        title=str(found),
        council=found,
        total=counted.get(found.code, Counts()),
        rows=_branch(found) if not found.is_village else [],
        zones=found.zones.all() if found.is_village else [],
        former=found.former_names.all(),
        accounts=found.accounts.select_related("role") if request.user.has_perm("councils.view_user") else [],
        deeds=[(name, DEEDS[name].title) for name in deeds_for(found)]
        if request.user.has_perm("councils.reshape_council")
        else [],
        merged=list(_visible(request).filter(merged_into=found)),
    )


def search(request: HttpRequest) -> HttpResponse:
    """Councils by name, short name, former name or code, old codes too."""
    words = request.GET.get("q", "").strip()[:60]
    found: list[Council] = []
    if words:
        hit = Q(name__contains=words) | Q(short_name__contains=words) | Q(code__startswith=words)
        hit |= Q(former_names__name__contains=words) | Q(former_names__code=words)
        matches = _visible(request).filter(hit).select_related("parent__parent").prefetch_related("former_names")
        found = list(matches.distinct()[: MOST_FOUND + 1])
        if len(found) == 1:
            return redirect("council", found[0].code)
    return _page(
        request, "councils/search.html", words=words, found=found[:MOST_FOUND], more=len(found) > MOST_FOUND,
        title=_("Search councils"),
    )  # fmt: skip


def change(request: HttpRequest, code: str, deed: str) -> HttpResponse:
    """A deed on one council, with a look at what will change."""
    subject = get_object_or_404(_visible(request).select_related("parent__parent"), code=code)
    if deed not in deeds_for(subject):
        raise Http404
    return answer(request, DEEDS[deed], subject)
