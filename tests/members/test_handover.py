from datetime import date

import pytest
from django.urls import reverse

from members.handover import held
from members.joining import JoiningRefused, leave
from members.models import Equipment, Membership
from members.transferring import transfer
from tests.factories import make_account, make_member, make_township, make_village
from tests.members.imports.test_equipment import make
from tests.members.ledgers import village_of

pytestmark = pytest.mark.django_db
DAY = date(2023, 1, 31)


@pytest.fixture
def member():
    return make_member(make_village(make_township()))


def test_who_has_things_does_not_leave_before_they_are_accounted_for(member):
    phone, bicycle = make(member), make(member, kind="bicycle", serial="D1")
    with pytest.raises(JoiningRefused) as refused:
        leave(member, DAY, "moved", None)
    assert refused.value.code == "holds_things"
    assert "SN0000" in str(refused.value)
    with pytest.raises(JoiningRefused):
        leave(member, DAY, "moved", None, {phone.pk: "good"})
    assert Membership.objects.get().end is None
    assert len(held(member)) == 2
    leave(member, DAY, "moved", None, {phone.pk: "good", bicycle.pk: "lost"})
    assert held(member) == []
    ended = Equipment.objects.order_by("pk").values_list("ended", "ending", "condition_after")
    assert list(ended) == [(DAY, "returned", "good"), (DAY, "lost", "")]


def test_a_thing_issued_after_her_last_day_holds_her(member):
    phone = make(member, issued=date(2023, 2, 1))
    with pytest.raises(JoiningRefused, match="SN0000"):
        leave(member, DAY, "moved", None, {phone.pk: "good"})


def test_the_form_asks_for_each_thing_and_tells_it_before(client, member):
    phone = make(member)
    client.force_login(make_account(village_of(member).parent))
    page = reverse("member_deed", args=[member.pk, "leave"])
    said = {"day": "2023-01-31", "reason": "moved"}
    assert f"thing_{phone.pk}" in client.post(page, said).context["form"].errors
    said |= {f"thing_{phone.pk}": "broken"}
    preview = client.post(page, said).context["preview"]
    assert any("SN0000" in line for line in preview.changes)
    assert client.post(page, said | {"confirmed": "1"}).status_code == 302
    phone.refresh_from_db()
    assert (phone.ended, phone.condition_after) == (DAY, "broken")


def test_what_she_has_goes_with_her_into_another_village(member):
    phone, to = make(member), make_village(village_of(member).parent)
    transfer(member, to, DAY, None)
    phone.refresh_from_db()
    assert phone.village == to
