import pytest
from django.contrib.auth.models import Group
from django.core.exceptions import ValidationError

from councils.roles import ROLES, granted
from tests.factories import make_account, make_county, make_township, make_village

pytestmark = pytest.mark.django_db
RESHAPING = ["councils.add_council", "councils.reshape_council"]


def test_every_role_is_a_group_with_the_rights_of_the_table():
    for name in ROLES:
        stored = {
            f"{each.content_type.app_label}.{each.codename}"
            for each in Group.objects.get(name=name).permissions.select_related("content_type")
        }
        assert stored == granted(name)


def test_nobody_may_delete_anything():
    assert not [grant for name in ROLES for grant in granted(name) if ".delete_" in grant]


@pytest.mark.parametrize("role", ["county_finance", "township_chair", "village_president", "auditor"])
def test_only_the_county_reshapes_the_tree(role):
    assert not granted(role) & set(RESHAPING)


def test_only_the_system_administrator_opens_accounts():
    assert [name for name in ROLES if "councils.add_user" in granted(name)] == ["system_administrator"]


def test_an_auditor_changes_nothing():
    assert all(grant.partition(".")[2].startswith("view_") for grant in granted("auditor"))


def test_a_closed_account_has_no_right_left():
    account = make_account(make_county(), "county_staff")
    account.is_active = False
    assert not account.has_perm("councils.view_council")
    assert not account.has_module_perms("councils")


def test_a_role_belongs_to_its_level_of_council():
    county = make_county()
    township = make_township(county)
    village = make_village(township)
    fitting = {(role, place.level) for role in ROLES for place in (county, township, village) if _fits(place, role)}
    assert fitting == {(role, level) for role in ROLES for level in ROLES[role].levels if level != "community"}


def _fits(place, role):
    try:
        make_account(place, role)
    except ValidationError:
        return False
    return True
