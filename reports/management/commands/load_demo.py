import json
import os
from argparse import ArgumentParser
from pathlib import Path
from typing import Any

from django.conf import settings
from django.core.management.base import BaseCommand, CommandError
from django.utils.translation import gettext as _

from councils.models import Council
from reports.demo import county


class Command(BaseCommand):
    help = "Fills an empty database with the invented county and keeps its sign-ins in the data folder."

    def add_arguments(self, parser: ArgumentParser) -> None:
        parser.add_argument("--records", action="store_true", help="the ledgers and months of a county that is there")

    def handle(self, *, records: bool, **_options: Any) -> None:
        lists = settings.DATA_DIR / "demo"
        if records:
            county.load_records(lists, self._tell)
            settings.ARRIVING.unlink(missing_ok=True)
            return
        if Council.objects.exists():
            raise CommandError(_("There are councils in this database already; the demo is for an empty one."))
        sign_ins = county.load(lists, self._tell)
        path = Path(settings.DATA_DIR) / "sign-ins.json"
        with open(os.open(path, os.O_WRONLY | os.O_CREAT | os.O_TRUNC, 0o600), "w", encoding="utf-8") as file:
            json.dump([each._asdict() for each in sign_ins], file, ensure_ascii=False, indent=1)
        settings.ARRIVING.touch(mode=0o600)

    def _tell(self, step: str, count: int) -> None:
        said = {
            "councils": _("councils"), "zones": _("grid zones"), "accounts": _("accounts"),
            "people": _("village sisters, from the townships' lists"), "ledgers": _("records of ledgers"),
            "charters": _("charters and rules"), "months": _("entries of twenty months"),
            "work": _("records of work"), "recent": _("records of the last two years"),
            "today": _("records of this month"),
        }  # fmt: skip
        self.stdout.write(f"  {count:>6}  {said[step]}")
