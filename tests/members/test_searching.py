import importlib

import pytest
from django.apps import apps
from django.db import connection

from members.models import Member
from members.searching import by_number
from tests.factories import make_account, make_member, make_township, make_village

pytestmark = pytest.mark.django_db


@pytest.mark.parametrize(
    "words", ["王小梅", "小梅", "wangxiaomei", "wangx", "wxm", "WXM", "wx 梅", "wang xiao mei", "Wang Xiao", "mei"]
)
def test_a_name_is_found_by_its_characters_pinyin_and_initials(words):
    member = make_member(make_village(), name="王小梅")
    make_member(make_village(), name="李桂兰")
    assert list(Member.objects.found_by(words)) == [member]


def test_names_stand_in_the_order_of_their_syllables():
    village = make_village()
    for name in ("程玉", "陈桂梅", "成兰", "陈梅"):
        make_member(village, name=name)
    assert [each.name for each in Member.objects.all()] == ["陈桂梅", "陈梅", "成兰", "程玉"]


def test_names_that_were_there_before_are_spelt_by_the_migration():
    member = make_member(make_village(), name="单小梅")
    Member.objects.filter(pk=member.pk).update(syllables="")
    migration = importlib.import_module("members.migrations.0003_syllables_to_sort_by")
    migration.spell(apps, connection.schema_editor())
    assert Member.objects.get(pk=member.pk).syllables == "shan xiao mei"


@pytest.mark.parametrize("name", ["national_id", "phone"])
def test_a_whole_number_finds_and_a_part_does_not(name):
    village = make_village()
    member = make_member(village)
    make_member(village)
    user = make_account(village)
    whole = getattr(member, name).clear
    assert list(by_number(user, whole)) == [member]
    assert list(by_number(user, f" {whole[:3]} {whole[3:]} ")) == [member]
    assert not by_number(user, whole[:-1])
    assert not by_number(user, "")


def test_a_number_of_the_neighbour_finds_nobody():
    member = make_member(make_village())
    chair = make_account(make_township())
    assert not by_number(chair, member.national_id.clear)
    assert not by_number(chair, member.phone.clear)
