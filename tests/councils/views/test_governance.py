from datetime import date, timedelta

import pytest
from django.core.exceptions import PermissionDenied, ValidationError
from django.core.files.uploadedfile import SimpleUploadedFile
from django.db import IntegrityError, connection, transaction
from django.test.utils import CaptureQueriesContext
from django.urls import reverse
from django.utils import timezone

from councils import statutes
from councils.models import Change, Governance, Leader, Statute
from tests.cunsao.test_documents import PDF, office
from tests.factories import make_account, make_county, make_township, make_village

pytestmark = pytest.mark.django_db
TOMORROW = timezone.localdate() + timedelta(days=1)


@pytest.fixture
def township():
    return make_township(villages=1)


@pytest.fixture
def chair(client, township):
    account = make_account(township)
    client.force_login(account)
    return account


def upload(content=PDF, name="章程.pdf", **said):
    return {"kind": "charter", "called": "村嫂理事会章程", "day": "2022-01-05",
            "file": SimpleUploadedFile(name, content), **said}  # fmt: skip


def page_of(council, name="governance"):
    return reverse(name, args=[council.code])


def kept(council, by=None, kind="charter", content=PDF):
    file = SimpleUploadedFile("x", content)
    return statutes.add(council, kind, "章程", date(2022, 1, 5), file, by)


def test_versions_follow_each_other_and_the_latest_is_in_force(client, township, chair, settings, tmp_path):
    assert client.post(page_of(township, "add_statute"), upload()).status_code == 302
    client.post(page_of(township, "add_statute"), upload(office("word/document.xml"), "新章程.docx"))
    client.post(page_of(township, "add_statute"), upload(kind="rules"))
    listed = client.get(page_of(township)).context["statutes"]
    assert [(each.kind, each.version, latest) for each, latest in listed] == [
        ("charter", 2, True), ("charter", 1, False), ("rules", 1, True),
    ]  # fmt: skip
    assert Change.objects.filter(record="councils.statute", action="created").count() == 3


def test_a_file_is_handed_out_and_never_shown_by_the_browser(client, township, chair):
    found = kept(township)
    answer = client.get(reverse("open_statute", args=[found.pk]))
    assert answer.content == PDF
    assert answer["Content-Type"] == "application/pdf"
    assert answer["Content-Disposition"].startswith("attachment;")
    assert answer["X-Content-Type-Options"] == "nosniff"
    assert "no-store" in answer["Cache-Control"]
    assert found.file not in client.get(page_of(township)).content.decode()


@pytest.mark.parametrize(
    ("place", "role", "status"),
    [("county", "county_staff", 200), ("township", "township_chair", 200), ("village", "village_president", 404),
     ("neighbour", "township_chair", 404), ("county", "auditor", 200), ("county", "county_finance", 403),
     ("county", "system_administrator", 403)],
)  # fmt: skip
def test_only_who_may_see_the_council_gets_its_file(client, township, place, role, status):
    found = kept(township)
    places = {"county": township.parent, "township": township, "village": township.children.first()}
    client.force_login(make_account(places.get(place) or make_township(), role))
    assert client.get(reverse("open_statute", args=[found.pk])).status_code == status
    assert client.get(page_of(township)).status_code == status


@pytest.mark.parametrize(
    ("said", "field"),
    [({"content": b"<html>"}, "file"), ({"day": f"{TOMORROW}"}, "day"), ({"called": ""}, "called"),
     ({"kind": "poem"}, "kind"), ({"content": b""}, "file")],
)  # fmt: skip
def test_bad_input_is_refused_in_words(client, township, chair, said, field):
    assert set(client.post(page_of(township, "add_statute"), upload(**said)).context["form"].errors) == {field}
    assert not Statute.objects.exists()


def test_who_only_looks_adds_nothing(client, township):
    village = township.children.first()
    client.force_login(make_account(village))
    assert client.get(page_of(village)).status_code == 200
    assert client.post(page_of(village, "add_statute"), upload()).status_code == 403
    with pytest.raises(PermissionDenied):
        kept(township, make_account(make_township()))


def test_the_page_asks_as_much_for_three_versions_as_for_one(client, township, chair):
    counts = []
    for _version in range(3):
        kept(township)
        client.get(page_of(township))
        with CaptureQueriesContext(connection) as questions:
            client.get(page_of(township))
        counts.append(len(questions))
    assert len(set(counts)) == 1, counts


def enter(council, **said):
    record = Governance(council=council, **said)
    record.full_clean()
    record.save()
    return record


REGISTERED = {"registration": "registered", "number": "皖颍民登001", "registered_on": date(2021, 3, 1)}


@pytest.mark.parametrize(
    ("said", "field"),
    [({"number": ""}, "number"), ({"registered_on": None}, "registered_on"), ({"registration": ""}, "registration"),
     ({"registered_until": date(2021, 2, 1)}, "registered_until"), ({"registered_on": TOMORROW}, "registered_on")],
)  # fmt: skip
def test_a_registration_is_whole(township, said, field):
    with pytest.raises(ValidationError) as refusal:
        enter(township, **REGISTERED | said)
    assert set(refusal.value.message_dict) == {field}


def test_the_database_holds_it_too(township):
    entry = enter(township, **REGISTERED)
    village = enter(township.children.first(), party_organisation="村党总支")
    for wrong in ({"number": "1"}, {"registered_until": date(2022, 1, 1)}, REGISTERED):
        with pytest.raises(IntegrityError), transaction.atomic():
            Governance.objects.filter(pk=village.pk).update(**wrong)
    with pytest.raises(IntegrityError), transaction.atomic():
        Governance.objects.filter(pk=entry.pk).update(registered_until=date(2020, 1, 1))


def test_the_leading_group_has_two_heads_and_is_the_countys(client):
    county = make_county()
    client.force_login(make_account(county))
    add = reverse("admin:councils_leader_add")
    said = {"council": county.pk, "start": "2022-01-01", "duty": ""}
    assert len(client.get(page_of(county)).context["missing_heads"]) == 2
    client.post(add, said | {"name": "甲", "role": "secretary"})
    client.post(add, said | {"name": "乙", "role": "county_head"})
    assert client.get(page_of(county)).context["missing_heads"] == []
    again = client.post(add, said | {"name": "丙", "role": "secretary"})
    assert again.status_code == 200
    assert Leader.objects.count() == 2
    with pytest.raises(ValidationError):
        Leader(council=make_township(county), name="丁", role="member", start=date(2022, 1, 1)).full_clean()


def test_below_the_county_nobody_sees_the_group(client, township, chair):
    Leader.objects.create(council=township.parent, name="某某", role="secretary", start=date(2022, 1, 1))
    assert client.get(reverse("admin:councils_leader_changelist")).status_code == 403
    assert not client.get(page_of(township)).context["shows_group"]


def test_a_chair_enters_it_for_her_own_councils_alone(client, township, chair):
    add = reverse("admin:councils_governance_add")
    said = {"party_organisation": "镇党委", "federation": "镇妇联", "registration": "", "number": ""}
    assert client.post(add, said | {"council": make_village(make_township()).pk}).status_code == 200
    assert client.post(add, said | {"council": township.children.first().pk}).status_code == 302
    assert Governance.objects.get().council == township.children.first()
