"""Forms by role, a record's page, its photos, and the month at a glance."""

import io
import struct
import uuid
import zlib

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.urls import reverse

from reports.activities import reject, verify
from reports.kinds import KINDS, Role, of_role
from reports.models import Activity, Photo
from reports.photos import keep
from reports.tallying import Standing, Typed, enter
from tests.factories import (
    WORKED,
    make_account,
    make_activity,
    make_chair,
    make_member,
    make_staff,
    make_township,
    make_village,
    make_zone,
)
from tests.reports.test_photos import picture

pytestmark = pytest.mark.django_db
OWN_FORM = [kind for kind in KINDS.values() if not kind.its_own]


def address(kind):
    return reverse("enter_work", args=[kind.role]) + f"?kind={kind.key}"


def filled(kind, member, **said):
    """The form of a kind, with a value for each of its particulars."""
    values = {"client_key": str(uuid.uuid4()), "day": f"{WORKED:%Y-%m-%d}", "members": [member.pk], "quantity": "2"}
    values |= {"household": "张三", "quantity": "1"} if kind.household else {}
    for each in kind.particulars:
        values[f"p-{each.key}"] = next(iter(each.choices)) if each.choices else "12" if each.number else "李四"
    return values | said


def upload(content, name="院子.jpg"):
    return SimpleUploadedFile(name, content, "image/jpeg")


def bomb():
    """A small file that promises 60,000 × 60,000 pixels."""
    head = struct.pack(">IIBBBBB", 60_000, 60_000, 8, 2, 0, 0, 0)
    chunks = [(b"IHDR", head), (b"IDAT", zlib.compress(bytes(1000))), (b"IEND", b"")]
    parts = (
        struct.pack(">I", len(body)) + name + body + struct.pack(">I", zlib.crc32(name + body)) for name, body in chunks
    )
    return b"\x89PNG\r\n\x1a\n" + b"".join(parts)


@pytest.mark.parametrize("role", Role)
def test_a_roles_page_offers_its_kinds_and_no_others(client, president, role):
    page = client.get(reverse("enter_work", args=[role]))
    assert [kind for kind, _own in page.context["kinds"]] == of_role(role)
    assert page.context["form"] is None
    for kind in OWN_FORM:
        shown = client.get(reverse("enter_work", args=[role]), {"kind": kind.key}).context["form"]
        assert (shown is not None) is (kind.role == role)


@pytest.mark.parametrize("kind", OWN_FORM, ids=lambda kind: kind.key)
def test_each_kind_asks_what_it_stores_and_nothing_else(client, village, member, president, kind):
    form = client.get(address(kind)).context["form"]
    asked = {name.removeprefix("p-") for name in form.fields if name.startswith("p-")}
    assert asked == {each.key for each in kind.particulars}
    assert ("household" in form.fields) is kind.household
    assert str(kind.unit.label) in str(form.fields["quantity"].label)
    zone = make_zone(village)
    sent = filled(kind, member, place="村部", text="到户看过了，都打扫了", zone=zone.pk)
    record = Activity.objects.get(pk=client.post(address(kind), sent).url.split("/")[2])
    assert (record.kind, record.day, record.village, record.zone) == (kind.key, WORKED, village, zone)
    assert set(record.particulars) == asked
    assert (record.doers, record.source, record.recorded_by) == (member.name, "page", president)


def test_sent_twice_it_is_stored_once_photos_too(client, member, president):
    kind = KINDS["inspection"]
    sent = filled(kind, member)
    for _time in range(2):
        client.post(
            address(kind), sent | {"photos": [upload(picture().getvalue()), upload(picture(seed=2).getvalue())]}
        )
    assert Activity.objects.count() == 1
    assert Photo.objects.count() == 2


def test_who_enters_many_stays_on_the_form(client, member, president):
    kind = KINDS["inspection"]
    assert client.post(address(kind), filled(kind, member, next="1")).url == address(kind)


@pytest.mark.parametrize(
    ("said", "field"),
    [
        ({"members": []}, "members"), ({"quantity": "0"}, "quantity"), ({"day": "2999-01-01"}, "day"),
        ({"p-found": "x"}, "p-found"),
    ],
)  # fmt: skip
def test_what_a_rule_refuses_stands_beside_its_field_with_all_that_was_typed(client, member, president, said, field):
    kind = KINDS["inspection"]
    page = client.post(address(kind), filled(kind, member, place="村部", **said))
    assert page.context["form"].errors[field]
    assert page.context["form"]["place"].value() == "村部"
    assert not Activity.objects.exists()


