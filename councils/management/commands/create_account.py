from argparse import ArgumentParser
from typing import Any

from django.core.exceptions import ValidationError
from django.core.management.base import BaseCommand, CommandError
from django.utils.translation import gettext as _

from councils import audit
from councils.accounts import open_account
from councils.models import Council
from councils.roles import ROLES


class Command(BaseCommand):
    help = "Opens a staff account. Without --password a first password is made and printed; it must be changed."

    def add_arguments(self, parser: ArgumentParser) -> None:
        parser.add_argument("name", metavar="NAME", help="user name")
        parser.add_argument("--council", required=True, metavar="CODE", help="official code of her council")
        parser.add_argument("--role", required=True, choices=list(ROLES))
        parser.add_argument("--password", default="", help="her password, if she has chosen it already")
        parser.add_argument("--person", default="", help="her full name; the user name if left out")

    def handle(self, *, name: str, council: str, role: str, password: str, person: str, **_options: Any) -> None:
        place = Council.objects.filter(code=council).first()
        if place is None:
            raise CommandError(_("There is no council with the code %(code)s.") % {"code": council})
        try:
            with audit.acting(name="create_account"):
                account, first = open_account(name, person or name, place, role, password)
        except ValidationError as refusal:
            raise CommandError(" ".join(refusal.messages)) from None
        words = {"name": account.username, "council": place, "role": account.duty, "password": first}
        self.stdout.write(_("Account %(name)s: %(role)s, %(council)s.") % words)
        if not password:
            self.stdout.write(_("First password: %(password)s") % words)
