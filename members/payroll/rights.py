"""Which step is whose, from which state, and what two steps are never one person's; and why a page is locked."""

from collections.abc import Mapping
from typing import Any, NamedTuple

from django.utils import formats, timezone
from django.utils.translation import gettext, gettext_noop

from members.models import OPEN, SETTLING, MonthlyRoster, RosterStatus
from members.payroll.refusals import StepRefused, refuse_unseen

WAITING = (RosterStatus.PUBLISHED,)


class Step(NamedTuple):
    permission: str
    origins: tuple[str, ...]  # states that it starts from
    not_whom: tuple[str, ...]  # columns of who may not take it
    whose: str  # for "who can open it"


STEPS: Mapping[str, Step] = {
    "refresh": Step("open_roster", OPEN, (), gettext_noop("the township chair")),
    "enter": Step("change_rosterentry", OPEN, (), gettext_noop("the township chair")),
    "submit": Step("submit_roster", OPEN, (), gettext_noop("the township chair")),
    "give_back": Step("return_roster", (RosterStatus.SUBMITTED,), (), gettext_noop("county staff")),
    "approve": Step("approve_roster", (RosterStatus.SUBMITTED,), ("submitted_by",), gettext_noop("county staff")),
    "publish": Step("publish_roster", (RosterStatus.APPROVED,), (), gettext_noop("county staff")),
    "object_to": Step("publish_roster", WAITING, (), gettext_noop("county staff")),
    "send": Step("send_roster", WAITING, ("approved_by",), gettext_noop("county finance")),
    "settle": Step("settle_roster", SETTLING, ("approved_by",), gettext_noop("county finance")),
    "read_return": Step(
        "settle_roster", (*SETTLING, RosterStatus.PAID), ("approved_by",), gettext_noop("county finance")
    ),
    "resend": Step("send_roster", (RosterStatus.PARTLY_PAID,), ("approved_by",), gettext_noop("county finance")),
    "correct": Step("correct_roster", tuple(RosterStatus), (), gettext_noop("county staff")),
}


def may(roster: MonthlyRoster, user: Any) -> frozenset[str]:
    """The steps that `user` can take now, by name; no query. That she sees the roster is for the caller to know."""
    return frozenset(name for name in STEPS if not why_not(roster, user, name))


def why_not(roster: MonthlyRoster, user: Any, name: str) -> str:
    """Why `user` cannot take this step now, in a sentence; nothing if she can."""
    step = STEPS[name]
    if not user.has_perm(f"members.{step.permission}"):
        return gettext("This step is for %(whose)s.") % {"whose": gettext(step.whose)}
    if roster.status not in step.origins:
        return gettext("This month is “%(state)s”; this step is not open now.") % {"state": roster.get_status_display()}
    if any(getattr(roster, f"{column}_id") == user.pk for column in step.not_whom):
        return _both(step.not_whom[0])
    return ""


def refuse(roster: MonthlyRoster, by: Any, name: str) -> None:
    """Raises StepRefused unless `by`, an account, sees the roster and can take the step now."""
    if by is None:
        raise StepRefused("forbidden", gettext("A step of the month is taken by somebody with an account."))
    refuse_unseen(roster, by)
    step = STEPS[name]
    if message := why_not(roster, by, name):
        code = "forbidden" if not by.has_perm(f"members.{step.permission}") else "state"
        raise StepRefused("same_person" if code == "state" and roster.status in step.origins else code, message)


def why_locked(roster: MonthlyRoster) -> str:
    """Why entries cannot be written, since when, and who can change that; nothing for an open month. Asks for names
    of who took the last step only where they were not read along."""
    if roster.is_open:
        return ""
    words = {
        "state": roster.get_status_display(), "who": _name(roster), "when": _when(roster),
    }  # fmt: skip
    if not roster.is_frozen:
        said = gettext("%(who)s handed this month in on %(when)s. County staff can return it to be changed.")
        return said % words
    said = gettext(
        "This month was approved by %(who)s on %(when)s and never changes any more. "
        "What is wrong in it is put right by county staff, by a correction in a later month."
    )
    return said % words


def _name(roster: MonthlyRoster) -> str:
    who = roster.approved_by if roster.is_frozen else roster.submitted_by
    return who.get_full_name() if who else ""


def _when(roster: MonthlyRoster) -> str:
    at = roster.approved_at if roster.is_frozen else roster.submitted_at
    return formats.date_format(timezone.localtime(at), "DATETIME_FORMAT") if at else ""


def _both(column: str) -> str:
    if column == "submitted_by":
        return gettext("You submitted this month. Somebody else has to approve it.")
    return gettext("You approved this month. Somebody else has to pay it.")
