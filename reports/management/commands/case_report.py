import json
from argparse import ArgumentParser
from datetime import date
from decimal import Decimal
from typing import Any

from django.core.management.base import BaseCommand, CommandError
from django.utils import timezone
from django.utils.translation import gettext as _

from councils.models import Council, Level
from reports import indicators
from reports.periods import NotAPeriod, Period


class Command(BaseCommand):
    help = "The table of the county's case report, counted from single records, as it stood on a day."

    def add_arguments(self, parser: ArgumentParser) -> None:
        parser.add_argument("--as-of", help="the day, such as 2022-08-31; today by default")
        parser.add_argument("--council", help="official code of a council; the county by default")
        parser.add_argument("--json", action="store_true", help="print {key: value} instead of a table")

    def handle(self, *, as_of: str | None, council: str | None, **options: Any) -> None:
        try:
            day = date.fromisoformat(as_of) if as_of else timezone.localdate()
            period = Period.until(day)
        except (ValueError, NotAPeriod) as fault:
            raise CommandError(_("This is no day. Write it like 2022-08-31.")) from fault
        wanted = {"code": council} if council else {"level": Level.COUNTY}
        where = Council.objects.filter(**wanted).first()
        if where is None:
            raise CommandError(_("There is no such council."))
        found = indicators.values(where, period, indicators.CASE_REPORT)
        if options["json"]:
            self.stdout.write(json.dumps({key: _plain(figure.value) for key, figure in found.items()}, indent=1))
            return
        self.stdout.write(f"{where.name} {period.label}")
        for key, figure in found.items():
            self.stdout.write(f"{figure.shown:>12} {figure.unit}  {indicators.CATALOGUE[key].name}")


def _plain(value: Any) -> Any:
    """A whole amount of yuan as a whole number."""
    if isinstance(value, Decimal):
        return int(value) if value == int(value) else float(value)
    return value
