"""What makes the invented county's pages worth opening today: work of this month, hazards on their way, tasks, points.

Nothing of it lies on a day of the published table but remarks, rules and a task that is over, which are no figures.
"""

from datetime import date, timedelta
from decimal import Decimal
from typing import Any

from django.utils import timezone

from councils.models import Council, Level, User
from cunsao import months
from members.models import Member
from reports import activities, appraisal, campaigns, disputes, hazards, kinds
from reports.demo.archive import Desk
from reports.demo.people import Draw
from reports.demo.stories import BIG, CASES, PLACES, parties
from reports.demo.work import Village, Woman, women_of_villages
from reports.disputes import Brought
from reports.entering import Entry
from reports.hazards import Found
from reports.models import Campaign, Hazard, Scheme, SchemePoint, Source

SCHEMES = 8  # townships that give points
POINTS = (("elderly", "0.50", "20"), ("child", "0.50", "20"), ("policy_visit", "0.20", "15"), ("dispute", "5", "30"),
          ("hazard_reported", "3", "30"), ("inspection", "1", "15"))  # fmt: skip
REASONS = (("3", "防汛值守三昼夜，受到镇里表扬"), ("2", "带头移风易俗，丧事简办"), ("-1", "例会无故缺席"))
OFTEN = ("elderly", "child", "policy_visit", "inspection", "policy_reach", "wedding", "vaccination", "feast")
# How far this township's hazards are: days since they were reported, and the steps that were taken
ON_THEIR_WAY: tuple[tuple[int, list[str]], ...] = (
    (1, []), (3, ["accept"]), (18, ["accept"]), (20, []), (24, ["accept", "dispatch"]), (30, ["accept", "dispatch"]),
    (12, ["accept", "dispatch", "handle"]),
)  # fmt: skip


def load(village_code: str, desk: Desk, draw: Draw) -> int:
    """Once, for the village of the demo's president and its township; returns how many records of work came of it."""
    if Campaign.objects.exists():
        return 0
    village = Council.objects.select_related("parent__parent").get(code=village_code)
    township: Any = village.parent
    women = women_of_villages()
    here = list(Council.objects.filter(parent=township, pk__in=women))
    president = User.objects.get(username="president")
    _points(draw)
    _tasks(township.parent, desk.county)
    made = 0
    for at, each in enumerate(here):
        by = president if each == village else None
        made += _month(Village(each.pk, women[each.pk], at, len(here)), by, desk.chairs[township.pk], draw)
    for at, (days, steps) in enumerate(ON_THEIR_WAY):
        place = village if at % 2 == 0 else here[at % len(here)]
        _hazard(place, women[place.pk], days, steps, desk.chairs[township.pk], draw)
    for at in range(5):
        _quarrel(village, women[village.pk], at, president, draw)
    return made


def _points(draw: Draw) -> None:
    """Rules of some townships, and remarks of August 2022."""
    for township in Council.objects.at_level(Level.TOWNSHIP)[2 : 2 + SCHEMES]:
        scheme = Scheme(
            township=township, start=date(2022, 1, 1), name=f"{township.name}村嫂积分办法", yuan_a_point=Decimal(1),
            most_yuan=Decimal(100), text="走访、调解、巡查、上报按次计分，当月封顶；多人同做各计一分。",
        )  # fmt: skip
        points = [SchemePoint(kind=kind, points=Decimal(each), cap=Decimal(cap), each=1) for kind, each, cap in POINTS]
        appraisal.introduce(scheme, points, None)
        members = list(Member.objects.under(township).order_by("pk")[:60])
        for points_given, reason in REASONS:
            day = date(2022, 8, 1) + timedelta(days=draw.below(31))
            appraisal.remark(draw.one_of(members), day, Decimal(points_given), reason, None)


def _tasks(county: Council, by: User) -> None:
    """One that is over, and one of today."""
    today = timezone.localdate()
    townships = list(Council.objects.filter(parent=county.code))
    over = Campaign(
        title="防溺水巡查专项行动", kind="inspection", start=date(2022, 7, 1), deadline=date(2022, 8, 31),
        text="暑期各村每周巡查水塘、沟渠，警示牌缺失的当日补齐。", verified_only=False,
    )  # fmt: skip
    running = Campaign(
        title="冬春关爱走访", kind="elderly", start=months.first(today), verified_only=False,
        deadline=months.last_day(months.next_month(today)), text="走访留守老人、孤寡老人，看取暖、看用电、看用药。",
    )  # fmt: skip
    campaigns.launch(over, {each.pk: 40 for each in townships}, by)
    campaigns.launch(running, {each.pk: 60 for each in townships}, by)


def _month(village: Village, by: Any, chair: Any, draw: Draw) -> int:
    """A record of each day of this month until today, where somebody signs in for the village, and of each fifth day
    elsewhere; the earlier ones verified.
    """
    today = timezone.localdate()
    entries = []
    for day in range(0, today.day, 1 if by else 5):
        woman = draw.one_of(village.women)
        kind = draw.early(OFTEN)
        said = {each.key: draw.early(list(each.choices)) for each in kinds.KINDS[kind].particulars if each.choices}
        entries.append(
            Entry(village.pk, today - timedelta(days=day), kind, [woman.pk], 1 + draw.below(6), woman.zone,
                  place=draw.early(PLACES), particulars=said)
        )  # fmt: skip
    done = activities.record_many(entries, by, Source.PHONE if by else Source.SHEET)
    seen = {key: 1 for at, key in done.created.items() if at > 4}
    activities.verify(seen, chair)
    return len(done.created)


def _hazard(village: Council, women: list[Woman], days: int, steps: list[str], chair: Any, draw: Draw) -> None:
    day = timezone.localdate() - timedelta(days=days)
    woman = draw.one_of(women)
    found = Found(village.pk, day, "serious", draw.early(PLACES), draw.one_of(BIG), [woman.pk], woman.zone,
                  reported_on=day)  # fmt: skip
    hazard: Hazard = hazards.report(found, None)
    for deed in steps:
        handler = "镇村建中心" if deed == "dispatch" else ""
        by = None if deed == "handle" else chair
        hazard = hazards.take(hazard, deed, hazard.version, by, "已处理，请核查。", handler, day)


def _quarrel(village: Council, women: list[Woman], at: int, president: Any, draw: Draw) -> None:
    """Being mediated, and one passed on to the township."""
    relation, (about, _agreed) = draw.early(CASES)
    day = timezone.localdate() - timedelta(days=2 + 3 * at)
    woman = draw.one_of(women)
    brought = disputes.bring(Brought(village.pk, day, relation, parties(draw, relation), [woman.pk], about), president)
    if at == 4:
        disputes.pass_on(brought, day + timedelta(days=1), brought.version, president)
