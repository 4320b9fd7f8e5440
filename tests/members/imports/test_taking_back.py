import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.utils import timezone

from councils import intake
from councils.models import Change, Zone
from members.models import Member, Post, ZoneAssignment
from tests.factories import make_member, make_township, make_village, make_zone
from tests.members.lists import HEADER, imported, person

pytestmark = pytest.mark.django_db


@pytest.fixture
def village():
    return make_village(make_township(name="江口镇"), name="振兴村委会")


def anew(row, **said):
    """The same woman with other words."""
    given = dict(zip(("phone", "zone", "position"), row[4:], strict=True)) | said
    return person(row[0], row[1], row[2], number=row[3], **given)


def zones_of(name):
    held = ZoneAssignment.objects.filter(member__name=name, end=None).order_by("zone__name")
    return list(held.values_list("zone__name", flat=True))


def test_taking_back_more_rows_costs_no_more_queries(village):
    counted = []
    for size in (1, 3):
        rows = [person("江口镇", "振兴村", zone=f"第{size}网格", position="理事") for _each in range(size)]
        imported([HEADER, *rows])
        changed = [anew(row, phone="13900000000", zone=f"第{size + 4}网格", position="骨干会员") for row in rows]
        batch = imported([HEADER, *changed, person("江口镇", "振兴村")]).batch
        with CaptureQueriesContext(connection) as asked:
            assert intake.undo(batch, None) == []
        counted.append(len(asked))
    assert counted[0] == counted[1]


def test_presidents_who_changed_places_change_back(village):
    first, second = person("江口镇", "振兴村", "王小梅", position="会长"), person("江口镇", "振兴村", "李秀英")
    imported([HEADER, first, second])
    batch = imported([HEADER, anew(second, position="会长"), anew(first, position="理事")]).batch
    assert intake.undo(batch, None) == []
    held = dict(Post.objects.filter(end=None).values_list("member__name", "position"))
    assert held == {"王小梅": "president", "李秀英": "member"}


def test_who_lost_her_post_to_another_since_is_left_and_named(village):
    first = person("江口镇", "振兴村", "王小梅", position="会长")
    imported([HEADER, first])
    batch = imported([HEADER, anew(first, position="理事")]).batch
    imported([HEADER, person("江口镇", "振兴村", "李秀英", position="会长")])
    assert intake.undo(batch, None) == ["王小梅"]
    held = dict(Post.objects.filter(end=None).values_list("member__name", "position"))
    assert held == {"王小梅": "director", "李秀英": "president"}


def test_whose_zone_another_leads_since_is_left_and_named(village):
    row = person("江口镇", "振兴村", "王小梅", zone="东网格")
    imported([HEADER, row])
    batch = imported([HEADER, anew(row, zone="西网格")]).batch
    imported([HEADER, person("江口镇", "振兴村", "李秀英", zone="东网格")])
    assert intake.undo(batch, None) == ["王小梅"]
    assert zones_of("王小梅") == ["西网格"]


def test_zones_that_the_list_opened_are_dissolved(village):
    standing = make_zone(village, name="东网格")
    batch = imported([HEADER, person("江口镇", "振兴村", zone="东网格、西网格")]).batch
    intake.undo(batch, None)
    closed = dict(Zone.objects.values_list("name", "closed"))
    assert closed == {"东网格": None, "西网格": timezone.localdate()}
    assert not ZoneAssignment.objects.exists()
    assert Change.objects.filter(record="councils.zone", action="changed").exclude(record_id=standing.pk).exists()


def test_zones_that_others_look_after_or_edited_since_stay(village):
    batch = imported([HEADER, person("江口镇", "振兴村", zone="东网格、西网格、南网格")]).batch
    ZoneAssignment.objects.create(
        member=make_member(village), zone=Zone.objects.get(name="东网格"), start=timezone.localdate()
    )
    edited = Zone.objects.get(name="西网格")
    edited.bounds = "河以西"
    edited.save()
    intake.undo(batch, None)
    assert dict(Zone.objects.values_list("name", "closed")) == {
        "东网格": None, "西网格": None, "南网格": timezone.localdate(),
    }  # fmt: skip
    assert Member.objects.count() == 1
