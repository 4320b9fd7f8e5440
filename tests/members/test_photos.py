import io

import pytest
from django.core.files.storage import default_storage
from django.core.files.uploadedfile import SimpleUploadedFile
from django.urls import reverse
from PIL import Image

from councils.models import Change
from members.merging import merge, undo
from members.models import MemberPhoto
from members.photos import keep, take_away
from tests.factories import make_account, make_member, make_township, make_village, the_county, villages_of

pytestmark = pytest.mark.django_db


@pytest.fixture(autouse=True)
def folder(settings, tmp_path):
    settings.MEDIA_ROOT = tmp_path
    return tmp_path


@pytest.fixture
def village():
    return villages_of(make_township(villages=1))[0]


def picture(colour="red", kind="JPEG"):
    out = io.BytesIO()
    Image.new("RGB", (900, 1200), colour).save(out, kind)
    out.seek(0)
    return out


def upload(colour="red", name="me.jpg"):
    return SimpleUploadedFile(name, picture(colour).read(), "image/jpeg")


def files(folder):
    return sorted(path.name for path in folder.rglob("*.jpg"))


def test_a_photo_is_taken_replaced_and_taken_away_and_its_files_with_it(
    client, village, folder, django_capture_on_commit_callbacks
):
    member = make_member(village)
    client.force_login(make_account(village.parent))
    form, shown = reverse("member_deed", args=[member.pk, "photo"]), reverse("member_photo", args=[member.pk])
    assert client.get(shown).status_code == 404
    with django_capture_on_commit_callbacks(execute=True):
        assert client.post(form, {"picture": upload()}).headers["Location"] == reverse("member", args=[member.pk])
    (first,) = files(folder)
    assert shown in client.get(reverse("member", args=[member.pk])).text
    with django_capture_on_commit_callbacks(execute=True):
        client.post(form, {"picture": upload("blue")})
    (second,) = files(folder)
    assert second != first
    with django_capture_on_commit_callbacks(execute=True):
        client.post(form, {"remove": "on"})
    assert files(folder) == []
    assert not MemberPhoto.objects.exists()
    entries = Change.objects.filter(record="members.memberphoto").order_by("pk")
    assert [each.action for each in entries] == ["created", "changed", "deleted"]
    assert first not in str(list(entries.values()))


def test_a_photo_is_kept_by_no_browser_and_taken_for_nothing_else(client, village):
    member = make_member(village)
    keep(member, picture(kind="PNG"))
    client.force_login(make_account(village.parent))
    answer = client.get(reverse("member_photo", args=[member.pk]))
    assert answer.headers["Content-Type"] == "image/jpeg"
    assert answer.headers["X-Content-Type-Options"] == "nosniff"
    assert "no-store" in answer.headers["Cache-Control"]
    assert answer.headers["Content-Disposition"].startswith("inline")
    assert Image.open(io.BytesIO(answer.content)).size == (540, 720)


def test_the_neighbours_photo_is_not_there(client, village):
    stranger = make_member(make_village(make_township()))
    keep(stranger, picture())
    client.force_login(make_account(village.parent))
    assert client.get(reverse("member_photo", args=[stranger.pk])).status_code == 404
    answer = client.post(reverse("member_deed", args=[stranger.pk, "photo"]), {"remove": "on"})
    assert answer.status_code == 404
    assert MemberPhoto.objects.exists()
    client.logout()
    assert client.get(reverse("member_photo", args=[stranger.pk])).status_code == 302


def test_who_only_reads_sees_the_photo_and_changes_none(client, village):
    member = make_member(village)
    keep(member, picture())
    client.force_login(make_account(the_county(), "auditor"))
    assert client.get(reverse("member_photo", args=[member.pk])).status_code == 200
    form = reverse("member_deed", args=[member.pk, "photo"])
    assert client.post(form, {"remove": "on"}).status_code == 403
    assert form not in client.get(reverse("member", args=[member.pk])).text


@pytest.mark.parametrize("said", [{}, {"picture": SimpleUploadedFile("a.jpg", b"<html>", "image/jpeg")}])
def test_what_is_no_picture_comes_back_with_a_sentence(client, village, folder, said):
    member = make_member(village)
    client.force_login(make_account(village.parent))
    page = client.post(reverse("member_deed", args=[member.pk, "photo"]), said)
    assert page.context["form"].errors.keys() == {"picture"}
    assert files(folder) == []


def test_a_file_whose_row_is_not_written_goes_again(village, folder, monkeypatch):
    def fails(*_given, **_named):
        raise RuntimeError

    monkeypatch.setattr(MemberPhoto, "save", fails)
    with pytest.raises(RuntimeError):
        keep(make_member(village), picture())
    assert files(folder) == []


def test_a_lost_file_is_not_there_and_breaks_no_page(client, village, django_capture_on_commit_callbacks):
    member = make_member(village)
    default_storage.delete(keep(member, picture()).file)
    client.force_login(make_account(village.parent))
    assert client.get(reverse("member_photo", args=[member.pk])).status_code == 404
    with django_capture_on_commit_callbacks(execute=True):
        take_away(member)


def test_merged_records_keep_one_photo_and_an_undone_merger_gives_back_both(village, folder):
    kept, gone = make_member(village), make_member(village)
    photos = {member.pk: keep(member, picture()).file for member in (kept, gone)}
    record = merge(kept, gone, None)
    assert MemberPhoto.objects.get().file == photos[kept.pk]
    undo(record, None)
    assert dict(MemberPhoto.objects.values_list("member", "file")) == photos
    assert len(files(folder)) == 2
