import json
from argparse import ArgumentParser
from pathlib import Path
from typing import Any

from django.core.management.base import BaseCommand, CommandError
from django.utils.translation import gettext as _

from councils import audit, intake
from councils.models import User
from cunsao import workbook
from cunsao.progress import progress

Told = dict[str, Any]


class Command(BaseCommand):
    help = (
        "Imports a list of members: .xlsx, .xls, .et or .csv, whatever its ending says. One refused row holds back all "
        "unless --accept-valid. Exit 0 when nothing is refused, else 1."
    )

    def add_arguments(self, parser: ArgumentParser) -> None:
        parser.add_argument("file", type=Path, metavar="FILE")
        parser.add_argument("--as", dest="username", metavar="USERNAME", help="an account; its jurisdiction holds")
        parser.add_argument("--accept-valid", action="store_true", help="take the good rows, leave the refused ones")
        parser.add_argument("--dry-run", action="store_true", help="look only, write nothing")
        parser.add_argument(
            "--full-list", action="store_true", help="the list is whole: tell who of its villages is not in it"
        )
        parser.add_argument("--json", action="store_true", help="print one JSON object instead of sentences")
        parser.add_argument("--report", type=Path, metavar="OUT.xlsx", help="the same workbook with its faults marked")

    def handle(self, *, file: Path, username: str | None, **options: Any) -> None:
        by = account(username)
        try:
            content = file.read_bytes()
        except OSError as fault:
            raise CommandError(_("%(file)s cannot be read: %(why)s.") % {"file": file, "why": fault.strerror}) from None
        told: Told = dict.fromkeys(("rows", "created", "updated", "unchanged", "rejected"), 0)
        told |= {"errors": [], "warnings": [], "file_error": None, "batch": None}
        try:
            with audit.acting(by, name="import_members"):
                told |= self._imported(content, file, by, options)
        except (workbook.FileRefused, intake.FileFault) as refusal:
            told |= {"file_error": refusal.code, "message": refusal.message}
        self._tell(told, options["json"])
        if told["file_error"] or told["errors"]:
            raise SystemExit(1)

    def _imported(self, content: bytes, file: Path, by: User | None, options: dict[str, Any]) -> Told:
        seen = intake.review("register", workbook.open(content, file.name), by, options["full_list"])
        told: Told = seen.counts
        errors = seen.errors
        if not options["dry_run"]:
            if errors and not options["accept_valid"]:
                told |= {"created": 0, "updated": 0}
            else:
                batch = intake.stage(seen, content, by)
                with progress(_("members"), told["created"] + told["updated"]) as bar:
                    applied = intake.apply(batch, by, bar.update)
                counted = applied.batch
                told |= {name: getattr(counted, name) for name in told} | {"batch": counted.pk}
                errors = errors + applied.overtaken
        if options["report"]:
            with options["report"].open("wb") as stream:
                workbook.annotate(content, [_marked(each) for each in errors], stream, header_rows=seen.header_rows)
        warnings = [each.told() for each in seen.warnings]
        if seen.absent is not None:  # the other keys are a contract, which does not know this one
            missing = intake.resource_of("register")(by).tell_absent(seen.absent)
            told["absent"] = [{"name": each.name, "township": each.above, "village": each.place} for each in missing]
        return told | {"errors": [each.told() for each in errors], "warnings": warnings}

    def _tell(self, told: Told, as_json: bool) -> None:
        if as_json:
            self.stdout.write(json.dumps(told, ensure_ascii=False))
            return
        if told["file_error"]:
            self.stderr.write(told["message"])
            return
        for each in told["errors"] + told["warnings"]:
            self.stdout.write("{sheet} {row} {field}: {message}".format(**each))
        for each in told.get("absent", []):
            self.stdout.write(_("Not in the list: %(name)s, %(township)s %(village)s") % each)
        self.stdout.write(
            _("%(rows)d rows: %(created)d new, %(updated)d changed, %(unchanged)d unchanged, %(rejected)d refused.")
            % told
        )


def account(username: str | None) -> User | None:
    """The account that a command works as, or None; raises CommandError where there is none."""
    if username is None:
        return None
    found = User.objects.select_related("role", "council").filter(username=username, is_active=True).first()
    if found is None:
        raise CommandError(_("There is no account %(name)s that may sign in.") % {"name": username})
    return found


def _marked(found: intake.Finding) -> tuple[str, int, int | None, str]:
    return found.sheet, found.row, found.column, found.message
