"""What every deed on the tree asks before it is done."""

from datetime import date

from django.utils import timezone
from django.utils.translation import gettext as _

from councils.foretelling import Refused
from councils.models import Council


class TreeRefused(Refused):
    """A deed on the tree would break a rule."""


def free_code(township: Council, like: str) -> str:
    """A code for a village that comes into `township`: its own last three digits if they are free there."""
    taken = set(township.children.values_list("code", flat=True))
    if (kept := township.code + like[-3:]) not in taken:
        return kept
    return next(code for number in range(int(like[-3:]), 1000) if (code := f"{township.code}{number:03}") not in taken)


def read_council(code: str) -> Council:
    found: Council | None = Council.objects.select_related("parent").filter(code=code).first()
    if found is None:
        raise TreeRefused(_("There is no council with the code %(code)s any more. Look at the tree again.")
                          % {"code": code})  # fmt: skip
    return found


def refuse_blank(name: str) -> None:
    if not name.strip():
        raise TreeRefused(_("A council needs a name."), "name")


def refuse_taken(code: str) -> None:
    if Council.objects.filter(code=code).exists():
        raise TreeRefused(_("Another council has the code %(code)s. Ask for the right one and enter it.")
                          % {"code": code}, "code")  # fmt: skip


def refuse_closed(council: Council) -> None:
    if not council.is_open:
        raise TreeRefused(_("%(council)s was closed on %(day)s.") % {"council": council, "day": council.closed})


def refuse_future(day: date) -> None:
    if day > timezone.localdate():
        raise TreeRefused(_("The day lies in the future. Enter it when the day has come."), "day")
