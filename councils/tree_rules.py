"""What every deed on the tree asks before it is done, and how it says what it will change."""

from dataclasses import dataclass, field
from datetime import date

from django.utils import timezone
from django.utils.translation import gettext as _

from councils.models import Council


class TreeRefused(Exception):
    """The deed would break a rule; says which and what to do instead. `field` is the form field it is about."""

    def __init__(self, message: str, field: str = "") -> None:
        super().__init__(message)
        self.field = field


@dataclass
class Preview:
    """What a deed will change: sentences for the reader, those to think about again apart."""

    changes: list[str] = field(default_factory=list)
    cautions: list[str] = field(default_factory=list)


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
