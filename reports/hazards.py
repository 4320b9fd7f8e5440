"""The loop of a hazard: put right on the spot, or reported, accepted, dispatched, handled, verified, closed.

A step is one UPDATE that must find the hazard in the state and version it was seen in, and one row that nobody changes.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, timedelta
from typing import Any, NamedTuple
from uuid import UUID

from django.db import transaction
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from councils.models import Council, Level
from reports import activities
from reports.models import Desk, Hazard, HazardState, HazardStep, HazardTime, Severity, Source
from reports.models.hazard import DAYS_ALLOWED
from reports.refusing import (
    WorkRefused,
    full_save,
    not_yours,
    out_of_scope,
    overtaken,
    refuse_future,
    refuse_without,
    stored_once,
    village_for,
)

__all__ = ["STEPS", "Found", "WorkRefused", "allowed_days", "mend", "report", "steps_for", "take", "times"]

REPORT, HANDLE, DIRECT = "reports.add_hazard", "reports.change_hazard", "reports.dispatch_hazard"
S = HazardState


class Step(NamedTuple):
    """One deed: from which states to which, by which right, and whether it has to say something."""

    label: Any
    before: tuple[str, ...]
    after: str
    permission: str
    desk_only: bool = True  # by the level on whose desk it lies; else by any level above the village's or its own
    says: bool = False
    back: bool = False


STEPS = {
    "again": Step(gettext_lazy("report again"), (S.RETURNED,), S.REPORTED, HANDLE, False, True),
    "accept": Step(gettext_lazy("take on"), (S.REPORTED,), S.ACCEPTED, DIRECT),
    "dispatch": Step(gettext_lazy("dispatch"), (S.ACCEPTED,), S.DISPATCHED, DIRECT),
    "handle": Step(gettext_lazy("say that it is handled"), (S.DISPATCHED,), S.HANDLED, HANDLE, False, True),
    "verify": Step(gettext_lazy("verify"), (S.HANDLED,), S.VERIFIED, DIRECT),
    "close": Step(gettext_lazy("be done with it"), (S.VERIFIED,), S.CLOSED, DIRECT),
    "pass_up": Step(gettext_lazy("pass on to the county"), (S.REPORTED, S.ACCEPTED), S.REPORTED, DIRECT, says=True),
    "pass_down": Step(
        gettext_lazy("give to the township"), (S.REPORTED, S.ACCEPTED), S.REPORTED, DIRECT, says=True, back=True
    ),
    "return": Step(gettext_lazy("give back to the village"), (S.REPORTED,), S.RETURNED, DIRECT, says=True, back=True),
    "unaccept": Step(gettext_lazy("back to reported"), (S.ACCEPTED,), S.REPORTED, DIRECT, says=True, back=True),
    "recall": Step(gettext_lazy("back to taken on"), (S.DISPATCHED,), S.ACCEPTED, DIRECT, says=True, back=True),
    "redo": Step(gettext_lazy("back to the handler"), (S.HANDLED,), S.DISPATCHED, DIRECT, says=True, back=True),
    "doubt": Step(gettext_lazy("back to handled"), (S.VERIFIED,), S.HANDLED, DIRECT, says=True, back=True),
}


@dataclass(frozen=True)
class Found:
    """A hazard as it is typed: keys of village, members and zone, how bad it is, where and what."""

    village: int
    day: date
    severity: str
    place: str
    text: str
    members: Sequence[int]
    zone: int | None = None
    client_key: UUID | None = None
    reported_on: date | None = None  # today


def mend(found: Found, by: Any, source: str = Source.PAGE) -> Hazard:
    """A small one, put right on the spot: found, handled and closed in one act. Raises WorkRefused."""
    return _store(found, by, source, Severity.SMALL)


def report(found: Found, by: Any, source: str = Source.PAGE) -> Hazard:
    """A big one goes to the township; from the report it has the days that the county allows. Raises WorkRefused."""
    if found.severity == Severity.SMALL:
        message = _("A small hazard is put right on the spot. Choose another severity.")
        raise WorkRefused("small", message, "severity")
    if found.severity not in Severity.values:
        raise WorkRefused("invalid", _("Choose how bad it is."), "severity")
    return _store(found, by, source, found.severity)


def take(
    hazard: Hazard, deed: str, version: int, by: Any, text: str = "", handler: str = "", day: date | None = None
) -> Hazard:
    """Does one step of STEPS on the hazard as it was seen in `version`; it was done on `day`, by default today.

    Raises WorkRefused: not_allowed, out_of_scope, text, handler, not_now, same_person, overtaken, day, future. Two at
    once make one step: the slower is told that she was overtaken.
    """
    step = STEPS[deed]
    text, handler = text.strip()[:500], handler.strip()[:60]
    day = day or timezone.localdate()
    refuse_without(by, step.permission)
    refuse_future(day)
    with transaction.atomic():
        now = _seen(hazard.pk, by)
        if now.version != version:
            raise overtaken()
        _refuse(now, deed, by, text, handler)
        if day < (now.handled_on or now.day):
            raise WorkRefused("day", _("This day lies before the last step. Choose a later one."), "day")
        before = now.state
        moved = Hazard.objects.filter(pk=now.pk, state=before, version=version).update(
            state=step.after, version=version + 1, **marks(deed, day, by, handler)
        )
        if not moved:
            raise overtaken()
        _enter(now, version + 1, deed, day, before, by, text, handler)
    now.refresh_from_db()
    return now


def steps_for(hazard: Hazard, user: Any) -> list[str]:
    """The deeds that `user` may do now, forward ones first; for a hazard that she sees, without asking a table."""
    return [deed for deed in STEPS if not _hindrance(hazard, deed, user)]


def allowed_days(county: Council, severity: str, day: date) -> int:
    """Days from the report until it is handled, by the rule in force on `day`."""
    rules = HazardTime.objects.filter(county=county, severity=severity, start__lte=day).order_by("-start")
    return rules.values_list("days", flat=True).first() or DAYS_ALLOWED[Severity(severity)]


def times(council: Council, day: date) -> list[tuple[str, int]]:
    """(severity's label, days allowed) in force on `day` in the county of `council`; one query."""
    rules = HazardTime.objects.filter(county__code=council.code[:6], start__lte=day).order_by("start")
    days = DAYS_ALLOWED | {Severity(severity): days for severity, days in rules.values_list("severity", "days")}
    return [(str(severity.label), allowed) for severity, allowed in days.items()]


def _store(found: Found, by: Any, source: str, severity: str) -> Hazard:
    refuse_without(by, REPORT)
    refuse_future(max(found.day, found.reported_on or found.day))
    village = village_for(by, found.village)
    hazard: Hazard = stored_once(Hazard, found.client_key, by, lambda: _new(found, village, by, source, severity))
    return hazard


def _new(found: Found, village: Any, by: Any, source: str, severity: str) -> Hazard:
    small = severity == Severity.SMALL
    with transaction.atomic():
        kind = "hazard_mended" if small else "hazard_reported"
        done = activities.record_many(
            [activities.Entry(found.village, found.day, kind, found.members, zone=found.zone, place=found.place)],
            by, source, own_table="hazard",
        )  # fmt: skip
        if done.refused:
            raise done.refused[0]
        day, township = found.day if small else found.reported_on or timezone.localdate(), village.parent
        days = 0 if small else allowed_days(township.parent, severity, day)
        hazard = Hazard(
            village=village, township=township, zone_id=found.zone, day=found.day, severity=severity,
            place=found.place, text=found.text, state=S.CLOSED if small else S.REPORTED,
            due=None if small else day + timedelta(days=days),
            handled_by=by if small else None, handled_on=found.day if small else None,
            closed_on=found.day if small else None, activity_id=done.created[0], client_key=found.client_key,
            recorded_by=by,
        )  # fmt: skip
        full_save(hazard)
        _enter(hazard, 1, "mend" if small else "report", day, "", by, "", "")
    return hazard


def _seen(pk: int, by: Any) -> Hazard:
    visible: Any = Hazard.objects.all() if by is None else Hazard.objects.visible_to(by)
    found: Hazard | None = visible.select_related("village").filter(pk=pk).first()
    if found is None:
        raise out_of_scope()
    return found


def _refuse(now: Hazard, deed: str, by: Any, text: str, handler: str) -> None:
    hindrance = _hindrance(now, deed, by)
    if hindrance == "not_now":
        raise WorkRefused("not_now", _("This step is not open now. Look at the hazard again."))
    if hindrance == "same_person":
        raise WorkRefused("same_person", _("Another person than who handled it verifies it."))
    if hindrance:
        raise not_yours()
    if STEPS[deed].says and not text:
        raise WorkRefused("text", _("Say it in words: who comes next reads only this."), "text")
    if deed == "dispatch" and not handler:
        raise WorkRefused("handler", _("Name who is to handle it."), "handler")


def _hindrance(now: Hazard, deed: str, user: Any) -> str:
    """Why `user` does not do this now, as a code; "" where nothing stands in the way."""
    step = STEPS[deed]
    if now.state not in step.before or now.desk != {"pass_up": Desk.TOWNSHIP, "pass_down": Desk.COUNTY}.get(
        deed, now.desk
    ):
        return "not_now"
    if user is None:
        return ""
    if not user.has_perm(step.permission) or (step.desk_only and not _on_her_desk(now, user)):
        return "not_allowed"
    return "same_person" if deed == "verify" and now.handled_by_id == user.pk else ""


def _on_her_desk(now: Hazard, user: Any) -> bool:
    """A township directs what lies with it; the county also what lies with a township, where it stands still."""
    level = user.council.level
    return level == Level.COUNTY or (level == Level.TOWNSHIP and now.desk == Desk.TOWNSHIP)


def marks(deed: str, day: date, by: Any, handler: str) -> dict[str, Any]:
    """What a step writes into the hazard beside its state; `by` as the caller stores accounts."""
    unhandled = {"handled_by": None, "handled_on": None, "verified_by": None}
    marks: dict[str, dict[str, Any]] = {
        "dispatch": {"handler": handler},
        "handle": {"handled_by": by, "handled_on": day},
        "verify": {"verified_by": by},
        "close": {"closed_on": day},
        "pass_up": {"desk": Desk.COUNTY},
        "pass_down": {"desk": Desk.TOWNSHIP},
        "recall": {"handler": ""},
        "redo": unhandled,
        "doubt": {"verified_by": None},
    }
    return marks.get(deed, {})


def _enter(hazard: Hazard, number: int, deed: str, day: date, before: str, by: Any, text: str, handler: str) -> None:
    after = STEPS[deed].after if deed in STEPS else hazard.state
    HazardStep.objects.create(
        hazard=hazard, number=number, day=day, by=by, deed=deed, state_before=before, state_after=after, text=text,
        handler=handler,
    )  # fmt: skip
