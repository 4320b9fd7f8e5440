"""Why a deed in the register is not done: a code for programs, a sentence for people; and the checks that all share."""

from collections.abc import Iterable
from datetime import date
from typing import Any

from django.utils import timezone
from django.utils.translation import gettext as _

from councils.foretelling import Refused
from councils.models import Council


class JoiningRefused(Refused):
    """The deed would break a rule of the register."""

    def __init__(self, code: str, message: str, field: str = "") -> None:
        super().__init__(message, field)
        self.code = code


def out_of_scope() -> JoiningRefused:
    return JoiningRefused("out_of_scope", _("This village is not in your jurisdiction."))


def elsewhere() -> JoiningRefused:
    """The same sentence whether or not the number is somebody's in another's jurisdiction."""
    return JoiningRefused("elsewhere", _("This number cannot be entered here. Ask the county."))


def member_already() -> JoiningRefused:
    return JoiningRefused("member_here", _("She is a member already. A change of village is a transfer."))


def second_president() -> JoiningRefused:
    return JoiningRefused("second_president", _("This council has a president. End her term first."))


def refuse_outside(villages: Iterable[int], by: Any) -> None:
    """Raises JoiningRefused unless `by` sees them all; None is the command line, which sees everything."""
    wanted = set(villages)
    if by is not None and Council.objects.visible_to(by).filter(pk__in=wanted).count() < len(wanted):
        raise out_of_scope()


def refuse_closed(village: Council) -> None:
    if not village.is_open or not village.is_village:
        raise village_closed()


def village_closed() -> JoiningRefused:
    return JoiningRefused("village_closed", _("This is no village, or it is closed. Choose the one that goes on."))


def refuse_future(day: date) -> None:
    if day > timezone.localdate():
        raise JoiningRefused("future", _("The day lies in the future. Enter it when the day has come."), "day")
