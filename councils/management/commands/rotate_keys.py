import os
from argparse import ArgumentParser
from pathlib import Path
from typing import Any

from django.conf import settings
from django.core.exceptions import ImproperlyConfigured
from django.core.management.base import BaseCommand, CommandError
from django.utils.translation import gettext as _

from councils import audit
from councils.models import Action, Council, Level
from cunsao import keys
from cunsao.personal_data import CannotUnseal, rotation
from cunsao.progress import progress

FILE, VARIABLE = "data_keys", "CUNSAO_DATA_KEYS"


class Command(BaseCommand):
    help = (
        "Seals every personal number anew with the newest key and the cipher now set, while the program runs. It may "
        "be stopped and repeated. --new makes a new key first: restart the program then, and run this again."
    )

    def add_arguments(self, parser: ArgumentParser) -> None:
        parser.add_argument("--new", action="store_true", help="only add a new key to the data folder's keys")

    def handle(self, *, new: bool, **_options: Any) -> None:
        if new:
            self._add()
            return
        done = rotation.Done()
        try:
            total = rotation.count()
            with progress(_("sealed values"), total) as bar:
                rotation.rotate(done, bar.update)
        except CannotUnseal as fault:
            raise CommandError(_("Nothing was changed. %(reason)s") % {"reason": fault}) from None
        finally:
            self._enter(done)
        self._tell(done)

    def _add(self) -> None:
        if os.environ.get(VARIABLE):
            raise CommandError(
                _(
                    "The keys come from %(variable)s. Put a new one in front of the others there: a name that none of "
                    "them has, a colon and 64 hexadecimal digits. Restart the program, then run rotate_keys."
                )
                % {"variable": VARIABLE}
            )
        try:
            name = keys.add(Path(settings.DATA_DIR), FILE)
        except (OSError, ImproperlyConfigured) as fault:
            raise CommandError(_("No key was added: %(reason)s") % {"reason": fault}) from None
        self.stdout.write(
            _("Key %(name)s was added. Restart the program, so that it knows the key; then run rotate_keys.")
            % {"name": name}
        )

    def _enter(self, done: rotation.Done) -> None:
        """One entry for all of it, also when it was stopped half-way; a run that changed nothing is none."""
        county = Council.objects.filter(level=Level.COUNTY).first()
        if county is None or not done.resealed:
            return
        with audit.acting(name="rotate_keys"):
            numbers: dict[str, Any] = {"resealed": [None, done.resealed], "up_to_date": [None, done.up_to_date]}
            audit.note(Action.KEYS_CHANGED, county, county.pk, **numbers)

    def _tell(self, done: rotation.Done) -> None:
        counts = {"resealed": done.resealed, "up_to_date": done.up_to_date, "faults": len(done.faults)}
        self.stdout.write(_("%(resealed)d values sealed anew, %(up_to_date)d were up to date.") % counts)
        if done.faults:
            said = _("%(faults)d values do not open and were left as they are. Keep every key.") % counts
            raise CommandError("\n".join([said, *done.faults[:20]]))
        self.stdout.write(
            _(
                "Nothing in the database needs an older key now. Take older keys away only when no backup from before "
                "today is needed any more: without them it does not open."
            )
        )
