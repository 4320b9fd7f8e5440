"""What the invented women did in the two years before today, so that today's pages have months to tell of and to
compare: a few records a village and month, and what lay open on the published day is done with.

All of it lies after that day, so that no published figure counts any of it.
"""

from collections.abc import Iterator, Sequence
from datetime import date, timedelta
from typing import Any

from django.db import transaction
from django.utils import timezone

from councils.models import Council, Level
from cunsao import months
from reports import activities, hazards
from reports.demo import work
from reports.demo.ledgers import LAST_DAY
from reports.demo.people import Draw
from reports.demo.work import Village
from reports.models import Activity, Hazard, Source

MONTHS = 24  # and this one until today
KINDS = (  # the more often it is done, the further to the front it stands, with how much one record has at most
    ("elderly", 6), ("policy_visit", 12), ("child", 6), ("inspection", 2), ("policy_reach", 40), ("feast", 1),
    ("vaccination", 8), ("courtyard", 1), ("wedding", 1), ("funeral", 1), ("civil_family", 1),
)  # fmt: skip
RARE = 0.1  # of villages have a dispute in a month, and as many a hazard
ONWARD = {
    state: deed for deed in ("accept", "dispatch", "handle", "verify", "close") for state in hazards.STEPS[deed].before
}


def load(chairs: dict[int, Any], seed: int) -> int:
    """Township after township, each in a transaction of its own; one that has such work already is left as it is.

    Returns how many records came of it.
    """
    today, made = timezone.localdate(), 0
    spans = list(_spans(today))
    if not spans:
        return 0
    later = Activity.objects.filter(source=Source.IMPORT, recorded_by=None, day__gt=LAST_DAY)
    known = set(later.order_by().values_list("township", flat=True).distinct())
    women = work.women_of_villages()
    for number, township in enumerate(Council.objects.at_level(Level.TOWNSHIP).exclude(pk__in=known)):
        here = list(Council.objects.filter(parent=township, pk__in=women))
        villages = [Village(each.pk, women[each.pk], at, len(here)) for at, each in enumerate(here)]
        with transaction.atomic():
            _finish(township, chairs[township.pk])
            made += work.take_in(_drawn(villages, spans, chairs[township.pk], Draw(seed + 2000 + number)))
            waiting = Activity.objects.waiting().filter(township=township, day__lte=today - work.FRESH)
            activities.verify(dict(waiting.values_list("pk", "version")), chairs[township.pk])
    return made


def _spans(today: date) -> Iterator[tuple[date, date]]:
    """First and last day of each month until today, those alone that came after the published table."""
    for month in months.span(date(today.year - MONTHS // 12, today.month, 1), months.first(today)):
        if month > LAST_DAY:
            yield month, min(months.last_day(month), today)


def _drawn(villages: Sequence[Village], spans: Sequence[tuple[date, date]], chair: Any, draw: Draw) -> work.Drawn:
    entries, quarrels, dangerous = [], [], []
    for village in villages:
        for first, last in spans:
            for _each in range(1 + draw.below(3)):
                kind, most = draw.early(KINDS)
                entries.append(work.entry(village, draw, kind, 1 + draw.below(most), first, last))
            if draw.chance() < RARE:
                quarrels.append(work.dispute(village, draw, first, last))
            if draw.chance() < RARE:
                dangerous.append(work.hazard(village, chair.pk, draw, first, last, spans[-1][1]))
    return work.Drawn(entries, quarrels, dangerous)


def _finish(township: Council, chair: Any) -> None:
    """What was on its way on the published day was done with in the weeks after it."""
    for each in Hazard.objects.open().filter(township=township, day__lte=LAST_DAY).order_by("pk"):
        hazard, day = each, LAST_DAY
        while deed := ONWARD.get(hazard.state):
            day += timedelta(days=2)
            by = None if deed == "handle" else chair
            handler = "镇应急办" if deed == "dispatch" else ""
            hazard = hazards.take(hazard, deed, hazard.version, by, "已处理，现场已恢复正常。", handler, day)
