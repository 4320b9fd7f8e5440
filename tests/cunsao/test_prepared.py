from datetime import date
from decimal import Decimal

import pytest
from django.db.models import BigAutoField, CharField, Count, DateField, Sum

from councils.models import Council, Zone
from cunsao.prepared import ALL, Blank, Question, Records
from members.models import SubsidyRate
from tests.factories import make_county, make_rate, make_township, make_village, make_zone

pytestmark = pytest.mark.django_db
CODE, DAY, PK = CharField(), DateField(), BigAutoField()


def test_what_is_asked_again_with_other_values_is_what_the_queryset_finds(django_assert_num_queries):
    one, other = make_village(zones=2), make_village(zones=3)
    make_zone(other, closed=date(2022, 5, 1))
    still = Zone.objects.order_by().filter(village=Blank("village", PK), closed__gt=Blank("day", DAY))
    rows = Zone.objects.order_by().filter(village=Blank("village", PK)).values("village").annotate(zones=Count("pk"))
    counted, closing = Question(rows.values_list("village", "zones")), Question(still.values_list("closed"))
    with django_assert_num_queries(4):
        assert [counted.ask({"village": each.pk}) for each in (one, other)] == [[[one.pk, 2]], [[other.pk, 4]]]
        assert closing.ask({"village": other.pk, "day": date(2022, 4, 30)}) == [[date(2022, 5, 1)]]
        assert closing.ask({"village": other.pk, "day": date(2022, 5, 1)}) == []


def test_a_sum_without_groups_is_one_row_and_money_stays_money():
    county = make_county()
    rates = SubsidyRate.objects.order_by().filter(county=Blank("county", PK))
    asked = Question(rates.values(every=ALL).annotate(sum=Sum("amount")).values_list("sum"))
    assert asked.ask({"county": county.pk}) == [[None]]
    rate = make_rate(county)
    found = asked.ask({"county": county.pk})
    assert found == [[rate.amount]]
    assert isinstance(found[0][0], Decimal)


def test_questions_of_one_row_stand_side_by_side_and_are_one_for_the_database(django_assert_num_queries):
    village = make_village(zones=2)
    county = village.parent.parent
    zones = Zone.objects.order_by().filter(village=Blank("village", PK)).values(every=ALL)
    rates = SubsidyRate.objects.order_by().filter(county=Blank("county", PK)).values(every=ALL)
    asked = Question(
        zones.annotate(number=Count("pk")).values_list("number"), rates.annotate(sum=Sum("amount")).values_list("sum")
    )
    values = {"village": village.pk, "county": county.pk}
    assert asked.ask(values) == [[2, None]]
    rate = make_rate(county)
    with django_assert_num_queries(1):
        ((number, amount),) = asked.ask(values)
    assert (number, amount) == (2, rate.amount)
    assert isinstance(amount, Decimal)


def test_how_many_there_are_is_one_row_even_of_none():
    village = make_village(zones=3)
    asked = Question.how_many(Zone.objects.filter(village=Blank("village", PK)))
    assert [asked.ask({"village": pk}) for pk in (village.pk, 0)] == [[[3]], [[0]]]


def test_records_are_whole_and_bring_those_that_they_belong_to(django_assert_num_queries):
    villages = [make_village(zones=2), make_village(zones=1)]
    asked = Records(Zone.objects.filter(village__pk__in=[Blank("one", PK), Blank("other", PK)]), "village")
    with django_assert_num_queries(1):
        found = asked.find({"one": villages[0].pk, "other": villages[1].pk})
        assert {each.village for each in found} == set(villages)
    assert found == list(Zone.objects.filter(village__in=villages))
    assert [each.__dict__.keys() - {"_state"} for each in found[:1]] == [
        each.__dict__.keys() - {"_state"} for each in Zone.objects.select_related("village")[:1]
    ]
    zone = found[0]
    zone.name = "东片"
    zone.save()
    assert Zone.objects.get(pk=zone.pk).name == "东片"


def test_records_lead_on_to_where_nothing_stands_above(django_assert_num_queries):
    county = make_county()
    township = make_township(county)
    village = make_village(township)
    asked = Records(Council.objects.filter(code=Blank("code", CODE)), "parent", "parent__parent")
    with django_assert_num_queries(3):
        (below,), (middle,), (top,) = (asked.find({"code": each.code}) for each in (village, township, county))
        assert (below.parent, below.parent.parent) == (middle, top)
        assert (middle.parent, top.parent) == (top, None)
    assert asked.find({"code": "nothing"}) == []


def test_a_blank_can_be_cut_and_stands_in_a_list():
    township = make_township(villages=2)
    village, other = Council.objects.filter(parent=township).order_by("code")
    county = Council.objects.filter(code=Blank("code", CODE)[:6]).values_list("pk")
    assert Question(county).ask({"code": village.code}) == [[township.parent.pk]]
    listed = Council.objects.filter(code__in=[Blank("one", CODE), Blank("other", CODE)]).order_by("code")
    asked = Question(listed.values_list("pk"))
    assert asked.ask({"one": other.code, "other": village.code}) == [[village.pk], [other.pk]]
    assert asked.ask({"one": village.code, "other": "x"}) == [[village.pk]]
    with pytest.raises(TypeError, match="at its end"):
        Blank("code", CODE)[6:9]


def test_a_blank_that_is_left_empty_is_a_fault():
    asked = Question(Zone.objects.filter(village=Blank("village", PK)).values_list("pk"))
    with pytest.raises(KeyError, match="village"):
        asked.ask({"council": 1})


def test_a_condition_that_would_take_the_blank_for_its_value_is_refused():
    with pytest.raises(TypeError, match="not known"):
        Council.objects.filter(parent__in=[Blank("place", CODE)])  # Django writes such a list down at once