def test_a_member_or_zone_from_elsewhere_is_not_taken(client, village, member, president):
    kind, other = KINDS["inspection"], make_village(village.parent)
    for said in ({"members": [make_member(other).pk]}, {"zone": make_zone(other).pk}):
        assert client.post(address(kind), filled(kind, member) | said).status_code == 200
    assert not Activity.objects.exists()


def test_a_chair_chooses_a_village_of_hers_first(client, village, member):
    client.force_login(make_chair(village.parent))
    kind = KINDS["inspection"]
    assert client.get(address(kind)).context["form"] is None
    assert client.get(address(kind) + f"&village={village.code}").context["form"] is not None
    foreign = make_village(make_township())
    page = client.get(address(kind) + f"&village={foreign.code}")
    assert (page.context["form"], page.context["village"]) == (None, None)
    assert foreign.name not in page.text


@pytest.mark.parametrize(
    ("content", "word"),
    [(b"no picture at all", "不是图片"), (bomb(), "太大"), (picture().getvalue()[:300], "图片")],
)
def test_what_is_no_photo_is_told_and_the_record_stays(client, member, president, content, word):
    kind = KINDS["inspection"]
    sent = filled(kind, member) | {"photos": [upload(content), upload(picture().getvalue())]}
    page = client.post(address(kind), sent, follow=True)
    assert any(word in str(each) for each in page.context["messages"])
    assert (Activity.objects.count(), Photo.objects.count()) == (1, 1)


def test_more_than_six_photos_are_refused_before_anything_is_stored(client, member, president):
    kind = KINDS["inspection"]
    photos = [upload(picture(seed=at).getvalue()) for at in range(7)]
    assert "photos" in client.post(address(kind), filled(kind, member) | {"photos": photos}).context["form"].errors
    assert not Activity.objects.exists()


def test_a_photo_is_shown_to_who_may_see_the_record_and_to_nobody_else(client, village, member, president):
    record = make_activity(village, member, by=president)
    shown = reverse("work_photo", args=[keep(record, picture(), president).pk])
    seen = client.get(shown)
    assert (seen.status_code, seen.headers["Content-Type"]) == (200, "image/jpeg")
    assert "no-store" in seen.headers["Cache-Control"]
    for account, status in (
        (make_chair(village.parent), 200), (make_account(village.parent.parent, "auditor"), 200),
        (make_account(make_village(village.parent)), 404), (make_chair(make_township()), 404),
        (make_staff(village.parent.parent, "county_finance"), 403),
    ):  # fmt: skip
        client.force_login(account)
        assert client.get(shown).status_code == status


def test_a_photo_is_taken_away_by_who_may_mend_its_record(client, village, member, president):
    record = make_activity(village, member, by=president)
    gone = reverse("remove_photo", args=[keep(record, picture(), president).pk])
    for account, status in (
        (make_account(village.parent.parent, "auditor"), 403), (make_chair(make_township()), 404),
    ):  # fmt: skip
        client.force_login(account)
        assert client.post(gone).status_code == status
    client.force_login(president)
    assert client.get(gone).status_code == 405
    client.post(gone)
    assert not Photo.objects.exists()


def test_a_record_that_was_given_back_is_mended_with_the_reason_on_top(client, village, member, president):
    record = make_activity(village, member, by=president, quantity=9)
    reject({record.pk: 1}, make_chair(village.parent), "人数不对")
    mend = reverse("mend_activity", args=[record.pk])
    page = client.get(mend)
    assert "人数不对" in page.text
    record.refresh_from_db()
    sent = filled(KINDS["inspection"], member, quantity="4", version=record.version)
    assert client.post(mend, sent).url == reverse("open_activity", args=[record.pk])
    record.refresh_from_db()
    assert (record.quantity, record.state, record.reason) == (4, "open", "")


def test_who_was_overtaken_while_mending_is_told_and_keeps_what_she_typed(client, village, member, president):
    record = make_activity(village, member, by=president)
    mend = reverse("mend_activity", args=[record.pk])
    client.post(mend, filled(KINDS["inspection"], member, version=1, place="桥头"))
    late = client.post(mend, filled(KINDS["inspection"], member, version=1, place="村部"))
    assert late.context["form"].non_field_errors()
    assert late.context["form"]["place"].value() == "村部"
    record.refresh_from_db()
    assert record.place == "桥头"


