import json
import stat

import pytest
from django.core.management import CommandError, call_command
from django.db import connection
from django.test import override_settings

from councils.models import Action, Batch, BatchPage, Change
from cunsao import keys as key_files
from cunsao.personal_data import cipher, rotation
from members.merging import merge
from members.models import Member, MergedRecord
from tests.cunsao.personal_data.invented import NEW, OLD, keys
from tests.factories import make_member, make_village

pytestmark = pytest.mark.django_db


def stored():
    """{(table, column): sealed values} of everything that is sealed, as the tables have it."""
    found = {}
    for table, _key, name, _context in rotation.columns():
        with connection.cursor() as cursor:
            cursor.execute(f'SELECT "{name}" FROM "{table}" WHERE "{name}" IS NOT NULL')
            found[table, name] = [bytes(value) for (value,) in cursor.fetchall()]
    return found


def everything():
    return [value for values in stored().values() for value in values]


@pytest.fixture
def sealed_with_old():
    """A member, a merged record and a batch, all under the older key."""
    with keys(OLD):
        village = make_village()
        member, twin = make_member(village, name="甲"), make_member(village, name="甲")
        merge(member, twin, None)
        Batch.objects.create(kind="register", file_name="list.xlsx", digest="0" * 64, content="内容")
        BatchPage.objects.create(batch=Batch.objects.get(), number=1, rows=json.dumps(["行"]))
        yield Member.objects.get(pk=member.pk)


def run(*options):
    call_command("rotate_keys", *options)


def test_every_sealed_column_of_the_house_is_found():
    found = {(table, name) for table, _key, name, _context in rotation.columns()}
    assert {("members_member", "national_id"), ("members_member", "phone"), ("members_member", "bank_account"),
            ("members_mergedrecord", "gone"), ("councils_batch", "content"),
            ("councils_batchpage", "rows")} <= found  # fmt: skip


@pytest.mark.parametrize("kind", ["aes", "sm4"])
def test_everything_is_under_the_newest_key_and_cipher_and_opens_without_the_old_one(sealed_with_old, kind, capsys):
    said = (sealed_with_old.national_id.clear, sealed_with_old.phone.clear)
    before = everything()
    with keys(NEW, OLD, cipher=kind):
        run()
        assert f"{len(before)} " in capsys.readouterr().out
        assert all(cipher.is_newest(value) for value in everything())
    with keys(NEW, cipher=kind):
        member = Member.objects.get(pk=sealed_with_old.pk)
        assert (member.national_id.clear, member.phone.clear) == said
        assert Batch.objects.get().content.clear == "内容"
        assert json.loads(MergedRecord.objects.get().gone.clear)["member"]["name"] == "甲"
        assert BatchPage.objects.get().rows.clear == '["\\u884c"]'


def test_a_second_run_changes_nothing_and_each_that_did_leaves_one_entry(sealed_with_old):
    with keys(NEW, OLD):
        run()
        after, entries = stored(), Change.objects.count()
        run()
        assert (stored(), Change.objects.count()) == (after, entries)
    (entry,) = Change.objects.filter(action=Action.KEYS_CHANGED)
    assert entry.actor_name == "rotate_keys"
    assert entry.fields["resealed"] == [None, sum(map(len, after.values()))]


def test_a_missing_key_is_named_and_nothing_is_written(sealed_with_old):
    before = stored()
    with keys(NEW), pytest.raises(CommandError, match="2024"):
        run()
    assert stored() == before
    assert not Change.objects.filter(action=Action.KEYS_CHANGED).exists()


def test_stopped_half_way_it_goes_on_where_it_was(sealed_with_old, monkeypatch):
    monkeypatch.setattr(rotation, "PORTION", 1)
    whole = len(everything())
    first, second = rotation.Done(), rotation.Done()

    def stop(_count):
        if first.resealed >= 2:
            raise KeyboardInterrupt

    with keys(NEW, OLD):
        with pytest.raises(KeyboardInterrupt):
            rotation.rotate(first, stop)
        rotation.rotate(second)
        assert (first.resealed, second.resealed, second.up_to_date) == (2, whole - 2, 2)
        assert all(cipher.is_newest(value) for value in everything())


def test_portions_and_pages_leave_nothing_out(monkeypatch):
    monkeypatch.setattr(rotation, "PAGE", 2)
    monkeypatch.setattr(rotation, "PORTION", 3)
    with keys(OLD):
        village = make_village()
        for _each in range(7):
            make_member(village)
    done = rotation.Done()
    with keys(NEW, OLD):
        assert rotation.count() == 21
        rotation.rotate(done)
        assert (done.resealed, done.up_to_date, done.faults) == (21, 0, [])


def test_a_torn_value_is_told_left_and_holds_nobody_up(sealed_with_old):
    with connection.cursor() as cursor:
        cursor.execute("SELECT phone FROM members_member WHERE id = %s", [sealed_with_old.pk])
        torn = bytes(cursor.fetchone()[0])[:-1]
        cursor.execute("UPDATE members_member SET phone = %s WHERE id = %s", [torn, sealed_with_old.pk])
    with keys(NEW, OLD):
        with pytest.raises(CommandError, match=f"members_member.phone {sealed_with_old.pk}"):
            run()
        assert [value for value in everything() if not cipher.is_newest(value)] == [torn]


def test_a_number_that_is_typed_meanwhile_is_kept(sealed_with_old, monkeypatch):
    reseal = cipher.reseal

    def slow(sealed, context):
        if context.endswith("phone"):
            with connection.cursor() as cursor:
                typed = cipher.seal("13900000000", context)
                cursor.execute("UPDATE members_member SET phone = %s WHERE id = %s", [typed, sealed_with_old.pk])
        return reseal(sealed, context)

    monkeypatch.setattr(cipher, "reseal", slow)
    with keys(NEW, OLD):
        run()
        assert Member.objects.get(pk=sealed_with_old.pk).phone.clear == "13900000000"


def test_a_new_key_stands_in_front_and_only_its_owner_reads_it(tmp_path, monkeypatch, capsys):
    monkeypatch.delenv("CUNSAO_DATA_KEYS", raising=False)
    (old,) = key_files.ring(tmp_path, "data_keys")
    with override_settings(DATA_DIR=tmp_path):
        run("--new")
    new, kept = key_files.ring(tmp_path, "data_keys")
    assert (kept, new.partition(":")[0]) == (old, "2")
    assert len(new) == 66
    assert stat.S_IMODE((tmp_path / "data_keys").stat().st_mode) == 0o600
    assert new.partition(":")[2] not in capsys.readouterr().out


def test_keys_of_the_environment_are_the_administrators_own(tmp_path, monkeypatch):
    monkeypatch.setenv("CUNSAO_DATA_KEYS", "1:" + "ab" * 32)
    with override_settings(DATA_DIR=tmp_path), pytest.raises(CommandError, match="CUNSAO_DATA_KEYS"):
        run("--new")
    assert not list(tmp_path.iterdir())
