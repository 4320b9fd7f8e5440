import pytest
from django.urls import reverse

from members.models import Member, Transfer
from tests.factories import make_account, make_member, make_township, make_village

pytestmark = pytest.mark.django_db


@pytest.fixture
def sides(client):
    """A member, the village she is to go to, and the chairs of both townships."""
    here, there = make_village(make_township()), make_village(make_township())
    return make_member(here, name="李桂兰"), there, make_account(here.parent), make_account(there.parent)


def propose(client, member, village, by):
    client.force_login(by)
    said = {"code": village.code, "day": "2023-01-01", "reason": "嫁入", "confirmed": "1"}
    client.post(reverse("member_deed", args=[member.pk, "transfer"]), said)
    return Transfer.objects.get()


def test_a_proposal_is_accepted_by_the_other_side(client, sides):
    member, village, chair, neighbour = sides
    proposed = propose(client, member, village, chair)
    assert client.get(reverse("transfers")).context["theirs"] == [proposed]
    client.force_login(neighbour)
    assert client.get(reverse("transfers")).context["mine"] == [proposed]
    client.post(reverse("decide_transfer", args=[proposed.pk, "accept"]))
    assert Member.objects.visible_to(neighbour).get() == member


def test_who_proposed_cannot_accept_and_a_third_side_knows_nothing(client, sides):
    member, village, chair, _neighbour = sides
    proposed = propose(client, member, village, chair)
    client.post(reverse("decide_transfer", args=[proposed.pk, "accept"]))
    client.logout()
    client.force_login(make_account(make_township()))
    assert client.post(reverse("decide_transfer", args=[proposed.pk, "accept"])).status_code == 404
    assert "李桂兰" not in client.get(reverse("transfers")).text
    proposed.refresh_from_db()
    assert proposed.state == "proposed"


def test_turned_down_with_a_reason_the_page_tells_it(client, sides):
    member, village, chair, neighbour = sides
    proposed = propose(client, member, village, chair)
    client.force_login(neighbour)
    client.post(reverse("decide_transfer", args=[proposed.pk, "refuse"]), {"reason": "网格已满"})
    client.force_login(chair)
    assert "网格已满" in client.get(reverse("transfers")).text


def test_a_village_president_transfers_nobody(client, sides):
    member, village, chair, _neighbour = sides
    proposed = propose(client, member, village, chair)
    client.force_login(make_account(village))
    assert client.post(reverse("decide_transfer", args=[proposed.pk, "accept"])).status_code == 403


def test_an_unknown_code_proposes_nothing(client, sides):
    member, _village, chair, _neighbour = sides
    client.force_login(chair)
    said = {"code": "341226999999", "day": "2023-01-01", "confirmed": "1"}
    page = client.post(reverse("member_deed", args=[member.pk, "transfer"]), said)
    assert page.context["form"].errors.keys() == {"code"}
    assert not Transfer.objects.exists()
