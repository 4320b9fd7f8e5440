from argparse import ArgumentParser
from pathlib import Path
from typing import Any

from django.core.management.base import BaseCommand, CommandError
from django.utils.translation import gettext as _

from councils import audit
from cunsao import workbook
from members import exports
from members.management.commands.import_members import account


class Command(BaseCommand):
    help = "Writes the register as .xlsx or .csv, with the import's columns. Numbers are masked unless --unmasked."

    def add_arguments(self, parser: ArgumentParser) -> None:
        parser.add_argument("out", type=Path, metavar="OUT.xlsx|OUT.csv")
        parser.add_argument("--as", dest="username", metavar="USERNAME", help="an account; its jurisdiction holds")
        parser.add_argument("--unmasked", action="store_true", help="with whole numbers; needs --reason")
        parser.add_argument("--reason", default="", metavar="TEXT", help="why; it is entered in the audit trail")

    def handle(self, *, out: Path, username: str | None, unmasked: bool, reason: str, **_options: Any) -> None:
        by = account(username)
        if out.suffix.lower() not in (".xlsx", ".csv"):
            raise CommandError(_("Name the file OUT.xlsx or OUT.csv."))
        if unmasked and by is not None and not by.has_perm("members.reveal_number"):
            raise CommandError(_("This account may not see whole numbers."))
        try:
            with audit.acting(by, name="export_members"):
                rows = exports.rows(exports.everybody(by), by, unmasked, reason)
            with out.open("wb") as stream:
                _write(rows, out.suffix.lower(), stream)
        except ValueError as fault:
            raise CommandError(str(fault)) from None
        except OSError as fault:
            raise CommandError(
                _("%(file)s cannot be written: %(why)s.") % {"file": out, "why": fault.strerror}
            ) from None
        self.stdout.write(_("%(count)d members written.") % {"count": len(rows)})


def _write(rows: list[list[Any]], ending: str, stream: Any) -> None:
    if ending == ".csv":
        workbook.write_csv([[column.heading for column in exports.COLUMNS], *rows], stream)
    else:
        plan = workbook.Plan(name=_("Members"), columns=exports.COLUMNS, rows=rows, landscape=True)
        workbook.write([plan], stream)
