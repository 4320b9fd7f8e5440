import stat

import pytest
from django.core.exceptions import ImproperlyConfigured

from cunsao import keys
from cunsao.database import database

pytestmark = pytest.mark.once


def test_a_key_is_made_once_and_only_its_owner_reads_it(tmp_path):
    folder = tmp_path / "data"
    made = keys.key(folder, "secret", 20)
    assert (len(made), keys.key(folder, "secret", 20)) == (40, made)
    assert stat.S_IMODE((folder / "secret").stat().st_mode) == 0o600
    assert stat.S_IMODE(folder.stat().st_mode) == 0o700


def test_a_ring_holds_the_newest_key_first(tmp_path):
    first = keys.ring(tmp_path, "ring")
    (tmp_path / "ring").write_text("2:" + "ab" * 32 + "\n" + first[0], encoding="ascii")
    assert keys.ring(tmp_path, "ring") == ["2:" + "ab" * 32, first[0]]


def test_a_folder_that_cannot_be_made_is_one_clear_sentence(tmp_path):
    (tmp_path / "file").write_text("")
    with pytest.raises(ImproperlyConfigured, match="CUNSAO_DATA_DIR"):
        keys.data_folder(tmp_path / "file" / "data")


def test_only_the_two_databases_are_taken():
    assert database("sqlite:////tmp/x.sqlite3")["OPTIONS"]["transaction_mode"] == "IMMEDIATE"
    assert database("postgres://a:b@localhost/c")["OPTIONS"]["pool"]
    with pytest.raises(ImproperlyConfigured):
        database("mysql://a:b@localhost/c")