def test_a_kind_may_be_changed_to_another_of_the_role(client, village, member, president):
    record = make_activity(village, member, by=president)
    mend = reverse("mend_activity", args=[record.pk]) + "?kind=courtyard"
    client.post(mend, filled(KINDS["courtyard"], member, version=1))
    record.refresh_from_db()
    assert (record.kind, record.household, record.particulars) == ("courtyard", "张三", {"level": "village"})


def test_what_is_verified_or_stands_in_the_sheet_is_not_mended_on_a_form(client, village, member, president):
    done = make_activity(village, member, by=president)
    verify({done.pk: 1}, make_chair(village.parent))
    enter(village, WORKED.replace(day=1), [Typed(member.pk, "elderly", Standing(), "2")], president)
    for record in Activity.objects.all():
        assert client.get(reverse("mend_activity", args=[record.pk])).status_code == 302
        assert (
            reverse("mend_activity", args=[record.pk])
            not in client.get(reverse("open_activity", args=[record.pk])).text
        )


@pytest.mark.parametrize(
    ("role", "enters", "sees"),
    [
        ("county_staff", True, True), ("auditor", False, True), ("county_finance", False, False),
        ("system_administrator", False, False),
    ],
)  # fmt: skip
def test_who_may_enter_and_who_may_look(client, village, member, role, enters, sees):
    record = make_activity(village, member)
    client.force_login(make_account(village.parent.parent, role))
    assert client.get(reverse("enter_work", args=["inspector"])).status_code == (200 if enters else 403)
    assert client.get(reverse("mend_activity", args=[record.pk])).status_code == (200 if enters else 403)
    for shown in (reverse("work"), reverse("open_activity", args=[record.pk])):
        assert client.get(shown).status_code == (200 if sees else 403)


def test_a_record_elsewhere_is_not_found(client, village, member, president):
    foreign = make_activity(make_village(village.parent))
    for name in ("open_activity", "mend_activity"):
        assert client.get(reverse(name, args=[foreign.pk])).status_code == 404


def test_the_month_is_counted_by_role_and_leads_to_the_records(client, village, member, president):
    make_activity(village, member, by=president, quantity=3)
    done = make_activity(village, member, quantity=4)
    back = make_activity(village, member, quantity=50)
    make_activity(village, member, kind="elderly", day=WORKED.replace(month=7))
    make_activity(make_village(village.parent), quantity=7)
    verify({done.pk: 1}, make_chair(village.parent))
    reject({back.pk: 1}, make_chair(village.parent), "重复")
    page = client.get(reverse("work"), {"month": "2022-08"})
    told = {each.kind.key: each for role in page.context["roles"] for each in role.kinds}
    assert set(told) == set(KINDS)
    one = told["inspection"]
    assert (one.records, one.quantity, one.waiting, one.verified, one.returned) == (3, 7, 1, 1, 1)
    assert (page.context["records"], told["elderly"].records) == (3, 0)
    listed = reverse("admin:reports_activity_changelist") + "?month=2022-08&amp;kind=inspection"
    assert listed in page.text
    assert client.get(listed.replace("&amp;", "&")).context["cl"].result_count == 3


def test_more_records_cost_no_more_queries(client, village, member, president):
    def asked():
        record = make_activity(village, member, make_member(village), by=president, text="到户看过了，都打扫了")
        keep(record, picture(), president)
        counted = []
        for shown in (reverse("work") + "?month=2022-08", reverse("open_activity", args=[record.pk]), address(kind)):
            with CaptureQueriesContext(connection) as queries:
                client.get(shown)
            counted.append(len(queries))
        return counted

    kind = KINDS["inspection"]
    asked()
    few, _two, more = asked(), asked(), asked()
    assert few == more
    assert max(few) < 14


def test_a_wrong_role_or_kind_has_no_page(client, president):
    assert client.get(reverse("enter_work", args=["dancer"])).status_code == 404
    assert client.get(reverse("enter_work", args=["helper"]), {"kind": "inspection"}).context["form"] is None


def test_what_the_camera_says_of_the_place_stays_behind(client, member, president):
    kind = KINDS["inspection"]
    content = io.BytesIO(picture(comment=b"lat 32.37").getvalue()).getvalue()
    client.post(address(kind), filled(kind, member) | {"photos": [upload(content)]})
    shown = client.get(reverse("work_photo", args=[Photo.objects.get().pk])).content
    assert b"32.37" in content
    assert b"32.37" not in shown
