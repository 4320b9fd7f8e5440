"""Looking closer: records of a village's month drawn by chance, and what was entered or photographed twice."""

import hashlib
import secrets
from collections.abc import Sequence
from datetime import date, timedelta
from typing import Any

from django.db import IntegrityError, transaction
from django.db.models import QuerySet
from django.utils.translation import gettext as _

from councils.models import Council
from cunsao import months
from reports.models import Activity, Photo, Sample
from reports.refusing import WorkRefused, refuse_without, village_for

__all__ = ["WorkRefused", "again", "draw", "drawn", "same_photos", "same_texts"]

DRAW = "reports.add_sample"
SIZE = 5  # records of a village and month
LOOK_BACK = timedelta(days=366)  # the same text a year ago is told too
ALIKE = 5  # of 64 bits may differ in a picture that was made smaller or sent through a chat


def draw(village: Council, month: date, by: Any, size: int = SIZE) -> Sample:
    """The sample of a village's month. The first draw takes a seed by chance and enters it in the trail; it stays.

    What was entered after the draw is not in it. Raises WorkRefused: not_allowed, out_of_scope, empty.
    """
    refuse_without(by, DRAW)
    place, month = village_for(by, village.pk), months.first(month)
    found: Sample | None = Sample.objects.filter(village=place, month=month).first()
    if found is not None:
        return found
    keys = _population(place, month)
    if not keys:
        raise WorkRefused("empty", _("Nothing was entered for this month."))
    seed = secrets.token_hex(8)
    try:
        with transaction.atomic():
            made: Sample = Sample.objects.create(
                village=place, month=month, seed=seed, drawn_from=len(keys), last=keys[-1],
                activities=drawn(keys, seed, size), drawn_by=by,
            )  # fmt: skip
            return made
    except IntegrityError:  # somebody drew it at the same moment
        return Sample.objects.get(village=place, month=month)


def drawn(keys: Sequence[int], seed: str, size: int = SIZE) -> list[int]:
    """Which of `keys` the seed draws: the same ones for ever, on any machine."""
    return sorted(keys, key=lambda key: hashlib.sha256(f"{seed}:{key}".encode()).digest())[:size]


def again(sample: Sample) -> bool:
    """Whether the draw comes out the same today; not where a record was moved into or out of the month since."""
    keys = [key for key in _population(sample.village, sample.month) if key <= sample.last]
    return drawn(keys, sample.seed, len(sample.activities)) == sample.activities


def same_texts(activities: Sequence[Activity], by: Any) -> dict[int, list[int]]:
    """{key: keys of others of the same village within a year with the same words}, of what `by` sees; one query.

    Nothing for texts too short to tell.
    """
    prints = {each.text_print for each in activities if each.text_print}
    villages = {each.village_id for each in activities}
    others = _seen(Activity.objects.all(), by).filter(village__in=villages, text_print__in=prints).order_by("pk")
    listed = list(others.values_list("pk", "village", "text_print", "day")) if prints else []
    found: dict[int, list[int]] = {}
    for each in activities:
        same = [
            pk for pk, village, text, day in listed
            if pk != each.pk and (village, text) == (each.village_id, each.text_print)
            and abs(day - each.day) <= LOOK_BACK
        ]  # fmt: skip
        if same:
            found[each.pk] = same
    return found


def same_photos(activities: Sequence[Activity], by: Any) -> dict[int, list[int]]:
    """{key: keys of other activities that `by` sees with the same picture}; three queries.

    The very same is found wherever it is, one that was made smaller within the village.
    """
    own = list(Photo.objects.filter(activity__in=[each.pk for each in activities]).select_related("activity"))
    if not own:
        return {}
    photos = _seen(Photo.objects.all(), by).order_by("activity")
    columns = ("activity", "activity__village", "digest", "look")
    rows = set(photos.filter(digest__in={each.digest for each in own}).values_list(*columns))
    villages = {each.activity.village_id for each in own}
    rows |= set(photos.filter(activity__village__in=villages).exclude(look="").values_list(*columns))
    listed = [(key, village, digest, int(look or "0", 16)) for key, village, digest, look in sorted(rows)]
    found: dict[int, set[int]] = {}
    for each in own:
        look, village = int(each.look or "0", 16), each.activity.village_id
        found.setdefault(each.activity_id, set()).update(
            key for key, place, digest, other in listed
            if key != each.activity_id
            and (digest == each.digest or (look and place == village and (look ^ other).bit_count() <= ALIKE))
        )  # fmt: skip
    return {key: sorted(others) for key, others in found.items() if others}


def _population(village: Council, month: date) -> list[int]:
    there = Activity.objects.filter(village=village, day__range=(month, months.last_day(month)))
    return list(there.order_by("pk").values_list("pk", flat=True))


def _seen(rows: Any, by: Any) -> QuerySet[Any]:
    found: QuerySet[Any] = rows if by is None else rows.visible_to(by)
    return found
