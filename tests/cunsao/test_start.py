import os
import re
import socket
import sqlite3
import stat
import subprocess
import sys
from pathlib import Path

import pytest

from tests import databases
from tests.races import own_database
from tests.served import ROOT, free_port, product_environment, served


@pytest.fixture
def installation(tmp_path):
    with own_database(tmp_path, os.environ["DATABASE_URL"]) as environment:
        values = {"DATABASE_URL": environment["DATABASE_URL"]} if databases.KIND == "postgresql" else {}
        yield product_environment(tmp_path, **values)


def manage(environment, *command, **options):
    return subprocess.run(
        [sys.executable, "manage.py", *command], cwd=ROOT, env=environment, capture_output=True, text=True, timeout=120,
        stdin=subprocess.DEVNULL, **options,
    )  # fmt: skip


def test_a_first_start_makes_everything_and_a_second_keeps_it(installation):
    with served(installation) as first:
        assert set(first.sign_ins) == {"admin", "county", "finance", "chair", "president", "auditor"}
        assert all(password in first.said for password in first.sign_ins.values())
        assert "4240" in first.said
    folder = Path(installation["CUNSAO_DATA_DIR"])
    private = ["secret_key", "data_keys", "fingerprint_key", "sign-ins.json"]
    assert {stat.S_IMODE((folder / name).stat().st_mode) for name in private} == {0o600}
    assert len(list((folder / "demo").glob("*.xlsx"))) == 30
    with served(installation) as second:
        assert second.sign_ins == first.sign_ins
        assert "4240" not in second.said
    tree = manage(installation, "check_tree")
    assert tree.returncode == 0, tree.stdout + tree.stderr


def test_an_empty_start_has_one_administrator_and_no_demo(installation):
    with served(installation, "--empty") as empty:
        assert empty.sign_ins == {}
        assert re.search(r"\w{4}-\w{4}-\w{4}", empty.said)
    assert not (Path(installation["CUNSAO_DATA_DIR"]) / "demo").exists()
    asked = "from councils.models import User, Council; print(User.objects.count(), Council.objects.count())"
    counted = manage(installation, "shell", "-v", "0", "-c", asked)
    assert counted.stdout.split()[-2:] == ["1", "1"]


@pytest.mark.once
def test_a_taken_port_is_one_sentence_and_nothing_is_made(tmp_path):
    environment = product_environment(tmp_path)
    with socket.socket() as taken:
        taken.bind(("127.0.0.1", 0))
        taken.listen()
        port = taken.getsockname()[1]
        said = manage(environment, "start", "--port", str(port))
    assert said.returncode == 1
    assert str(port) in said.stderr
    assert "Traceback" not in said.stderr
    assert not (tmp_path / "data/cunsao.sqlite3").exists()


@pytest.mark.once
def test_a_folder_that_cannot_be_written_is_one_sentence(tmp_path):
    (tmp_path / "data").write_text("a file is in the way")
    said = manage(product_environment(tmp_path), "start", "--port", str(free_port()))
    assert said.returncode == 1
    assert "CUNSAO_DATA_DIR" in said.stderr
    assert "Traceback" not in said.stderr


@pytest.mark.once
def test_sqlite_runs_with_its_guards_on(tmp_path):
    environment = product_environment(tmp_path)
    assert manage(environment, "migrate", "-v", "0").returncode == 0
    asked = (
        "from django.db import connection as c; k = c.cursor(); names = 'journal_mode synchronous foreign_keys "
        "recursive_triggers secure_delete'; print(*[k.execute(f'PRAGMA {n}').fetchone()[0] for n in names.split()])"
    )
    assert manage(environment, "shell", "-v", "0", "-c", asked).stdout.split()[-5:] == ["wal", "2", "1", "1", "1"]


@pytest.mark.once
def test_a_backup_of_a_living_database_comes_back_whole(tmp_path):
    environment = product_environment(tmp_path)
    with served(environment) as first:
        photo = tmp_path / "data" / "files" / "members" / "photo.jpg"
        photo.parent.mkdir(parents=True)
        photo.write_bytes(b"her face")
        said = manage(environment, "backup", str(tmp_path / "copy.tar.gz"))
        assert said.returncode == 0, said.stderr
    assert stat.S_IMODE((tmp_path / "copy.tar.gz").stat().st_mode) == 0o600
    again = manage(environment, "restore", str(tmp_path / "copy.tar.gz"))
    assert again.returncode == 1  # nothing is written over a database
    elsewhere = environment | {"CUNSAO_DATA_DIR": str(tmp_path / "second")}
    assert manage(elsewhere, "restore", str(tmp_path / "copy.tar.gz")).returncode == 0
    with served(elsewhere) as second:
        assert second.sign_ins == first.sign_ins
    counts = [
        sqlite3.connect(folder / "cunsao.sqlite3").execute("SELECT count(*) FROM councils_zone").fetchone()
        for folder in (tmp_path / "data", tmp_path / "second")
    ]
    assert counts[0] == counts[1] != (0,)
    assert (tmp_path / "second" / "files" / "members" / "photo.jpg").read_bytes() == b"her face"


@pytest.mark.once
def test_the_deployment_check_is_clean(tmp_path):
    environment = product_environment(tmp_path, CUNSAO_HTTPS="true", CUNSAO_HOSTS="cunsao.example.org")
    said = manage(environment, "check", "--deploy", "--fail-level", "WARNING")
    assert said.returncode == 0, said.stderr


@pytest.mark.once
def test_the_demo_is_the_same_every_time(tmp_path):
    written = []
    for name in ("one", "two"):
        environment = product_environment(tmp_path, CUNSAO_DATA_DIR=str(tmp_path / name))
        manage(environment, "migrate", "-v", "0")
        assert manage(environment, "load_demo").returncode == 0
        asked = (
            "from councils.models import Zone; zones = Zone.objects.select_related('village'); "
            "print(*[f'{z.village.code}{z.number}{z.name}{z.residents}' for z in zones])"
        )
        written.append(manage(environment, "shell", "-v", "0", "-c", asked).stdout)
    assert written[0] == written[1]
    assert len(written[0].split()) > 3000
