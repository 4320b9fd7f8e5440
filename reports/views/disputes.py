"""Disputes: one's own list, a page that opens what is sealed, and numbers for everybody who may not read them."""

from datetime import date
from typing import Any

from django.core.exceptions import PermissionDenied
from django.db.models import Min
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect
from django.utils import timezone
from django.utils.translation import gettext_lazy as _
from django.views.decorators.http import require_POST

from councils.admin.paging import CappedPaginator
from councils.models import Council, Level
from councils.views.deeds import answer
from cunsao import months
from members.views.story import page, permit
from reports import disputes as rules
from reports.models import Dispute, DisputeState, Relation
from reports.views.choosing import village_at
from reports.views.dispute_deeds import DEEDS, BringForm

LOOK, COUNT = "reports.view_dispute", "reports.view_activity"
PAGE = 30


def disputes(request: HttpRequest) -> HttpResponse:
    """The village's own, or what was passed on to the township; open ones first. Others are led to the numbers."""
    if not request.user.has_perm(LOOK):
        return redirect("dispute_numbers")
    seen = Dispute.objects.visible_to(request.user).select_related("village")
    is_open = request.GET.get("show", "open") != "settled"
    shown = seen.exclude(state=DisputeState.SETTLED) if is_open else seen.filter(state=DisputeState.SETTLED)
    listed = CappedPaginator(shown.order_by("day" if is_open else "-settled", "pk"), PAGE)
    return page(
        request, "reports/disputes.html", title=_("Mediation of disputes"), is_open=is_open,
        listed=listed.get_page(request.GET.get("p")),
        may_bring=request.user.has_perm(BringForm.permission) and request.user.council.is_village,  # type: ignore[union-attr]
    )  # fmt: skip


def bring_dispute(request: HttpRequest) -> HttpResponse:
    """The form of the village's own; a township reads what is passed on to it and brings none."""
    permit(request, BringForm.permission)
    own = request.user.council  # type: ignore[union-attr]
    if not own.is_village:
        raise PermissionDenied
    return answer(request, BringForm, village_at(request, own.code))


def dispute(request: HttpRequest, pk: int) -> HttpResponse:
    """One dispute, sealed."""
    return _page(request, _found(request, pk))


@require_POST
def dispute_content(request: HttpRequest, pk: int) -> HttpResponse:
    """The same page with what is sealed, this once; who opened it is entered."""
    found = _found(request, pk)
    return _page(request, found, rules.read(found, request.user))


def dispute_deed(request: HttpRequest, pk: int, name: str) -> HttpResponse:
    """settle, pass_on, mend; of what was settled none."""
    if name not in DEEDS:
        raise Http404
    permit(request, DEEDS[name].permission)
    found = _found(request, pk)
    if name not in _deeds(found, request.user):
        raise Http404
    return answer(request, DEEDS[name], found)


def dispute_numbers(request: HttpRequest) -> HttpResponse:
    """A year of a council the reader sees, by relation and month; no names, no text."""
    permit(request, COUNT)
    own: Council = request.user.council  # type: ignore[union-attr]
    visible = Council.objects.visible_to(request.user)
    place = visible.select_related("parent__parent").filter(code=request.GET.get("place", own.code)).first()
    if place is None:
        raise Http404
    today = timezone.localdate()
    first = Dispute.objects.under(place).aggregate(first=Min("day"))["first"] or today
    year, earlier, later = months.leaf_years(request.GET.get("year", ""), first.year, today.year)
    last = min(date(year, 12, 31), today)
    found = rules.by_month(place, date(year, 1, 1), last, request.user)
    lines = [(month, [each[relation] for relation in Relation.values], rules.together(each.values()))
             for month, each in sorted(found.items(), reverse=True)]  # fmt: skip
    sums = [rules.together(each[relation] for each in found.values()) for relation in Relation.values]
    return page(
        request, "reports/dispute_numbers.html", title=_("Disputes in numbers"), place=place, year=year,
        relations=Relation.labels, lines=[(months.label(month), cells, whole) for month, cells, whole in lines],
        sums=sums, whole=rules.together(sums), places=_below(visible, own), may_read=request.user.has_perm(LOOK),
        earlier=earlier, later=later,
    )  # fmt: skip


def _page(request: HttpRequest, found: Dispute, content: Any = None) -> HttpResponse:
    return page(
        request, "reports/dispute.html", title=str(found), dispute=found, place=found.village, content=content,
        mediators=found.mediators.order_by("pinyin", "pk"),
        deeds=[(name, DEEDS[name].title) for name in _deeds(found, request.user)],
    )  # fmt: skip


def _deeds(found: Dispute, user: Any) -> list[str]:
    if found.state == DisputeState.SETTLED or not user.has_perm("reports.change_dispute"):
        return []
    return [name for name in DEEDS if name != "pass_on" or found.state == DisputeState.OPEN]


def _found(request: HttpRequest, pk: int) -> Dispute:
    permit(request, LOOK)
    known = Dispute.objects.visible_to(request.user).select_related("village__parent__parent", "recorded_by")
    found: Dispute = get_object_or_404(known, pk=pk)
    return found


def _below(visible: Any, own: Council) -> list[Council]:
    """Her own council and those right below it, to choose from."""
    if own.is_village:
        return []
    below = visible.at_level(Level.TOWNSHIP) if own.level == Level.COUNTY else visible.filter(parent=own)
    return [own, *below.filter(closed=None)]
