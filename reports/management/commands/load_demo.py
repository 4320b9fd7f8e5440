import json
import os
from pathlib import Path
from typing import Any

from django.conf import settings
from django.core.management.base import BaseCommand, CommandError
from django.utils.translation import gettext as _

from councils.models import Council
from reports.demo import county


class Command(BaseCommand):
    help = "Fills an empty database with the invented county and keeps its sign-ins in the data folder."

    def handle(self, **_options: Any) -> None:
        if Council.objects.exists():
            raise CommandError(_("There are councils in this database already; the demo is for an empty one."))
        said = {
            "councils": _("councils"), "zones": _("grid zones"), "accounts": _("accounts"),
            "people": _("village sisters, from the townships' lists"), "ledgers": _("records of ledgers"),
            "months": _("entries of twenty months"),
        }  # fmt: skip

        def tell(step: str, count: int) -> None:
            self.stdout.write(f"  {count:>6}  {said[step]}")

        sign_ins = county.load(settings.DATA_DIR / "demo", tell)
        path = Path(settings.DATA_DIR) / "sign-ins.json"
        with open(os.open(path, os.O_WRONLY | os.O_CREAT | os.O_TRUNC, 0o600), "w", encoding="utf-8") as file:
            json.dump([each._asdict() for each in sign_ins], file, ensure_ascii=False, indent=1)
