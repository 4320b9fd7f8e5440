"""A county's campaigns: who has reached what, counted from activities in one question, however many there are."""

from collections import defaultdict
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from functools import lru_cache
from typing import Any

from django.db import transaction
from django.db.models import Q, Sum, Value
from django.utils import timezone
from django.utils.translation import gettext as _

from councils import blanks
from councils.models import Council, Level
from cunsao.prepared import Blank, Records
from reports.models import Activity, Campaign, CampaignTarget, State
from reports.periods import Period
from reports.refusing import WorkRefused, full_save, out_of_scope, refuse_without

__all__ = [
    "Standing",
    "WorkRefused",
    "answers_for",
    "launch",
    "of_days",
    "report",
    "standings",
    "to_do",
    "to_reach",
    "withdraw",
]

SET, REPORT = "reports.add_campaign", "reports.change_campaigntarget"


@dataclass(frozen=True)
class Standing:
    """What one council has reached on a day: everything entered, and of it what was verified."""

    target: CampaignTarget
    entered: int
    verified: int
    late: bool

    @property
    def counted(self) -> int:
        """What counts by the campaign's own rule."""
        return self.verified if self.target.campaign.verified_only else self.entered

    @property
    def reached(self) -> bool:
        return self.counted >= self.target.target

    @property
    def percent(self) -> int:
        """Of the target, cut off, 100 at most."""
        return min(100, 100 * self.counted // self.target.target)


def launch(campaign: Campaign, targets: dict[int, int], by: Any) -> Campaign:
    """Sets a campaign with {council's key: target}; all of them or nothing. Raises WorkRefused."""
    refuse_without(by, SET)
    if not targets:
        raise WorkRefused("targets", _("Give at least one township or village a target."), "targets")
    with transaction.atomic():
        campaign.set_by = by
        campaign.county = _county(campaign, by)
        full_save(campaign)
        known = Council.objects.under(campaign.county).filter(closed=None).in_bulk(list(targets))
        if len(known) < len(targets):
            raise out_of_scope()
        if Level.COUNTY in {each.level for each in known.values()} or min(targets.values()) < 1:
            raise WorkRefused("targets", _("A target of 1 or more is for a township or a village."), "targets")
        CampaignTarget.objects.bulk_create(
            CampaignTarget(campaign=campaign, council=known[key], target=target) for key, target in targets.items()
        )
    return campaign


def withdraw(campaign: Campaign, by: Any) -> None:
    """Nobody is asked for it any more; what was counted stays to be read. Safe to repeat."""
    refuse_without(by, SET)
    visible = Campaign.objects.all() if by is None else Campaign.objects.visible_to(by)
    if not visible.filter(pk=campaign.pk).exists():
        raise out_of_scope()
    Campaign.objects.filter(pk=campaign.pk, withdrawn=None).update(withdrawn=timezone.localdate())


def report(target: CampaignTarget, text: str, by: Any) -> CampaignTarget:
    """What a council says of its own progress. Raises WorkRefused."""
    refuse_without(by, REPORT)
    now = None if by is None else CampaignTarget.objects.visible_to(by).filter(pk=target.pk).first()
    if now is None or not answers_for(now.council, by):
        raise out_of_scope()
    now.report, now.reported_on, now.reported_by = text.strip()[:500], timezone.localdate(), by
    full_save(now)
    return now


def standings(campaigns: Sequence[Campaign], by: Any, day: date | None = None) -> dict[int, list[Standing]]:
    """{campaign's key: standing of each target that `by` sees}; two queries. Late: past its deadline, not reached."""
    if not campaigns:
        return {}
    on = day or timezone.localdate()
    known = {each.pk: each for each in campaigns}
    said = {} if by is None else blanks.filled(by.council)
    said |= {f"campaign {at}": pk for at, pk in enumerate(known)}
    targets = _targets("" if by is None else by.council.level, len(known)).find(said)
    counted = _counted(known, targets)
    found: dict[int, list[Standing]] = {pk: [] for pk in known}
    for target in targets:
        target.campaign = known[target.campaign_id]
        entered, verified = counted[target.campaign_id, target.council_id]
        enough = (verified if target.campaign.verified_only else entered) >= target.target
        late = on > target.campaign.deadline and not enough and target.campaign.withdrawn is None
        found[target.campaign_id].append(Standing(target, entered, verified, late))
    return found


@lru_cache
def _targets(level: str, campaigns: int) -> Records:
    """Of so many campaigns, what a reader of the level sees; without a level all."""
    visible = CampaignTarget.objects.visible_to(blanks.reader(level)) if level else CampaignTarget.objects.all()
    asked = [Blank(f"campaign {at}", blanks.PK) for at in range(campaigns)]
    return Records(visible.filter(campaign__pk__in=asked), "council")


def of_days(period: Period, user: Any, own: bool) -> list[Campaign]:
    """Campaigns that `user` sees and that ran in the period; with her `own` also those of which something is asked of
    her own council today. One query.
    """
    days = {"first": period.first, "last": period.last, "today": timezone.localdate()}
    found: list[Campaign] = _of_days(user.council.level, own).find(blanks.filled(user.council, **days))
    return found


@lru_cache
def _of_days(level: str, own: bool) -> Records:
    reader, first, last = blanks.reader(level), blanks.day("first"), blanks.day("last")
    asked = Q(start__lte=last, deadline__gte=first, withdrawn=None)
    if own:
        asked |= _asked_of(reader.council, blanks.day("today"))
    return Records(Campaign.objects.visible_to(reader).filter(asked))


def to_do(user: Any, day: date | None = None) -> list[Standing]:
    """What `user`'s own council still has to reach, the nearest deadline first; three queries, none for a county."""
    if user.council.level == Level.COUNTY:  # it sets them
        return []
    on = day or timezone.localdate()
    asked = Campaign.objects.visible_to(user).filter(_asked_of(user.council, on))
    return to_reach(user.council, on, standings(list(asked), user, on))


def _asked_of(council: Council, on: date) -> Q:
    """Campaigns that began by the day and have a target for the council itself."""
    hers = CampaignTarget._base_manager.filter(council=council.pk).values("campaign")
    return Q(start__lte=on, withdrawn=None, pk__in=hers)


def to_reach(council: Council, on: date, found: Mapping[int, Sequence[Standing]]) -> list[Standing]:
    """Of standings, those that are asked of the council and not reached, the nearest deadline first."""
    hers = [each for all_ in found.values() for each in all_ if each.target.council_id == council.pk]
    still = [
        each
        for each in hers
        if not each.reached and each.target.campaign.start <= on and each.target.campaign.withdrawn is None
    ]
    return sorted(still, key=lambda each: each.target.campaign.deadline)


def _counted(
    campaigns: Mapping[int, Campaign], targets: Iterable[CampaignTarget]
) -> dict[tuple[int, int], tuple[int, int]]:
    """{(campaign, council): (entered, verified)}, by townships or villages, whichever has a target; one query whatever
    the number of campaigns.
    """
    asked = {(each.campaign_id, "village" if each.council.is_village else "township") for each in targets}
    parts = []
    for pk, place in sorted(asked):
        each = campaigns[pk]
        rows = Activity.objects.filter(county=each.county_id, kind=each.kind, day__range=(each.start, each.deadline))
        sums = {"entered": Sum("quantity"), "verified": Sum("quantity", filter=Q(state=State.VERIFIED), default=0)}
        grouped = rows.exclude(state=State.REJECTED).order_by().values(place, counted_for=Value(pk)).annotate(**sums)
        parts.append(grouped.values_list("counted_for", place, *sums))
    found: dict[tuple[int, int], tuple[int, int]] = defaultdict(lambda: (0, 0))
    for campaign, council, entered, verified in parts[0].union(*parts[1:], all=True) if parts else ():
        found[campaign, council] = (entered, verified)
    return found


def _county(campaign: Campaign, by: Any) -> Council:
    county: Council | None = campaign.county if campaign.county_id else getattr(by, "council", None)
    if county is None or (by is not None and county != by.council):
        raise out_of_scope()
    return county


def answers_for(council: Council, by: Any) -> bool:
    """Whether `by` reports for `council`: her own, or one right below it."""
    return council.pk == by.council_id or council.parent_id == by.council.code
