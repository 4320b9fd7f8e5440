import sqlite3
import tarfile
import tempfile
from argparse import ArgumentParser
from pathlib import Path
from typing import Any

from django.conf import settings
from django.core.management.base import BaseCommand, CommandError
from django.db import connection
from django.utils import timezone
from django.utils.translation import gettext as _

KEPT = ("secret_key", "data_keys", "fingerprint_key", "sign-ins.json", "files")  # beside the database


class Command(BaseCommand):
    help = (
        "Writes one file with the database, the keys and the uploaded files, while the program runs. It opens "
        "everything: keep it locked away."
    )

    def add_arguments(self, parser: ArgumentParser) -> None:
        parser.add_argument("file", nargs="?", type=Path, help="where to; a new name in the current folder if left out")

    def handle(self, *, file: Path | None, **_options: Any) -> None:
        if connection.vendor != "sqlite":
            raise CommandError(_("On PostgreSQL use pg_dump for the database, and copy the data folder beside it."))
        target = file or Path(f"cunsao-{timezone.localtime():%Y-%m-%d-%H%M%S}.tar.gz")
        if target.exists():
            raise CommandError(_("%(file)s is there already; choose another name.") % {"file": target})
        folder = Path(settings.DATA_DIR)
        try:
            with tempfile.TemporaryDirectory(dir=folder) as scratch, target.open("xb") as out:
                target.chmod(0o600)
                copy = Path(scratch) / "cunsao.sqlite3"
                # A copied file of a live database may lack its last rows; this one is whole.
                with connection.cursor() as cursor:
                    cursor.execute("VACUUM INTO %s", [str(copy)])
                with tarfile.open(fileobj=out, mode="w:gz") as archive:
                    archive.add(copy, "cunsao.sqlite3")
                    for name in KEPT:
                        if (folder / name).exists():
                            archive.add(folder / name, name)
        except (OSError, sqlite3.Error) as fault:
            target.unlink(missing_ok=True)
            raise CommandError(_("The backup could not be written: %(reason)s.") % {"reason": fault}) from None
        self.stdout.write(_("Backup written: %(file)s") % {"file": target.resolve()})
