import pytest
from django.urls import reverse

from members.models import Post, ZoneAssignment
from tests.factories import JOINED, make_account, make_member, make_township, make_village, make_zone, villages_of

pytestmark = pytest.mark.django_db
POST, ZONE = reverse("admin:members_post_add"), reverse("admin:members_zoneassignment_add")


def test_a_chair_enters_a_president_and_ends_her_term(client):
    township = make_township(villages=1)
    (village,) = villages_of(township)
    member = make_member(village)
    Post.objects.update(end=JOINED)
    client.force_login(make_account(township))
    said = {"member": member.pk, "council": village.pk, "position": "president", "start": "2023-01-01"}
    assert client.post(POST, said).status_code == 302
    post = Post.objects.get(end=None)
    assert post.position == "president"
    client.post(reverse("admin:members_post_change", args=[post.pk]), {"end": "2023-12-31", "position": "member"})
    post.refresh_from_db()
    assert (str(post.end), post.position) == ("2023-12-31", "president")


@pytest.mark.parametrize("theirs", ["member", "council"])
def test_neither_member_nor_council_of_the_neighbour_is_taken(client, theirs):
    mine, other = make_village(make_township()), make_village(make_township())
    said = {"member": make_member(mine).pk, "council": mine.pk, "position": "director", "start": "2023-01-01"}
    Post.objects.all().update(end=JOINED)
    said[theirs] = make_member(other).pk if theirs == "member" else other.pk
    before = Post.objects.count()
    client.force_login(make_account(mine.parent))
    assert client.post(POST, said).status_code == 200
    assert Post.objects.count() == before


def test_above_the_village_the_president_is_so_by_office(client):
    township = make_township(villages=1)
    member = make_member(villages_of(township)[0])
    client.force_login(make_account(township))
    said = {"member": member.pk, "council": township.pk, "position": "president", "start": "2023-01-01"}
    assert client.post(POST, said).context["adminform"].form.errors.keys() == {"ex_officio"}
    assert client.post(POST, said | {"ex_officio": "on"}).status_code == 302


def test_a_zone_goes_to_a_member_of_its_village_only(client):
    mine, beside = villages_of(make_township(villages=2))
    member, zone, other = make_member(mine), make_zone(mine), make_zone(beside)
    client.force_login(make_account(mine.parent))
    said = {"member": member.pk, "primary": "on", "start": "2023-01-01"}
    assert client.post(ZONE, said | {"zone": other.pk}).context["adminform"].form.errors.keys() == {"zone"}
    assert client.post(ZONE, said | {"zone": zone.pk}).status_code == 302
    assert ZoneAssignment.objects.get().primary
