from datetime import date, timedelta
from decimal import Decimal

import pytest
import time_machine
from django.db import connection
from django.test.utils import CaptureQueriesContext
from hypothesis import given, settings
from hypothesis import strategies as st

from reports.activities import verify
from reports.appraisal import WorkRefused, introduce, proposal, ranking, remark, scheme_of, withdraw
from reports.appraisal import _capped as capped
from reports.models import Scheme, SchemePoint
from tests.factories import (
    WORKED,
    make_account,
    make_activity,
    make_chair,
    make_member,
    make_township,
    villages_of,
)

pytestmark = pytest.mark.django_db
MONTH = date(2022, 8, 1)


@pytest.fixture
def township():
    return make_township(villages=2)


@pytest.fixture
def chair(township):
    return make_chair(township)


def scheme(township, start=MONTH, **said):
    given = {"name": "积分办法", "yuan_a_point": Decimal("2.50"), "most_yuan": Decimal(60)}
    return Scheme(township=township, start=start, **(given | said))


RULES = {"elderly": ("2", 1, None), "inspection": ("1", 3, "4")}


def introduced(township, by=None, rules=RULES, **said):
    points = [
        SchemePoint(kind=kind, points=Decimal(points), each=each, cap=cap and Decimal(cap))
        for kind, (points, each, cap) in rules.items()
    ]
    return introduce(scheme(township, **said), points, by)


def verified(village, *members, by, **said):
    made = make_activity(village, *members, **said)
    verify({made.pk: 1}, by)
    return made


def refused(code, deed, *arguments, **named):
    with pytest.raises(WorkRefused) as told:
        deed(*arguments, **named)
    assert told.value.code == code, (told.value.code, str(told.value))


def test_every_point_names_the_verified_record_or_remark_it_came_from(township, chair):
    village, _beside = villages_of(township)
    member = make_member(village, name="王小梅")
    introduced(township)
    visit = verified(village, member, by=chair, kind="elderly", quantity=4)
    make_activity(village, member, kind="elderly", quantity=90)  # nobody verified it
    look = verified(village, member, by=chair, quantity=6)
    more = verified(village, member, by=chair, quantity=30, day=WORKED + timedelta(days=1))
    given = remark(member, WORKED, Decimal("-1.50"), "会议缺席", chair)
    (rank,) = ranking(township, MONTH)
    made_of = [(each.activity or each.remark, each.points, each.cut) for each in rank.made_of]
    assert made_of == [
        (visit.pk, Decimal("8.00"), Decimal("0.00")), (look.pk, Decimal("2.00"), Decimal("0.00")),
        (more.pk, Decimal("2.00"), Decimal("8.00")), (given.pk, Decimal("-1.50"), Decimal("0.00")),
    ]  # fmt: skip
    assert rank.points == sum(each.points for each in rank.made_of) == Decimal("10.50")


def test_places_are_shared_and_the_order_is_the_same_each_time(township, chair):
    village, beside = villages_of(township)
    names = ["丁一", "李二", "王三", "张四"]
    women = [make_member(place, name=name) for place, name in zip([beside, village] * 2, names, strict=True)]
    introduced(township)
    for member, quantity in zip(women, [1, 5, 5, 9], strict=True):
        verified(member.memberships.get().village, member, by=chair, kind="elderly", quantity=quantity)
    told = [(rank.member.name, rank.place, rank.of) for rank in ranking(township, MONTH)]
    assert told == [("张四", 1, 4), ("李二", 2, 4), ("王三", 2, 4), ("丁一", 4, 4)]
    assert [(rank.member.name, rank.of) for rank in ranking(township, MONTH, village)] == [("张四", 2), ("李二", 2)]
    assert len({str(ranking(township, MONTH)) for _time in range(3)}) == 1


def test_what_several_did_is_divided_where_the_scheme_says_so(township, chair):
    village, _beside = villages_of(township)
    women = [make_member(village) for _each in range(3)]
    introduced(township, shared=True)
    verified(village, *women, by=chair, kind="elderly", quantity=1)
    assert [rank.points for rank in ranking(township, MONTH)] == [Decimal("0.67")] * 3


