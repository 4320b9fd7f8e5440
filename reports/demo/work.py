"""What the invented women did in twenty months: drawn village by village, taken in as work done long ago is.

A quota is what the county's villages share among them; the published figures come out of counting the records. Nothing
but single records is stored, through the doors that real work goes through.
"""

from collections.abc import Iterator, Sequence
from datetime import date, timedelta
from typing import Any, NamedTuple

from django.db import transaction

from councils.models import Council, Level
from members.models import Membership, ZoneAssignment
from reports import activities, kinds, taking_over
from reports.demo.ledgers import LAST_DAY, MEN, share, villager
from reports.demo.people import Draw
from reports.demo.stories import CASES, PLACES, dangers, parties
from reports.disputes import Brought
from reports.entering import Entry
from reports.hazards import Found
from reports.models import Activity, Source, State
from reports.taking_over import Done, Gone, Settled

FIRST_DAY = date(2021, 1, 1)
FRESH = timedelta(days=17)  # what is no older waits for the township
END_OF_2021 = date(2021, 12, 31)


class Woman(NamedTuple):
    """A member: her key, since when, and her zone's key."""

    pk: int
    start: date
    zone: int | None


class Village(NamedTuple):
    pk: int
    women: Sequence[Woman]
    at: int  # its place among all of the county
    of: int


class Quota(NamedTuple):
    """Of some kinds the county's whole, and between how little and how much one record has."""

    kinds: Sequence[str]
    whole: int
    least: int = 1
    most: int = 1


class Drawn(NamedTuple):
    """Work as it was drawn by chance: records, disputes, hazards."""

    entries: Sequence[Entry]
    quarrels: Sequence[Settled]
    dangerous: Sequence[Gone]


QUOTAS = (
    Quota(["wedding", "funeral", "funeral", "feast"], 14_244, 1, 3),
    Quota(["beautiful_family", "civil_family"], 2_747),
    Quota(["five_good_family"], 640),
    Quota(["role_model"], 3_590),
    Quota(["elderly"], 78_432, 4, 9),
    Quota(["child"], 82_119, 4, 9),
    Quota(["policy_visit"], 31_000, 5, 20),
    Quota(["policy_reach"], 90_000, 20, 60),
    Quota(["vaccination"], 12_000, 2, 10),
    Quota(["inspection"], 5_200, 1, 3),
    Quota(["courtyard", "clean_household"], 1_396),
)
DISPUTES = 5_902
HAZARDS = ((2_492, FIRST_DAY, END_OF_2021), (1_716, date(2022, 1, 1), LAST_DAY))  # reported upward
MENDED = 2_443  # put right on the spot


def load(chairs: dict[int, Any], seed: int) -> int:
    """Township after township, each in a transaction of its own; one that has work already is left as it is.

    `chairs` by the key of their township look at what was entered. Returns how many records there are.
    """
    arrived = Activity.objects.filter(source=Source.IMPORT, recorded_by=None)
    known = set(arrived.order_by().values_list("township", flat=True).distinct())
    places = women_of_villages()
    villages = list(Council.objects.filter(pk__in=places).select_related("parent"))
    for number, township in enumerate(Council.objects.at_level(Level.TOWNSHIP)):
        if township.pk in known:
            continue
        here = [
            Village(each.pk, places[each.pk], at, len(villages))
            for at, each in enumerate(villages)
            if each.parent == township
        ]
        with transaction.atomic():
            take_in(_twenty_months(here, chairs[township.pk], Draw(seed + 1000 + number)))
            _verify(township, chairs[township.pk])
    return Activity.objects.count()


def take_in(work: Drawn) -> int:
    """Through the doors of work done long ago; returns how many records came of it. Raises the first refusal."""
    done = (
        activities.record_many(work.entries, None, Source.IMPORT),
        taking_over.disputes(work.quarrels),
        taking_over.hazards(work.dangerous),
    )
    for each in done:
        if each.refused:
            raise next(iter(each.refused.values()))
    return sum(len(each.created) for each in done)


def _twenty_months(villages: Sequence[Village], chair: Any, draw: Draw) -> Drawn:
    return Drawn(
        [entry for village in villages for entry in drawn(village, draw)],
        [each for village in villages for each in disputes(village, draw)],
        [each for village in villages for each in hazards(village, chair.pk, draw)],
    )


def _verify(township: Council, chair: Any) -> None:
    """All but the last weeks; now and then one is given back, and counts nowhere."""
    waiting = Activity.objects.waiting().filter(township=township).order_by("pk")
    doubtful = waiting.filter(text="同上")
    activities.reject(dict(doubtful.values_list("pk", "version")), chair, "请写明巡查了哪里、发现了什么。")
    seen = waiting.filter(day__lte=LAST_DAY - FRESH, state=State.OPEN)
    activities.verify(dict(seen.values_list("pk", "version")), chair)


