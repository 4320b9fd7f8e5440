"""What the phone page sends, with its script and without."""

import uuid

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.urls import reverse
from django.utils import timezone

from reports.models import Activity, Photo
from tests.factories import WORKED, make_account, make_activity, make_chair, make_member, make_township, make_village
from tests.reports.test_photos import picture
from tests.reports.views.test_activities import bomb

pytestmark = pytest.mark.django_db
PHONE = "/work/phone/"


def noted(member, **said):
    sent = {"client_key": str(uuid.uuid4()), "members": [member.pk], "kind": "inspection", "quantity": "2"}
    return sent | {"day": f"{WORKED:%Y-%m-%d}"} | said


def sent(client, values, address=PHONE):
    return client.post(address, values, headers={"Accept": "application/json"}).json()


def photo(content=None):
    return SimpleUploadedFile("photo.jpg", content or picture().getvalue(), "image/jpeg")


def test_twice_sent_is_once_stored_with_its_photo(client, member, president):
    values, key = noted(member), str(uuid.uuid4())
    first, second = sent(client, values), sent(client, values)
    assert first == second
    for _time in range(2):
        assert sent(client, {"key": key, "photo": photo()}, first["photos"])["photo"] == Photo.objects.get().pk
    record = Activity.objects.get()
    assert (record.pk, record.source, record.recorded_by) == (first["record"], "phone", president)
    assert (record.quantity, record.doers, record.day) == (2, member.name, WORKED)


@pytest.mark.parametrize(
    "said",
    [
        {"members": []}, {"quantity": "0"}, {"day": "2999-01-01"}, {"kind": "courtyard"}, {"kind": "dispute"},
        {"client_key": "x"},
    ],
    ids=str,
)  # fmt: skip
def test_what_is_refused_is_told_in_a_sentence(client, member, president, said):
    assert sent(client, noted(member, **said))["refused"]
    assert not Activity.objects.exists()


def test_a_key_of_somebody_else_is_refused(client, village, member, president):
    values = noted(member)
    sent(client, values)
    client.force_login(make_account(village))
    assert sent(client, values)["refused"]
    assert Activity.objects.get().recorded_by == president


@pytest.mark.parametrize("content", [b"nothing", bomb(), b"\xff\xd8\xff\xe0 torn"], ids=["text", "bomb", "torn"])
def test_what_is_no_photo_is_told_and_not_kept(client, village, member, president, content):
    record = make_activity(village, member, by=president)
    address = reverse("photograph_activity", args=[record.pk])
    assert sent(client, {"key": str(uuid.uuid4()), "photo": photo(content)}, address)["refused"]
    assert sent(client, {"key": "x", "photo": photo()}, address)["refused"]
    assert sent(client, {"key": str(uuid.uuid4())}, address)["refused"]
    assert not Photo.objects.exists()


def test_nobody_adds_a_photo_to_what_she_does_not_see(client, village, member, president):
    foreign = make_activity(make_village(village.parent))
    address = reverse("photograph_activity", args=[foreign.pk])
    assert client.post(address, {"key": str(uuid.uuid4()), "photo": photo()}).status_code == 404
    client.force_login(make_account(village.parent.parent, "auditor"))
    assert client.post(address, {"key": str(uuid.uuid4()), "photo": photo()}).status_code == 403
    assert client.get(PHONE).status_code == 403


def test_the_kinds_used_most_stand_first_and_none_that_needs_more(client, village, member, president):
    today = timezone.localdate()
    for kind in ("child", "child", "wedding"):
        make_activity(village, member, kind=kind, day=today)
    page = client.get(PHONE)
    assert [each.key for each in page.context["usual"][:2]] == ["child", "wedding"]
    shown = [each.key for each in (*page.context["usual"], *page.context["others"])]
    assert len(shown) == len(set(shown))
    assert {"courtyard", "dispute", "hazard_mended"}.isdisjoint(shown)


def test_without_a_script_the_same_page_stores_record_and_photos(client, member, president):
    page = client.post(PHONE, noted(member) | {"photos": [photo(), photo(b"nothing")]}, follow=True)
    assert (Activity.objects.count(), Photo.objects.count()) == (1, 1)
    assert [each.level_tag for each in page.context["messages"]] == ["success", "error"]
    page = client.post(PHONE, noted(member, quantity="0", place="村部"))
    assert 'value="村部"' in page.text
    assert f'value="{member.pk}" checked' in page.text


def test_who_is_signed_out_gets_no_answer_of_the_page(client, member, president):
    client.logout()
    answer = client.post(PHONE, noted(member), headers={"Accept": "application/json"})
    assert answer.status_code in (302, 403)
    assert not Activity.objects.exists()


def test_a_chair_chooses_a_village_of_hers(client, village, member):
    client.force_login(make_chair(village.parent))
    assert "usual" not in client.get(PHONE).context
    foreign = make_village(make_township())
    assert "usual" not in client.get(PHONE, {"village": foreign.code}).context
    assert sent(client, noted(member), f"{PHONE}?village={village.code}")["record"] == Activity.objects.get().pk


@pytest.mark.parametrize("members", [1, 3])
def test_more_members_cost_no_more_queries(client, village, president, members, django_assert_max_num_queries):
    for _member in range(members):
        make_member(village)
    client.get(PHONE)
    with django_assert_max_num_queries(9):
        client.get(PHONE)
