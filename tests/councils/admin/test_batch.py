import pytest
from django.urls import reverse

from tests.factories import make_account, make_township, make_village
from tests.members.lists import HEADER, imported, person

pytestmark = pytest.mark.django_db


def test_imports_are_listed_to_who_sees_their_council_and_show_no_number(client):
    village = make_village(make_township(name="江口镇"), name="振兴村委会")
    chair, other = make_account(village.parent), make_account(make_township(name="谢桥镇"))
    row = person("江口镇", "振兴村")
    batch = imported([HEADER, row], chair).batch
    for account, shown in ((chair, True), (other, False), (make_account(village.parent.parent), True)):
        client.force_login(account)
        page = client.get(reverse("admin:councils_batch_changelist")).content.decode()
        assert ("list.xlsx" in page) is shown
        one = client.get(reverse("admin:councils_batch_change", args=[batch.pk]))
        assert (one.status_code == 200) is shown
        assert row[3] not in page + one.content.decode()
