"""Points: the ranking of a month, what each woman's points are made of, and the schemes they come from."""

from dataclasses import dataclass
from datetime import date
from decimal import Decimal
from typing import Any

from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from councils.models import Council, Level
from councils.views.deeds import answer
from cunsao import months
from members.models import Member
from members.views.story import page, permit
from reports import appraisal as rules
from reports import kinds
from reports.appraisal import Point, Rank
from reports.leafing import first_month
from reports.models import Remark, Scheme
from reports.views.appraisal_deeds import IntroduceForm, RemarkForm, WithdrawForm

LOOK = "reports.view_remark"
BACK = 6  # months that one leafs through; an older one is opened from its roster


@dataclass(frozen=True)
class Place:
    """Where women are ranked: a township, or the one village of it that the reader sees."""

    township: Council
    village: Council | None

    @property
    def council(self) -> Council:
        return self.village or self.township


@dataclass(frozen=True)
class Made:
    """One point in words, with the page of the record or the remark that it traces to."""

    point: Point
    what: Any
    address: str
    withdraw: str = ""


def rankings(request: HttpRequest) -> HttpResponse:
    """To her own ranking of this month; for a county its townships with the scheme each has."""
    permit(request, LOOK)
    own: Council = request.user.council  # type: ignore[union-attr]
    month = months.first(timezone.localdate())
    if own.level != Level.COUNTY:
        return redirect("ranking", own.code, f"{month:%Y-%m}")
    townships = Council.objects.visible_to(request.user).at_level(Level.TOWNSHIP).filter(closed=None)
    schemes = Scheme.objects.visible_to(request.user).filter(start__lte=month).order_by("start")
    running = {each.township_id: each for each in schemes}
    return page(
        request, "reports/rankings.html", title=_("Ranking"), month=f"{month:%Y-%m}",
        townships=[(each, running.get(each.pk)) for each in townships],
    )  # fmt: skip


def ranking(request: HttpRequest, code: str, month: str) -> HttpResponse:
    """Everybody of a township, or of one village, with place, points and what the scheme proposes for them."""
    place, day = _place(request, code), _month(month)
    ranks = rules.ranking(place.township, day, place.village)
    scheme = rules.scheme_of(place.township, day)
    villages = Council.objects.in_bulk({each.village for each in ranks})
    earlier, later = _beside(place.township, day)
    return page(
        request, "reports/ranking.html", title=_("Ranking"), place=place.council, township=place.township,
        scheme=scheme, month=f"{day:%Y-%m}", label=months.label(day),
        lines=[(each, villages[each.village], _yuan(scheme, each.points)) for each in ranks],
        earlier=earlier, later=later,
        may_introduce=request.user.has_perm(IntroduceForm.permission), most=max((r.points for r in ranks), default=0),
    )  # fmt: skip


def points(request: HttpRequest, code: str, month: str, pk: int) -> HttpResponse:
    """What one woman's points of a month are made of, each with what it traces to."""
    place, day = _place(request, code), _month(month)
    found = next((each for each in rules.ranking(place.township, day, place.village) if each.member.pk == pk), None)
    if found is None:
        raise Http404
    may_remark = request.user.has_perm(RemarkForm.permission)
    return page(
        request, "reports/points.html", title=str(found.member), rank=found, place=place.council,
        month=f"{day:%Y-%m}", label=months.label(day), made=_made(found, may_remark), may_remark=may_remark,
        scheme=rules.scheme_of(place.township, day),
    )  # fmt: skip


def schemes(request: HttpRequest, code: str) -> HttpResponse:
    """A township's schemes, the latest first, with the points of each."""
    permit(request, "reports.view_scheme")
    township = _place(request, code).township
    found = Scheme.objects.visible_to(request.user).filter(township=township).order_by("-start")
    this = months.first(timezone.localdate())
    listed = list(found.prefetch_related("points"))
    running = next((each for each in listed if each.start <= this), None)
    return page(
        request, "reports/schemes.html", title=_("Appraisal schemes"), township=township, running=running,
        schemes=[(each, months.label(each.start)) for each in listed],
        may_introduce=request.user.has_perm(IntroduceForm.permission),
    )  # fmt: skip


def introduce_scheme(request: HttpRequest, code: str) -> HttpResponse:
    permit(request, IntroduceForm.permission)
    place = _place(request, code)
    if place.village is not None:
        raise Http404
    return answer(request, IntroduceForm, place.township)


def add_remark(request: HttpRequest, pk: int) -> HttpResponse:
    """Points by remark for one member."""
    permit(request, RemarkForm.permission)
    return answer(request, RemarkForm, get_object_or_404(Member.objects.visible_to(request.user).with_terms(), pk=pk))


def withdraw_remark(request: HttpRequest, pk: int) -> HttpResponse:
    permit(request, WithdrawForm.permission)
    known = Remark.objects.visible_to(request.user).select_related("village__parent__parent", "member")
    return answer(request, WithdrawForm, get_object_or_404(known, pk=pk))


def _place(request: HttpRequest, code: str) -> Place:
    permit(request, LOOK)
    known = Council.objects.visible_to(request.user).exclude(level=Level.COUNTY).select_related("parent__parent")
    found: Council = get_object_or_404(known, code=code)
    return Place(found.parent, found) if found.is_village else Place(found, None)


def _month(text: str) -> date:
    """The month in the address; 404 for one that has not begun."""
    month = months.read(text)
    if month > timezone.localdate():
        raise Http404
    return month


def _beside(township: Council, month: date) -> tuple[str, str]:
    """The month before and the one after, among those that one leafs through; "" for none."""
    this = months.first(timezone.localdate())
    first = this
    for _month in range(BACK):
        first = months.previous(first)
    first = max(first, first_month(township, this))
    earlier = f"{months.previous(month):%Y-%m}" if month > first else ""
    return earlier, f"{months.next_month(month):%Y-%m}" if first <= month < this else ""


def _yuan(scheme: Scheme | None, points: Decimal) -> Decimal | None:
    return rules.yuan(scheme, points) if scheme and scheme.yuan_a_point else None


def _made(rank: Rank, may_withdraw: bool) -> list[Made]:
    made = []
    for point in sorted(rank.made_of, key=lambda each: each.day):
        if point.remark:
            address = reverse("admin:reports_remark_change", args=[point.remark])
            withdraw = reverse("withdraw_remark", args=[point.remark]) if may_withdraw else ""
            made.append(Made(point, point.reason, address, withdraw))
        else:
            kind = kinds.KINDS[point.kind]
            what = f"{kind.label} {point.quantity} {kind.unit.label}"
            made.append(Made(point, what, reverse("admin:reports_activity_change", args=[point.activity])))
    return made
