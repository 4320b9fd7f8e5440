"""One of several who write work at once: `python -m tests.races.press_work make`, then with a seed.

`make` fills an empty county with two townships of two villages; with a seed a row of deeds by chance is done: entering
(one record, or many over all villages), mending, verifying, giving back. It prints how many were done.
"""

import os
import sys
from datetime import date, timedelta
from random import Random

os.environ.setdefault("DJANGO_SETTINGS_MODULE", "cunsao.settings")

import django

django.setup()

from django.db import transaction  # noqa: E402

from councils.models import Council  # noqa: E402
from members.models import Membership  # noqa: E402
from reports import activities, totals  # noqa: E402
from reports.entering import Entry  # noqa: E402
from reports.models import Activity, State  # noqa: E402
from tests.factories import make_member, make_township, villages_of  # noqa: E402

DEEDS, KINDS = 15, ("inspection", "elderly", "child")
FIRST = date(2022, 7, 1)


def make() -> None:
    for _township in range(2):
        for village in villages_of(make_township(villages=2)):
            make_member(village)


def press(seed: int) -> int:
    draw, done = Random(seed), 0
    women = dict(Membership.objects.values_list("village", "member"))
    assert Council.objects.count() == 7
    for _deed in range(DEEDS):
        deed = draw.choice(["one", "many", "change", "verify", "reject", "together"])
        try:
            done += _do(deed, draw, women)
        except activities.WorkRefused:  # somebody else was faster
            continue
    return done


def _do(deed: str, draw: Random, women: dict[int, int]) -> int:
    if deed in ("one", "many"):
        villages = [draw.choice(list(women))] if deed == "one" else draw.sample(list(women), len(women))
        activities.record_many([_entry(each, women[each], draw) for each in villages], None)
        return 1
    waiting = Activity.objects.exclude(state=State.VERIFIED).order_by("?")
    one = waiting.first()
    if one is None:
        return 0
    if deed == "change":
        activities.change(one, None, one.version, quantity=draw.randint(1, 9), day=_day(draw), kind=draw.choice(KINDS))
    elif deed == "verify":
        activities.verify({each.pk: each.version for each in waiting[:3]}, None)
    elif deed == "reject":
        activities.reject({each.pk: each.version for each in waiting[:3]}, None, "不实")
    else:  # several deeds of one transaction, as a list that is taken in has them
        with transaction.atomic(), totals.together():
            for village in draw.sample(list(women), 3):
                activities.record_many([_entry(village, women[village], draw)], None)
    return 1


def _entry(village: int, member: int, draw: Random) -> Entry:
    return Entry(village, _day(draw), draw.choice(KINDS), [member], draw.randint(1, 9))


def _day(draw: Random) -> date:
    return FIRST + timedelta(days=draw.randint(0, 61))


if __name__ == "__main__":
    if sys.argv[1] == "make":
        make()
    else:
        sys.stdout.write(f"{press(int(sys.argv[1]))}\n")
