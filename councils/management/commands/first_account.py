import getpass
import sys
from argparse import ArgumentParser
from typing import Any

from django.core.exceptions import ValidationError
from django.core.management.base import BaseCommand, CommandError
from django.utils.translation import gettext as _

from councils import audit, tree
from councils.accounts import open_account
from councils.models import Council, Level, User
from councils.tree_rules import TreeRefused

COUNTY = ("341226", "颍上县")  # what is offered; any county may be typed


class Command(BaseCommand):
    help = (
        "Opens an empty database: its county and its system administrator. Asks for both; where nobody can answer, "
        "the county is the one offered and a first password is made and printed."
    )

    def add_arguments(self, parser: ArgumentParser) -> None:
        parser.add_argument("--if-none", action="store_true", help="do nothing when there is an account")

    def handle(self, *, if_none: bool, **_options: Any) -> None:
        if User.objects.exists():
            if if_none:
                return
            raise CommandError(_("There is an account already; create_account opens further ones."))
        asked = sys.stdin is not None and sys.stdin.isatty()
        with audit.acting(name="first_account"):
            county = Council.objects.at_level(Level.COUNTY).first() or self._open_county(asked)
            name = (input(_("User name of the system administrator [admin]: ")).strip() if asked else "") or "admin"
            password = self._ask_password() if asked else ""
            try:
                _account, first = open_account(name, name, county, "system_administrator", password)
            except ValidationError as refusal:
                raise CommandError(" ".join(refusal.messages)) from None
        self.stdout.write(_("System administrator: %(name)s") % {"name": name})
        if not password:
            self.stdout.write(
                _("First password: %(password)s (asked to be changed at the first sign-in)") % {"password": first}
            )

    def _open_county(self, asked: bool) -> Council:
        code, name = COUNTY
        if asked:
            code = input(_("Official code of the county, 6 digits [%(code)s]: ") % {"code": code}).strip() or code
            name = input(_("Name of the county [%(name)s]: ") % {"name": name}).strip() or name
        try:
            return tree.carry_out(tree.Create(Level.COUNTY, code, name))
        except (TreeRefused, ValidationError) as refusal:
            raise CommandError(str(refusal)) from None

    def _ask_password(self) -> str:
        first = getpass.getpass(_("Password, at least 10 characters: "))
        if first != getpass.getpass(_("The same password again: ")):
            raise CommandError(_("The two passwords differ. Start again."))
        return first
