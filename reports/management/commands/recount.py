from argparse import ArgumentParser
from typing import Any

from django.core.management.base import BaseCommand, CommandError
from django.utils.translation import gettext as _

from councils import audit
from councils.models import Council
from cunsao import months
from reports import kinds, totals


class Command(BaseCommand):
    help = "Tells which monthly totals are not what their records come to (none should be), and mends them if asked to."

    def add_arguments(self, parser: ArgumentParser) -> None:
        parser.add_argument("--mend", action="store_true", help="build what differs anew; work waits meanwhile")
        parser.add_argument("--council", help="official code of a council; everything by default")
        parser.add_argument("--month", help="such as 2022-08; all months by default")

    def handle(self, *, mend: bool, council: str | None, month: str | None, **_options: Any) -> None:
        where = Council.objects.filter(code=council).first() if council else None
        if council and where is None:
            raise CommandError(_("There is no council with the code %(code)s.") % {"code": council})
        with audit.acting(name="recount"):
            found = totals.recount(where, months.read(month) if month else None, mend)
        names = dict(Council.objects.values_list("pk", "name"))
        for each in found:
            said = {
                "month": f"{each.month:%Y-%m}", "council": names[each.council], "kind": kinds.KINDS[each.kind].label,
                "stands": each.stands[0], "comes": each.comes_to[0],
                "records": each.stands[1], "counted": each.comes_to[1],
            }  # fmt: skip
            self.stdout.write(
                _("%(month)s %(council)s %(kind)s: stands at %(stands)d of %(records)d records, "
                  "comes to %(comes)d of %(counted)d.") % said
            )  # fmt: skip
        if not found:
            self.stdout.write(_("All totals are what their records come to."))
        elif mend:
            self.stdout.write(_("%(count)d totals were mended.") % {"count": len(found)})
        else:
            raise CommandError(_("%(count)d totals differ. --mend puts them right.") % {"count": len(found)})
