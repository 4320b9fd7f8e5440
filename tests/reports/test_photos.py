import io
import uuid
from random import Random

import pytest
from django.core.files.storage import default_storage
from PIL import Image

from cunsao.pictures import PictureRefused
from reports.activities import verify
from reports.models import Photo
from reports.photos import WorkRefused, file_of, keep, look_of, take_away
from reports.sampling import same_photos
from tests.factories import make_account, make_activity, make_chair, make_staff, make_township, make_village

pytestmark = pytest.mark.django_db


def picture(size=(900, 600), seed=1, **options):
    """Patches of light and shade, others with another seed."""
    draw = Random(seed)
    drawn = Image.new("L", (7, 5))
    drawn.putdata([draw.randrange(256) for _patch in range(35)])
    out = io.BytesIO()
    drawn.resize(size, Image.Resampling.BILINEAR).convert("RGB").save(out, "JPEG", **options)
    return io.BytesIO(out.getvalue())


@pytest.fixture
def village():
    return make_village()


@pytest.fixture
def president(village):
    return make_account(village)


@pytest.fixture
def activity(village, president):
    return make_activity(village, by=president)


def refused(code, deed, *arguments, **named):
    with pytest.raises(WorkRefused) as told:
        deed(*arguments, **named)
    assert told.value.code == code, (told.value.code, str(told.value))


def test_a_photo_is_kept_without_its_place_and_seen_by_who_may(village, activity, president):
    told = Image.Exif()
    told.get_ifd(0x8825).update({1: "N", 2: (32.0, 37.0, 30.0)})
    photo = keep(activity, picture(exif=told), president)
    with default_storage.open(photo.file) as file, Image.open(file) as stored:
        assert not stored.getexif()
        assert stored.size == (900, 600)
    assert [file_of(photo.pk, user) for user in (president, make_chair(village.parent))] == [photo.file] * 2
    assert file_of(photo.pk, make_account(make_village(village.parent))) == ""
    assert file_of(photo.pk, make_chair(make_township())) == ""


def test_twice_sent_is_once_stored_and_six_are_enough(activity, president):
    key = uuid.uuid4()
    assert keep(activity, picture(), president, key) == keep(activity, picture(), president, key)
    for _each in range(5):
        keep(activity, picture(), president)
    refused("too_many", keep, activity, picture(), president)
    take_away(Photo.objects.get(place=3), president)
    assert keep(activity, picture(), president).place == 3


def test_what_is_no_picture_is_told_and_not_kept(activity, president):
    with pytest.raises(PictureRefused):
        keep(activity, io.BytesIO(b"GIF89a no picture"), president)
    assert not Photo.objects.exists()


def test_a_verified_record_keeps_its_photos_and_what_was_not_seen_is_not_verified(village, activity, president):
    chair = make_chair(village.parent)
    photo = keep(activity, picture(), president)
    assert verify({activity.pk: 1}, chair).overtaken == [activity.pk]
    assert verify({activity.pk: 2}, chair).done == [activity.pk]
    refused("verified", keep, activity, picture(), president)
    refused("verified", take_away, photo, president)


def test_nobody_adds_or_takes_away_elsewhere(village, activity, president):
    photo = keep(activity, picture(), president)
    stranger = make_account(make_village(village.parent))
    refused("out_of_scope", keep, activity, picture(), stranger)
    refused("out_of_scope", take_away, photo, stranger)
    refused("not_allowed", keep, activity, picture(), make_staff(role="auditor"))


def test_the_file_goes_with_its_row(activity, president, django_capture_on_commit_callbacks):
    photo = keep(activity, picture(), president)
    with django_capture_on_commit_callbacks(execute=True):
        take_away(photo, president)
        take_away(photo, president)
    assert not default_storage.exists(photo.file)
    assert not Photo.objects.exists()


def test_the_same_picture_made_smaller_is_told(village, activity, president):
    keep(activity, picture(), president)
    smaller, other = make_activity(village, by=president), make_activity(village, by=president)
    keep(smaller, picture((450, 300), quality=60), president)
    keep(other, picture(seed=2), president)
    assert same_photos([activity, other], president) == {activity.pk: [smaller.pk]}


def test_a_picture_of_one_colour_looks_like_nothing():
    out = io.BytesIO()
    Image.new("RGB", (300, 200), "white").save(out, "JPEG")
    assert look_of(out.getvalue()) == ""