def drawn(village: Village, draw: Draw) -> Iterator[Entry]:
    """A village's share of every quota, and one inspection that its township gives back."""
    for quota in QUOTAS:
        rest = share(quota.whole, village.at, village.of)
        while rest:
            quantity = min(rest, quota.least + draw.below(quota.most - quota.least + 1))
            rest -= quantity
            yield entry(village, draw, draw.one_of(quota.kinds), quantity)
    woman, day = _when(village, draw, FIRST_DAY, LAST_DAY)
    yield Entry(village.pk, day, "inspection", [woman.pk], zone=woman.zone, text="同上")


def entry(
    village: Village, draw: Draw, kind: str, quantity: int, first: date = FIRST_DAY, last: date = LAST_DAY
) -> Entry:
    """One record of a kind, by one woman or two of them."""
    woman, day = _when(village, draw, first, last)
    what, both = kinds.KINDS[kind], [woman]
    other = draw.one_of(village.women)
    if draw.chance() < 0.15 and other != woman and other.start <= day:
        both.append(other)
    said = {each.key: draw.early(list(each.choices)) for each in what.particulars if each.choices}
    if kind == "role_model":
        said["person"] = villager(draw, "英兰芳秀梅玉华桂珍荣霞云")
    household = villager(draw, MEN) if what.household else ""
    return Entry(
        village.pk, day, kind, [each.pk for each in both], quantity, woman.zone, household,
        draw.early(PLACES) if draw.chance() < 0.3 else "", particulars=said,
    )  # fmt: skip


def disputes(village: Village, draw: Draw) -> Iterator[Settled]:
    for _one in range(share(DISPUTES, village.at, village.of)):
        yield dispute(village, draw)


def dispute(village: Village, draw: Draw, first: date = FIRST_DAY, last: date = LAST_DAY) -> Settled:
    """One that was settled within days."""
    woman, day = _when(village, draw, first, last)
    relation, case = draw.early(CASES)
    about, agreed = case
    settled = min(day + timedelta(days=draw.below(12)), last)
    return Settled(Brought(village.pk, day, relation, parties(draw, relation), [woman.pk], about), settled, agreed)


def hazards(village: Village, chair: int, draw: Draw) -> Iterator[Gone]:
    for whole, first, last in HAZARDS:
        for _one in range(share(whole, village.at, village.of)):
            severity = draw.early(["general", "general", "serious", "grave"])
            found = _found(village, draw, severity, first, last)
            yield Gone(found, list(_way(found, chair, draw, LAST_DAY)))
    for _one in range(share(MENDED, village.at, village.of)):
        yield Gone(_found(village, draw, "small", FIRST_DAY, LAST_DAY))


def hazard(village: Village, chair: int, draw: Draw, first: date, last: date, until: date) -> Gone:
    """One that was put right on the spot, or went its way `until` a day."""
    found = _found(village, draw, draw.one_of(["small", "general"]), first, last)
    return Gone(found, [] if found.severity == "small" else list(_way(found, chair, draw, until)))


def _found(village: Village, draw: Draw, severity: str, first: date, last: date) -> Found:
    woman, day = _when(village, draw, first, last)
    place = draw.early(PLACES)
    return Found(
        village.pk, day, severity, place, draw.early(dangers(severity)), [woman.pk], woman.zone, reported_on=day
    )


def _way(found: Found, chair: int, draw: Draw, last: date) -> Iterator[Done]:
    """Closed by and by; of the weeks to the last day some lie at each of the steps."""
    day, handler = found.day, draw.early(["村委会", "镇应急办", "镇村建中心", "供电所", "水利站"])
    steps = [
        Done("accept", day, chair), Done("dispatch", day, chair, handler=handler),
        Done("handle", day, None, "已处理，现场已恢复正常。"), Done("verify", day, chair), Done("close", day, chair),
    ]  # fmt: skip
    for step in steps:
        day += timedelta(days=1 + draw.below(3))
        if day > last or (found.day > last - FRESH and draw.chance() < 0.35):
            return
        yield step._replace(day=day)


def _when(village: Village, draw: Draw, first: date, last: date) -> tuple[Woman, date]:
    """A woman, and a day on which she was a member."""
    woman = draw.one_of([each for each in village.women if each.start <= last])
    start = max(first, woman.start)
    return woman, start + timedelta(days=draw.below((last - start).days + 1))


def women_of_villages() -> dict[int, list[Woman]]:
    """{village's key: its women}, in the order in which they were taken in."""
    zones = dict(ZoneAssignment.objects.filter(end=None).order_by("-pk").values_list("member", "zone"))
    found: dict[int, list[Woman]] = {}
    terms = Membership.objects.filter(end=None).order_by("village__code", "member")
    for village, member, start in terms.values_list("village", "member", "start"):
        found.setdefault(village, []).append(Woman(member, start, zones.get(member)))
    return found
