from argparse import ArgumentParser
from typing import Any

from django.core.management.base import BaseCommand, CommandError
from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from councils import audit, tree_check


class Command(BaseCommand):
    help = (
        "Proves the council tree against its parents column: a line for each fault and exit 1, or one line and exit 0."
    )

    def add_arguments(self, parser: ArgumentParser) -> None:
        parser.add_argument("--repair", action="store_true", help="draw every county anew from the parents column")

    def handle(self, *, repair: bool, **_options: Any) -> None:
        if repair:
            with audit.acting(name="check_tree"):
                mended = tree_check.repair()
            self.stdout.write(
                ngettext("%(count)d council was set right.", "%(count)d councils were set right.", mended)
                % {"count": mended}
            )
        faults = list(tree_check.faults())
        for fault in faults:
            self.stdout.write(fault)
        if faults:
            raise CommandError(
                ngettext("The tree has %(count)d fault.", "The tree has %(count)d faults.", len(faults))
                % {"count": len(faults)}
            )
        self.stdout.write(_("The tree is whole."))
