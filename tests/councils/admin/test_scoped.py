import pytest
from django.contrib import admin
from django.test import RequestFactory

from councils.admin.paging import CappedPaginator
from councils.admin.scoped import OPEN_TO_ALL, ScopedAdmin, ScopedFilter
from councils.models import Zone
from members.models import HonourKind, Instructor, InsurancePolicy
from tests.factories import (
    make_account,
    make_chair,
    make_member,
    make_scheme,
    make_sent,
    make_township,
    make_village,
    make_work,
    make_zone,
)
from tests.members.imports.test_training import make_session

pytestmark = pytest.mark.django_db
CATALOGUES = {HonourKind, InsurancePolicy, Instructor}  # the county's, known to everybody in it
RELATIONS = [
    (type(model_admin), model, field.name)
    for model, model_admin in admin.site._registry.items()
    for field in model._meta.get_fields()
    if field.concrete and field.remote_field
]


@pytest.fixture
def two_townships():
    """Of each kind one within and one beyond."""
    townships = make_township(name="本镇"), make_township(name="邻镇")
    for township in townships:
        village = make_village(township)
        make_account(village)
        make_work(village, make_member(village, zone_id=make_zone(village).pk), "甲")
        make_scheme(township)
        make_session(council=township)
        make_sent(township, members=1)
    return townships


@pytest.mark.parametrize(("kind", "model", "name"), RELATIONS, ids=[f"{m.__name__}.{n}" for _k, m, n in RELATIONS])
def test_a_filter_by_any_relation_offers_only_what_is_visible(two_townships, kind, model, name):
    assert issubclass(kind, ScopedAdmin)
    request = RequestFactory().get("/")
    request.user = make_chair(two_townships[0])
    field = model._meta.get_field(name)
    spec = admin.FieldListFilter.create(field, request, {}, model, admin.site._registry[model], field_path=name)
    assert isinstance(spec, ScopedFilter)
    related = field.remote_field.model
    if related._meta.label_lower in OPEN_TO_ALL:
        return
    visible = related.objects.visible_to(request.user)
    key = getattr(field, "target_field", related._meta.pk).attname
    assert {value for value, _label in spec.lookup_choices} == set(visible.values_list(key, flat=True))
    assert visible.count() < related.objects.count() or related in CATALOGUES


def test_a_filter_by_relation_narrows_the_list(two_townships, monkeypatch, client):
    monkeypatch.setattr(admin.site._registry[Zone], "list_filter", ["village"])
    within, beyond = (township.children.get() for township in two_townships)
    client.force_login(make_chair(two_townships[0]))
    page = client.get("/councils/zone/", {"village__id__exact": within.pk})
    assert [zone.village for zone in page.context["cl"].result_list] == [within]
    assert str(beyond) not in page.text
    assert not client.get("/councils/zone/", {"village__id__exact": beyond.pk}).context["cl"].result_list


def test_a_list_counts_so_far_and_says_that_there_are_more(two_townships, monkeypatch, client):
    assert CappedPaginator.cap > 4240
    monkeypatch.setattr(CappedPaginator, "cap", 1)
    make_zone(two_townships[0].children.get())
    client.force_login(make_chair(two_townships[0]))
    page = client.get("/councils/zone/")
    assert (page.context["cl"].result_count, page.context["cl"].paginator.is_capped) == (1, True)
    assert CappedPaginator(Zone.objects.filter(village__parent=two_townships[0].code), 50).count == 1


def test_what_a_cell_holds_is_escaped(two_townships, client):
    make_zone(two_townships[0].children.get(), name="<b>片</b>")
    client.force_login(make_chair(two_townships[0]))
    page = client.get("/councils/zone/").text
    assert "&lt;b&gt;片&lt;/b&gt;" in page
    assert "<b>片</b>" not in page
