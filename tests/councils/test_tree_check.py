import pytest
from django.core.management import CommandError, call_command
from django.db import connection

from councils.models import Council
from councils.tree_check import faults
from tests.factories import make_county, make_township

pytestmark = pytest.mark.django_db


@pytest.fixture
def township():
    return make_township(villages=3)


@pytest.mark.parametrize(
    "tear",
    [
        {"lft": 1},
        {"rght": 99},
        {"depth": 7},
        {"tree_id": 4711},
    ],
    ids=str,
)
def test_a_tear_is_told_and_mended(township, tear, capsys):
    village = township.children.last()
    Council.objects.filter(pk=village.pk).update(**tear)
    with pytest.raises(CommandError):
        call_command("check_tree")
    assert village.code in capsys.readouterr().out
    call_command("check_tree", "--repair")
    assert list(faults()) == []


def test_two_counties_drawn_as_one_are_parted(township):
    other = make_county()
    Council.objects.filter(pk=other.pk).update(tree_id=township.tree_id)
    assert any(other.code in fault or township.code[:6] in fault for fault in faults())
    call_command("check_tree", "--repair")
    assert list(faults()) == []


def test_a_whole_tree_is_said_to_be_whole(township, capsys):
    call_command("check_tree")
    assert capsys.readouterr().out.strip()


def test_a_node_that_lost_its_place_is_told(township):
    """The database refuses it; a copy brought in from elsewhere might not have."""
    village = township.children.first()
    with connection.constraint_checks_disabled(), connection.cursor() as cursor:
        if connection.vendor == "sqlite":
            cursor.execute("PRAGMA ignore_check_constraints = ON")
        else:
            cursor.execute("SET CONSTRAINTS ALL IMMEDIATE")
            cursor.execute("ALTER TABLE councils_council DROP CONSTRAINT code_begins_with_parents")
        cursor.execute("UPDATE councils_council SET parent_code = NULL WHERE id = %s", [village.pk])
        if connection.vendor == "sqlite":
            cursor.execute("PRAGMA ignore_check_constraints = OFF")
    assert any(village.code in fault for fault in faults())
