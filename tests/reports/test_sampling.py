from datetime import date, timedelta

import pytest

from councils.models import Change
from reports.models import Photo, Sample
from reports.sampling import WorkRefused, again, draw, drawn, same_photos, same_texts
from tests.factories import WORKED, make_account, make_activity, make_chair, make_staff, make_township, make_village

pytestmark = pytest.mark.django_db
MONTH = date(2022, 8, 1)
SAID = "上门看望了王大爷，帮他打扫院子，买了米和油。"


@pytest.fixture
def village():
    return make_village()


@pytest.fixture
def chair(village):
    return make_chair(village.parent)


def photographed(village, digest="", look="", **said):
    made = make_activity(village, **said)
    Photo.objects.create(activity=made, place=1, file=f"{made.pk}.jpg", digest=digest or f"{made.pk:064}", look=look)
    return made


def test_a_draw_stays_and_its_seed_is_in_the_trail(village, chair):
    for _each in range(12):
        make_activity(village)
    make_activity(village, day=WORKED + timedelta(days=31))
    sample = draw(village, WORKED, chair)
    assert (sample.month, len(sample.activities), sample.drawn_from) == (MONTH, 5, 12)
    assert draw(village, MONTH, make_staff()) == sample
    entry = Change.objects.get(record="reports.sample")
    assert entry.fields["seed"] == [None, sample.seed]
    make_activity(village)
    assert again(sample)
    assert Sample.objects.visible_to(make_account(village)).get() == sample


def test_a_seed_draws_the_same_records_everywhere():
    keys = range(1, 30)
    assert drawn(keys, "00ff00ff00ff00ff") == [19, 10, 3, 23, 11] == drawn(keys[::-1], "00ff00ff00ff00ff")
    assert drawn(keys, "00ff00ff00ff00fe") != drawn(keys, "00ff00ff00ff00ff")
    assert drawn([7], "a", 5) == [7]


def test_nobody_draws_who_may_not(village, chair):
    make_activity(village)
    for code, user in (("not_allowed", make_account(village)), ("out_of_scope", make_chair(make_township()))):
        with pytest.raises(WorkRefused) as told:
            draw(village, MONTH, user)
        assert told.value.code == code
    with pytest.raises(WorkRefused) as told:
        draw(village, date(2022, 9, 1), chair)
    assert told.value.code == "empty"


def test_the_same_words_are_told(village, chair):
    first = make_activity(village, text=SAID)
    second = make_activity(village, text=SAID.replace("，", " ").replace("。", "!!"))
    other = make_activity(village, text="上门看望了李大爷")
    make_activity(village, text="好")
    short = make_activity(village, text="好")
    make_activity(make_village(village.parent), text=SAID)
    old = make_activity(village, text=SAID, day=date(2022, 1, 1))
    assert same_texts([first, other, short], chair) == {first.pk: [second.pk, old.pk]}


def test_the_same_picture_is_told_as_far_as_one_sees(village, chair):
    first = photographed(village, digest="a" * 64, look="00000000000000ff")
    whole = photographed(make_village(village.parent), digest="a" * 64)
    smaller = photographed(village, look="00000000000010f7")
    elsewhere = photographed(make_village(make_township()), digest="a" * 64)
    photographed(village, look="0000000000ffff00")
    photographed(make_village(village.parent), look="00000000000000ff")
    assert same_photos([first], chair) == {first.pk: [whole.pk, smaller.pk]}
    assert same_photos([first], make_staff()) == {first.pk: [whole.pk, smaller.pk, elsewhere.pk]}
    assert same_photos([make_activity(village)], chair) == {}
