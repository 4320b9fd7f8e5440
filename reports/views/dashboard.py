"""The first page after signing in, and the same page of every council below."""

from datetime import date

from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect
from django.utils import timezone

from councils.models import Council
from cunsao import months
from members.views.story import page, permit
from reports.board import Board
from reports.leafing import goes_back_to, newest_month

FIRST = date(2000, 1, 1)


def home(request: HttpRequest) -> HttpResponse:
    """To the reader's own council; to the tree for who keeps accounts and the tree alone."""
    if not request.user.has_perm("members.view_member"):
        return redirect("tree")
    return redirect("dashboard", request.user.council.code)  # type: ignore[union-attr]


def dashboard(request: HttpRequest, code: str) -> HttpResponse:
    """A council's figures of one month, by default the newest in which anything was recorded."""
    permit(request, "members.view_member")
    council = place_of(request, code)
    today = timezone.localdate()
    asked = request.GET.get("month")
    month = months.read(asked) if asked else newest_month(council, today)
    if not FIRST <= month <= today:
        raise Http404
    before, after = months.previous(month), months.next_month(month)
    return page(
        request, "reports/dashboard.html", title=str(council), council=council,
        board=Board(council, month, request.user), month=month,
        before=before if goes_back_to(council, before, today) else None,
        after=after if after <= today else None, latest=months.first(today),
    )  # fmt: skip


def place_of(request: HttpRequest, code: str) -> Council:
    """A council of the reader's jurisdiction with those above it; 404 for any other. Her own is at hand."""
    if code == request.user.council.code:  # type: ignore[union-attr]
        return request.user.council  # type: ignore[union-attr]
    visible = Council.objects.visible_to(request.user).select_related("parent__parent")
    found: Council = get_object_or_404(visible, code=code)
    return found
