"""The one way in which a deed is shown and done, on a deed of the tree."""

import pytest
from django.db import IntegrityError
from django.urls import reverse

from councils.forms import DEEDS as TREE_DEEDS
from councils.forms import RenameForm
from members.deeds import DEEDS as MEMBER_DEEDS
from tests.factories import make_member, make_staff, make_township, villages_of

pytestmark = pytest.mark.django_db


@pytest.fixture
def village(client):
    (village,) = villages_of(make_township(villages=1))
    client.force_login(make_staff())
    return village


def test_a_refusal_stands_beside_the_field_it_is_about(client, village):
    address = reverse("change_tree", args=[village.code, "rename"])
    said = {"name": "新村", "code": village.code, "day": "2999-01-01"}
    page = client.post(address, said)
    assert page.context["form"].errors.keys() == {"day"}
    assert page.context["preview"] is None
    member = make_member(village)
    page = client.post(reverse("member_deed", args=[member.pk, "leave"]), {"day": "2999-01-01", "reason": "moved"}
                       | {"confirmed": "1"})  # fmt: skip
    assert page.context["form"].errors.keys() == {"day"}


def test_what_somebody_else_did_at_the_same_moment_is_told(client, village, monkeypatch):
    def clash(_form):
        raise IntegrityError("UNIQUE constraint failed: members_post.council_id")

    monkeypatch.setattr(RenameForm, "do", clash)
    said = {"name": "新村", "code": village.code, "day": "2023-01-01", "confirmed": "1"}
    page = client.post(reverse("change_tree", args=[village.code, "rename"]), said)
    assert page.status_code == 200
    assert page.context["form"].non_field_errors()
    assert "members_post" not in page.text


def test_every_day_is_asked_with_the_browsers_own_calendar(client, village):
    member = make_member(village)
    for address in (
        reverse("change_tree", args=[village.code, "rename"]),
        reverse("member_deed", args=[member.pk, "leave"]),
        reverse("admit_member"),
        reverse("admin:members_post_add"),
        reverse("admin:members_zoneassignment_add"),
    ):
        page = client.get(address).text
        assert 'type="date"' in page, address
        assert "calendar.js" not in page, address


@pytest.mark.parametrize("deed", [*TREE_DEEDS.values(), *MEMBER_DEEDS.values()])
def test_every_deed_has_a_title_and_names_who_may_do_it(deed):
    assert str(deed.title)
    assert "." in deed.permission
