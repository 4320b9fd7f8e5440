from datetime import date

import pytest

from councils import tree
from councils.matching import Ambiguous, NotFound, OutOfScope, Places
from councils.models import Level
from tests.factories import make_account, make_county, make_township, make_village

pytestmark = pytest.mark.django_db


@pytest.fixture
def township():
    return make_township(make_county(name="颍上县"), name="江口镇")


@pytest.fixture
def village(township):
    return make_village(township, name="陈桥村委会")


@pytest.mark.parametrize(
    "said",
    [
        "陈桥村委会",
        "陈桥村",
        "陈桥村民委员会",
        "陈桥",
        "陳橋村",
        " 陈 桥 村 ",
        "江口镇陈桥村",
        "颍上县江口镇陈桥村",
        "陈桥行政村",
        "陈桥村(社区)",
    ],
)
def test_a_village_is_found_however_it_is_written(village, said):
    assert Places().find(said) == village


@pytest.mark.parametrize("said", ["陈桥社区居民委员会", "陈桥居委会", "陈桥社区", "陈桥"])
def test_a_community_is_found_by_its_endings(township, said):
    made = tree.carry_out(tree.Create(Level.COMMUNITY, f"{township.code}001", "陈桥社区居委会"))
    assert Places().find(said) == made


@pytest.mark.parametrize("said", ["江口镇", "江口", "江口乡", "江口镇人民政府"])
def test_a_township_is_found_among_townships(township, said):
    assert Places().find(said, levels=[Level.TOWNSHIP]) == township


def test_a_code_is_a_name(village):
    assert Places().find(village.code) == village


def test_what_nobody_is_called_names_what_looks_alike(village):
    with pytest.raises(NotFound) as found:
        Places().find("陈乔村委会")
    assert found.value.near == ["陈桥村委会"]


def test_one_name_in_two_townships_needs_the_township(village, township):
    other = make_village(make_township(name="谢桥镇"), name="陈桥村委会")
    with pytest.raises(Ambiguous) as found:
        Places().find("陈桥村")
    assert set(found.value.which) == {village, other}
    assert Places().find("陈桥村", township) == village
    assert Places(make_account(township)).find("陈桥村") == village


def test_another_township_is_out_of_scope_and_names_nothing(village):
    places = Places(make_account(make_township(name="谢桥镇")))
    with pytest.raises(OutOfScope):
        places.find("陈桥村")
    with pytest.raises(NotFound) as found:
        places.find("陈乔村")
    assert found.value.near == []


def test_a_merged_village_answers_as_the_one_it_went_into(village, township):
    kept = make_village(township, name="李庄村委会")
    tree.carry_out(tree.Merge(village.code, kept.code, date(2024, 1, 1)))
    assert Places().find("陈桥村") == kept


def test_looking_up_costs_two_queries_whatever_is_asked(village, django_assert_num_queries):
    with django_assert_num_queries(2):
        places = Places()
        for said in ("陈桥村", "陈桥", "江口镇陈桥村"):
            places.find(said)
