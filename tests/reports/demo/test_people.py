import hashlib
import time
from collections import Counter, defaultdict
from datetime import date

import pytest

from cunsao import chinese
from cunsao.personal_data import numbers
from reports.demo.people import people, zones

# As many villages as the county has, a third of them communities
VILLAGES = [
    (f"341226{100 + place % 20:03}{place:03}", f"第{place}社区居委会" if place % 3 == 0 else f"第{place}村委会")
    for place in range(349)
]
DAY = date(2022, 8, 31)


@pytest.fixture(scope="module")
def everybody():
    return people(VILLAGES)


def by_village(rows):
    found = defaultdict(list)
    for row in rows:
        found[row.village_code].append(row)
    return found


def test_the_same_seed_gives_the_same_county_everywhere(everybody):
    digest = hashlib.sha256(repr([everybody, zones(VILLAGES)]).encode()).hexdigest()
    assert digest == "abb033340e7e1edbbf60d8a20d974926f9b5c90e287936aaf9c54a3c0aae78b3"


def test_another_seed_gives_other_people():
    assert people(VILLAGES[:3], 30, seed=1) != people(VILLAGES[:3], 30, seed=2)


def test_every_village_has_its_people_and_communities_more(everybody):
    sizes = Counter(person.village_code for person in everybody)
    assert len(everybody) == 4240
    assert sizes.keys() == {code for code, _name in VILLAGES}
    assert min(sizes.values()) >= 8
    communities = [sizes[code] for code, name in VILLAGES if "社区" in name]
    others = [sizes[code] for code, name in VILLAGES if "社区" not in name]
    assert sum(communities) / len(communities) > sum(others) / len(others) + 3


@pytest.mark.parametrize(("villages", "total"), [(1, 1), (1, 100), (3, 8), (30, 401)])
def test_any_total_is_divided_without_rest(villages, total):
    found = people(VILLAGES[:villages], total)
    assert len(found) == total
    assert len(by_village(found)) == villages


def test_fewer_members_than_villages_are_refused():
    with pytest.raises(ValueError):
        people(VILLAGES[:3], 2)


def test_everybody_has_numbers_of_her_own_that_the_register_takes(everybody):
    assert len({person.national_id for person in everybody}) == len({person.phone for person in everybody}) == 4240
    for person in everybody:
        assert numbers.national_id(person.national_id, person.joined_on) == person.national_id
        assert numbers.phone(person.phone) == person.phone
        assert numbers.bank_account(person.bank_account).doubt is None
        assert 22 <= numbers.age_on(person.national_id, DAY) <= 66
    places = Counter(person.national_id[:6] for person in everybody)
    assert places["341226"] > 4240 * 0.7
    assert all(numbers.born(person.national_id).year < 1996 for person in everybody if person.national_id[:3] == "342")


def test_each_village_has_one_president_one_vice_president_and_every_grade(everybody):
    for members in by_village(everybody).values():
        positions = Counter(member.position for member in members)
        assert positions["会长"] == positions["副会长"] == 1
        assert all(positions[grade] >= 1 for grade in ("理事", "骨干会员", "会员"))
        assert len({member.name for member in members}) == len(members)


def test_everybody_joined_in_the_time_the_county_tells_of(everybody):
    assert all(date(2021, 1, 1) <= person.joined_on <= date(2022, 7, 31) for person in everybody)


def test_hui_people_live_in_their_township_above_all():
    found = people([("341226205001", "甲村委会"), ("341226100001", "乙村委会")], 400)
    hui = Counter(person.village_code for person in found if person.ethnicity == "回族")
    assert hui["341226205001"] > 20 * hui["341226100001"]
    assert {person.ethnicity for person in found} == {"汉族", "回族"}


def test_each_zone_has_a_member_and_each_member_a_zone_of_her_village(everybody):
    known = {(zone.village_code, zone.number, zone.name) for zone in zones(VILLAGES)}
    assert len(known) == len(zones(VILLAGES))
    assert {(person.village_code, person.zone_number, person.zone_name) for person in everybody} == known


def test_a_zone_has_numbers_names_bounds_and_people():
    for rows in by_village(zones(VILLAGES, 20 * 349)).values():
        assert [zone.number for zone in rows] == [f"{number:02}" for number in range(1, len(rows) + 1)]
        assert len({zone.name for zone in rows}) == len(rows)
    for zone in rows:
        sides = [side[2:] for side in zone.bounds.split("，")]
        assert len(sides) == len(set(sides)) == 4
        assert 0 < zone.households < zone.residents


def test_every_name_has_a_sound(everybody):
    assert all(len(chinese.pinyin(person.name)[1]) == len(person.name) for person in everybody)


def test_a_county_is_made_within_a_second():
    start = time.perf_counter()
    people(VILLAGES)
    zones(VILLAGES)
    assert time.perf_counter() - start < 1
