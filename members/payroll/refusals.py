"""Why a deed of the month is not done: a code for programs, a sentence for people."""

from typing import Any

from django.utils.translation import gettext as _

from members.models import MonthlyRoster, RosterEntry


class PayrollRefused(Exception):
    """The deed would break a rule of the month."""

    def __init__(self, code: str, message: str) -> None:
        super().__init__(message)
        self.code = code


class StepRefused(PayrollRefused):
    """The month does not take this step now, or not by this account."""


class EntryRefused(PayrollRefused):
    """A cell does not take this value."""


class Overtaken(EntryRefused):
    """Somebody else wrote the entry meanwhile. `entry` is how it stands now, `who` wrote it, `value` is hers."""

    def __init__(self, entry: RosterEntry, field: str) -> None:
        self.entry, self.value = entry, getattr(entry, field)
        self.who = str(entry.changed_by) if entry.changed_by else _("the program")
        message = _("%(who)s has changed this to “%(value)s” meanwhile. Keep hers, or enter yours again.")
        super().__init__("overtaken", message % {"who": self.who, "value": self.value})


def refuse_unseen(roster: MonthlyRoster, by: Any) -> None:
    """Raises StepRefused unless `by` sees the roster; None is the command line, which sees everything."""
    if by is not None and not MonthlyRoster.objects.visible_to(by).filter(pk=roster.pk).exists():
        raise StepRefused("out_of_scope", _("This month is not in your jurisdiction."))