def test_the_proposal_is_bounded_both_ways(township, chair):
    village, _beside = villages_of(township)
    assert proposal(township, MONTH) == {}
    rich, poor, middling = make_member(village), make_member(village), make_member(village)
    introduced(township)
    verified(village, rich, by=chair, kind="elderly", quantity=500)
    verified(village, middling, by=chair, kind="elderly", quantity=5)
    remark(poor, WORKED, Decimal(-9), "未到岗", chair)
    assert proposal(township, MONTH) == {
        rich.pk: Decimal("60.00"),
        middling.pk: Decimal("25.00"),
        poor.pk: Decimal("0.00"),
    }


@time_machine.travel("2022-08-20")
def test_a_scheme_holds_from_its_month_until_the_next_and_past_months_keep_theirs(township, chair):
    introduced(township, by=chair, rules={"elderly": ("1", 1, None)})
    introduced(township, by=chair, start=date(2022, 10, 1), rules={"elderly": ("7", 1, None)})
    assert scheme_of(township, date(2022, 7, 1)) is None
    assert scheme_of(township, date(2022, 9, 1)).start == MONTH
    assert scheme_of(township, date(2023, 1, 1)).start == date(2022, 10, 1)
    introduced(township, by=chair, rules={"child": ("3", 1, None)})  # the month is not over: it is replaced
    assert [each.kind for each in scheme_of(township, MONTH).points.all()] == ["child"]
    assert Scheme.objects.count() == 2
    refused("past", introduced, township, by=chair, start=date(2022, 7, 1))
    refused("invalid", introduced, township, by=chair, start=date(2022, 9, 2))
    refused("invalid", introduced, township, by=chair, rules={"elderly": ("0", 1, None)})
    refused("out_of_scope", introduced, make_township(), by=chair)
    refused("not_allowed", introduced, township, by=make_account(villages_of(township)[0]))


def test_a_remark_is_for_ones_own_members_and_can_be_withdrawn(township, chair):
    village, _beside = villages_of(township)
    member = make_member(village)
    stranger = make_member(villages_of(make_township(villages=1))[0])
    refused("no_member", remark, stranger, WORKED, Decimal(1), "好", chair)
    refused("invalid", remark, member, WORKED, Decimal(1), " ", chair)
    refused("invalid", remark, member, WORKED, Decimal(0), "没事", chair)
    refused("not_allowed", remark, member, WORKED, Decimal(1), "好", make_account(village))
    made = remark(member, WORKED, Decimal(1), "帮忙", chair)
    assert ranking(township, MONTH)[0].points == 1
    withdraw(made, chair)
    assert ranking(township, MONTH)[0].points == 0


def test_a_larger_township_costs_no_more_queries(township, chair):
    village, beside = villages_of(township)
    introduced(township)
    counts = []
    for place in (village, beside):
        for _each in range(2):
            verified(place, by=chair, kind="elderly")
        with CaptureQueriesContext(connection) as asked:
            ranking(township, MONTH)
        counts.append(len(asked))
    assert counts == [5, 5]


@settings(deadline=None, max_examples=60)
@given(
    st.lists(st.tuples(st.integers(1, 400), st.integers(1, 6)), max_size=12),
    st.decimals("0.01", 50, places=2), st.integers(1, 9), st.none() | st.decimals("0.01", 60, places=2),
    st.booleans(),
)  # fmt: skip
def test_points_never_exceed_the_cap_and_nothing_is_cut_below_it(records, points, each, cap, shared):
    rule = SchemePoint(kind="child", points=points, each=each, cap=cap)
    rows = [(at, WORKED, quantity, size) for at, (quantity, size) in enumerate(records)]
    given_, bare = list(capped(rule, rows, shared)), list(capped(SchemePoint(points=points, each=each), rows, shared))
    whole = sum((one.points for one in bare), Decimal(0))
    total = sum((one.points for one in given_), Decimal(0))
    assert total == (whole if cap is None else min(whole, cap))
    assert all(one.points >= 0 and one.points + one.cut == two.points for one, two in zip(given_, bare, strict=True))
