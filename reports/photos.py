"""Photos of what was done: drawn anew, kept privately, six at most, each stored once however often it is sent."""

import hashlib
import io
from collections.abc import Sequence
from typing import Any, BinaryIO
from uuid import UUID, uuid5

from django.db import models
from django.utils.translation import gettext as _
from PIL import Image

from cunsao import locks, pictures, private_files
from reports.models import Activity, Photo, State
from reports.models.photo import MOST_PHOTOS
from reports.refusing import WorkRefused, out_of_scope, refuse_without, sent_before

__all__ = ["WorkRefused", "file_of", "keep", "keep_all", "take_away"]

LONGEST = 1280  # pixels: what stands on a notice can be read, some 200 kB
FOLDER = "activities"
ADD, MEND = "reports.add_photo", "reports.change_activity"


def keep(activity: Activity, file: BinaryIO, by: Any, client_key: UUID | None = None) -> Photo:
    """One photo more of a record that is not verified; sent again with its key, it is the one that was stored.

    Raises pictures.PictureRefused for what is no picture, WorkRefused: not_allowed, out_of_scope, verified, too_many,
    sent_by_another.
    """
    refuse_without(by, ADD)
    picture = pictures.clean(file, LONGEST)
    digest, seen = hashlib.sha256(picture).hexdigest(), look_of(picture)
    with locks.exclusive("photos"):
        if (before := sent_before(Photo, client_key, by)) is not None:
            stored: Photo = before
            return stored
        now = _open_record(activity, by)
        taken = set(now.photos.values_list("place", flat=True))
        free = next((place for place in range(1, MOST_PHOTOS + 1) if place not in taken), None)
        if free is None:
            raise WorkRefused("too_many", _("An activity has six photos at most."), "photos")
        with private_files.stored(picture, FOLDER, "jpg") as name:
            made: Photo = Photo.objects.create(
                activity=now, place=free, file=name, digest=digest, look=seen, client_key=client_key, recorded_by=by
            )
            _seen_anew(now)
    return made


def keep_all(activity: Activity, files: Sequence[Any], by: Any, sent: UUID) -> list[str]:
    """The photos of a form that was sent under the key `sent`, however often; why one was not taken, with its name.

    A photo that is refused holds back no other, and not the record.
    """
    faults = []
    for number, file in enumerate(files, 1):
        try:
            keep(activity, file, by, uuid5(sent, str(number)))
        except pictures.PictureRefused as refusal:
            faults.append(f"{file.name}: {refusal.message}")
        except WorkRefused as refusal:
            faults.append(f"{file.name}: {refusal}")
    return faults


def take_away(photo: Photo, by: Any) -> None:
    """The photo of a record that is not verified goes, its row and its file. Raises WorkRefused."""
    refuse_without(by, MEND)
    with locks.exclusive("photos"):
        found = Photo.objects.select_related("activity").filter(pk=photo.pk).first()
        if found is None:
            return
        now = _open_record(found.activity, by)
        private_files.discard(found.file)
        found.delete()
        _seen_anew(now)


def file_of(pk: int, user: Any) -> str:
    """The name of a photo's file, for private_files.photo; empty if there is none that `user` may see."""
    found = Photo.objects.visible_to(user).filter(pk=pk).values_list("file", flat=True).first()
    return found or ""


def look_of(picture: bytes) -> str:
    """What is to be seen, in 64 bits: whether each of 8 × 8 patches is brighter than its neighbour on the right.

    Made smaller, the same picture has nearly the same; "" for one of a single colour, which says nothing.
    """
    with Image.open(io.BytesIO(picture)) as opened:
        small = opened.convert("L").resize((9, 8), Image.Resampling.BOX)
    light = list(small.tobytes())
    brighter = [light[row * 9 + at] > light[row * 9 + at + 1] for row in range(8) for at in range(8)]
    return f"{sum(1 << at for at, bit in enumerate(brighter) if bit):016x}" if any(brighter) else ""


def _open_record(activity: Activity, by: Any) -> Activity:
    visible = Activity.objects.all() if by is None else Activity.objects.visible_to(by)
    now: Activity | None = visible.filter(pk=activity.pk).first()
    if now is None:
        raise out_of_scope()
    if now.state == State.VERIFIED:
        raise WorkRefused("verified", _("This was verified and stays as it is. Enter what is missing anew."))
    return now


def _seen_anew(activity: Activity) -> None:
    """Who looked at the record before does not verify what she did not see."""
    Activity.objects.filter(pk=activity.pk).update(version=models.F("version") + 1)
