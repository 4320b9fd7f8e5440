import tarfile
from argparse import ArgumentParser
from pathlib import Path
from typing import Any

from django.conf import settings
from django.core.management.base import BaseCommand, CommandError
from django.utils.translation import gettext as _


class Command(BaseCommand):
    help = "Brings a backup file into an empty data folder. Stop the program before, start it after."
    requires_system_checks: list[str] = []

    def add_arguments(self, parser: ArgumentParser) -> None:
        parser.add_argument("file", type=Path)

    def handle(self, *, file: Path, **_options: Any) -> None:
        folder = Path(settings.DATA_DIR)
        if (folder / "cunsao.sqlite3").exists():
            raise CommandError(
                _("There is a database in %(folder)s. Move that folder away first; nothing is written over it.")
                % {"folder": folder}
            )
        try:
            with tarfile.open(file) as archive:
                if "cunsao.sqlite3" not in archive.getnames():
                    raise CommandError(_("%(file)s is no backup of this program.") % {"file": file})
                archive.extractall(folder, filter="data")
        except (OSError, tarfile.TarError) as fault:
            raise CommandError(_("%(file)s cannot be read: %(reason)s.") % {"file": file, "reason": fault}) from None
        for path in folder.iterdir():
            path.chmod(0o700 if path.is_dir() else 0o600)
        self.stdout.write(_("Brought back into %(folder)s.") % {"folder": folder})
