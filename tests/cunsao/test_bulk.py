from itertools import pairwise
from types import SimpleNamespace

import pytest
from django.db import connection, transaction
from django.db.transaction import TransactionManagementError

from councils.models import Zone
from cunsao import bulk
from cunsao.locks import exclusive
from tests.factories import make_village, make_zone

pytestmark = pytest.mark.django_db
COLUMNS = ["village", "number", "name", "bounds", "households"]


def test_rows_come_in_with_keys_that_nobody_else_gets():
    village = make_village()
    first = make_zone(village, number="01")
    with transaction.atomic():
        keys = bulk.copy_in(Zone, COLUMNS, [(village.pk, f"{n}", "片", "", None) for n in range(10, 60)])
    assert list(Zone.objects.filter(pk__in=list(keys)).order_by("pk").values_list("number", flat=True)) == [
        f"{n}" for n in range(10, 60)
    ]
    assert first.pk not in keys
    assert make_zone(village, number="99").pk > max(keys)


def test_progress_adds_up_to_the_rows(monkeypatch):
    monkeypatch.setattr(bulk, "PAGE", 7)
    village, steps = make_village(), []
    with transaction.atomic():
        bulk.copy_in(Zone, COLUMNS, [(village.pk, f"{n}", "片", "", 5) for n in range(20)], steps.append)
    assert steps == [7, 7, 6]


def test_text_of_any_kind_arrives_as_it_was():
    village = make_village()
    words = ['"', "\\N", "a\tb", "第一行\n第二行", "'; DROP TABLE", "\\.", ""]
    with transaction.atomic():
        bulk.copy_in(Zone, COLUMNS, [(village.pk, f"{n}", "片", each, None) for n, each in enumerate(words)])
    assert list(Zone.objects.order_by("pk").values_list("bounds", flat=True)) == words


def test_nothing_to_write_is_no_query(django_assert_num_queries):
    with transaction.atomic(), django_assert_num_queries(0):
        assert list(bulk.copy_in(Zone, COLUMNS, [])) == []


def test_outside_a_transaction_it_is_refused(monkeypatch):
    monkeypatch.setattr(bulk, "connection", SimpleNamespace(in_atomic_block=False))
    with pytest.raises(TransactionManagementError):
        bulk.copy_in(Zone, COLUMNS, [(1, "1", "片", "", None)])


def test_a_lock_inside_a_lock_is_no_deadlock():
    with exclusive("councils"), exclusive("councils"):
        make_village()


def test_rows_whose_keys_nobody_asks_for_come_in_too():
    village = make_village()
    with transaction.atomic():
        bulk.add(Zone, COLUMNS, [(village.pk, f"{n}", "片", "", None) for n in range(10, 15)])
        bulk.add(Zone, COLUMNS, [])
    assert make_zone(village, number="99").pk > max(
        Zone.objects.exclude(number="99").values_list("pk", flat=True)
    )  # the next one is free
    assert Zone.objects.count() == 6


def test_keys_are_told_one_by_one_where_somebody_took_one_in_between():
    step = 1  # on SQLite nobody comes in between
    if connection.vendor == "postgresql":
        step = 2
        with connection.cursor() as cursor:
            cursor.execute("ALTER SEQUENCE councils_zone_id_seq INCREMENT BY 2")
    village = make_village()
    with transaction.atomic():
        keys = bulk.copy_in(Zone, COLUMNS, [(village.pk, f"{n}", "片", "", None) for n in range(10, 13)])
    assert [later - before for before, later in pairwise(keys)] == [step, step]
    assert set(Zone.objects.values_list("pk", flat=True)) == set(keys)


def test_rows_are_found_among_many_keys_page_by_page(monkeypatch, django_assert_num_queries):
    monkeypatch.setattr(bulk, "PAGE", 2)
    village = make_village()
    zones = [make_zone(village, number=f"{n}") for n in range(10, 15)]
    wanted = [zones[0].pk, zones[3].pk, zones[4].pk, None, zones[0].pk, -1]
    with django_assert_num_queries(2):
        found = list(bulk.among(Zone.objects.order_by("pk"), "pk", wanted, ["number"]))
    assert found == [("10",), ("13",), ("14",)]
    assert list(bulk.among(Zone.objects, "pk", [])) == []


def test_the_database_plans_with_the_rows_that_just_came(django_assert_num_queries):
    village = make_village()
    bulk.copy_in(Zone, COLUMNS, [(village.pk, f"{n}", "片", "", None) for n in range(300)])
    on_postgresql = connection.vendor == "postgresql"
    with django_assert_num_queries(int(on_postgresql)):
        bulk.learn_sizes(Zone)
    if on_postgresql:
        with connection.cursor() as cursor:
            cursor.execute("SELECT reltuples FROM pg_class WHERE relname = %s", [Zone._meta.db_table])
            assert cursor.fetchone()[0] == 300
