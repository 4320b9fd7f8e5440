import pytest
from django.contrib.auth.models import AnonymousUser

from councils.models import Change, Council, FormerName, User, Zone
from councils.scope import ScopedQuerySet
from tests.factories import make_account, make_chair, make_county, make_staff, make_township, make_village

pytestmark = pytest.mark.django_db
SCOPED = [Council, Zone, User, Change]


@pytest.fixture
def two():
    """Two townships of one county, and a third in another."""
    county = make_county()
    townships = [make_township(county, villages=2, zones_each=1), make_township(county, villages=1, zones_each=2)]
    make_township(make_county(), villages=1, zones_each=1)
    return townships


def test_a_chair_sees_her_township_and_what_lies_below(two):
    own, _neighbour = two
    chair = make_chair(own)
    assert set(Council.objects.visible_to(chair)) == {own, *own.children.all()}
    assert set(Zone.objects.visible_to(chair)) == set(Zone.objects.filter(village__parent=own))
    assert set(User.objects.visible_to(chair)) == {chair}


def test_a_village_president_sees_her_village_alone(two):
    village = two[0].children.first()
    president = make_account(village, "village_president")
    assert list(Council.objects.visible_to(president)) == [village]
    assert set(Zone.objects.visible_to(president)) == set(village.zones.all())


def test_the_county_sees_all_of_its_own_and_nothing_of_another(two):
    staff = make_staff(two[0].parent)
    assert set(Council.objects.visible_to(staff)) == set(Council.objects.filter(code__startswith=two[0].parent.code))


@pytest.mark.parametrize("model", SCOPED)
def test_who_is_not_signed_in_sees_nothing(two, model):
    assert not model.objects.visible_to(AnonymousUser()).exists()


@pytest.mark.parametrize("model", SCOPED)
def test_a_closed_account_sees_nothing(two, model):
    chair = make_chair(two[0])
    chair.is_active = False
    assert not model.objects.visible_to(chair).exists()


def test_a_model_without_a_rule_is_invisible(two, monkeypatch):
    chair = make_chair(two[0])
    monkeypatch.delattr(Zone, "council_path")
    assert not Zone.objects.visible_to(chair).exists()


def test_sight_does_not_hang_on_the_numbers_for_drawing(two):
    own, _neighbour = two
    chair = make_chair(own)
    before = set(Council.objects.visible_to(chair))
    Council.objects.update(lft=1, rght=9999, tree_id=1, depth=0)
    assert set(Council.objects.visible_to(chair)) == before


def test_every_scoped_manager_knows_the_door():
    assert all(isinstance(model.objects.all(), ScopedQuerySet) for model in [*SCOPED, FormerName])


def test_sight_costs_one_query(two, django_assert_num_queries):
    chair = make_chair(two[0])
    make_village(two[0])
    with django_assert_num_queries(1):
        list(Zone.objects.visible_to(chair))
