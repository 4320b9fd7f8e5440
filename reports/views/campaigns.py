"""Campaigns: what is asked of the reader first, then all that she sees with what was reached."""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404
from django.utils.translation import gettext_lazy as _

from councils.admin.paging import CappedPaginator
from councils.models import Level
from councils.views.deeds import answer
from members.views.story import page, permit
from reports import campaigns as rules
from reports import kinds
from reports.campaigns import Standing
from reports.models import Campaign, CampaignTarget
from reports.views.campaign_deeds import ReportForm, SetForm, WithdrawForm

LOOK = "reports.view_campaign"
PAGE = 20


@dataclass(frozen=True)
class Line:
    """A campaign and how far those are that the reader sees."""

    campaign: Campaign
    standings: Sequence[Standing]

    @property
    def unit(self) -> Any:
        kind = kinds.KINDS[self.campaign.kind]
        return kind.unit.label

    @property
    def reached(self) -> int:
        return sum(each.reached for each in self.standings)

    @property
    def late(self) -> int:
        return sum(each.late for each in self.standings)

    @property
    def percent(self) -> int:
        """Of all targets together, none counted beyond its own."""
        asked = sum(each.target.target for each in self.standings)
        return 100 * sum(min(each.counted, each.target.target) for each in self.standings) // asked if asked else 0


def campaigns(request: HttpRequest) -> HttpResponse:
    """What her own council still has to reach, then every campaign she sees, the latest deadline first."""
    permit(request, LOOK)
    seen = Campaign.objects.visible_to(request.user)
    listed = CappedPaginator(seen.order_by("-deadline", "-pk"), PAGE).get_page(request.GET.get("p"))
    found = rules.standings(list(listed), request.user)
    return page(
        request, "reports/campaigns.html", title=_("Tasks"), listed=listed,
        waiting=rules.to_do(request.user), lines=[Line(each, found[each.pk]) for each in listed],
        may_set=request.user.has_perm(SetForm.permission),
    )  # fmt: skip


def campaign(request: HttpRequest, pk: int) -> HttpResponse:
    """One campaign with every target the reader sees, those furthest behind first."""
    permit(request, LOOK)
    found = _found(request, pk)
    standings = rules.standings([found], request.user)[found.pk]
    own = request.user.council  # type: ignore[union-attr]
    answers = request.user.has_perm(ReportForm.permission)
    hers = {each.target.pk for each in standings if answers and rules.answers_for(each.target.council, request.user)}
    return page(
        request, "reports/campaign.html", title=found.title, campaign=found, line=Line(found, standings),
        kind=kinds.KINDS[found.kind],
        standings=sorted(standings, key=lambda each: (each.reached, each.percent, each.target.council.code)),
        hers=hers, may_withdraw=request.user.has_perm(WithdrawForm.permission) and not found.withdrawn,
        own=own,
    )  # fmt: skip


def set_campaign(request: HttpRequest) -> HttpResponse:
    """The county's form."""
    permit(request, SetForm.permission)
    own = request.user.council  # type: ignore[union-attr]
    assert own.level == Level.COUNTY  # noqa: S101 - roles.py gives this right for counties alone
    return answer(request, SetForm, own)


def withdraw_campaign(request: HttpRequest, pk: int) -> HttpResponse:
    permit(request, WithdrawForm.permission)
    return answer(request, WithdrawForm, _found(request, pk))


def report_campaign(request: HttpRequest, pk: int) -> HttpResponse:
    """What is said of one target."""
    permit(request, ReportForm.permission)
    known = CampaignTarget.objects.visible_to(request.user).select_related("campaign", "council__parent__parent")
    return answer(request, ReportForm, get_object_or_404(known, pk=pk))


def _found(request: HttpRequest, pk: int) -> Campaign:
    found: Campaign = get_object_or_404(Campaign.objects.visible_to(request.user), pk=pk)
    return found
