from argparse import ArgumentParser
from pathlib import Path
from typing import Any

from django.core.management.base import BaseCommand, CommandError
from django.utils.translation import gettext as _

from councils import audit, divisions
from cunsao.progress import progress

BESIDE = ("streets.csv", "areas.csv")  # the national tables above villages.csv


class Command(BaseCommand):
    help = (
        "Loads administrative divisions: FILE.csv with code, name, level, parent_code, or the national villages.csv "
        "(streets.csv and areas.csv are taken from the same folder). Refused whole if a line is wrong."
    )

    def add_arguments(self, parser: ArgumentParser) -> None:
        parser.add_argument("files", nargs="+", type=Path, metavar="FILE.csv")

    def handle(self, *, files: list[Path], **_options: Any) -> None:
        wanted = list(dict.fromkeys([*files, *_tables_beside(files)]))
        try:
            with audit.acting(name="load_divisions"):
                found = [each for path in wanted for each in divisions.read(path)]
                found += divisions.nameless_counties(found)
                with progress(_("councils"), len(found)) as bar:
                    done = divisions.load(found, bar.update)
        except divisions.DivisionsRefused as refusal:
            raise CommandError(
                _("Nothing was loaded. Mend these lines and load the file again:\n") + "\n".join(refusal.faults)
            ) from None
        except OSError as fault:
            raise CommandError(
                _("The file %(file)s cannot be read: %(reason)s.") % {"file": fault.filename, "reason": fault.strerror}
            ) from None
        self.stdout.write(_("%(created)d created, %(renamed)d renamed, %(unchanged)d unchanged.") % done._asdict())


def _tables_beside(files: list[Path]) -> list[Path]:
    return [
        beside
        for path in files if path.name == "villages.csv"
        for name in BESIDE if (beside := path.with_name(name)).exists()
    ]  # fmt: skip
