"""The month's steps, one function each, all alike: look, then one UPDATE that finds the state it starts from.

Each may be sent twice: what `by` has done already is done, and nothing changes. Each raises StepRefused with a code
(forbidden, out_of_scope, state, same_person, overtaken and its own) and a sentence. `at` is when it happened.
"""

from collections.abc import Mapping
from datetime import datetime, timedelta
from typing import Any

from django.db import IntegrityError, transaction
from django.db.models import F
from django.utils import timezone
from django.utils.translation import gettext as _

from councils import audit
from cunsao import bulk, locks
from members.models import OPEN, MonthlyRoster, RosterEntry, RosterStatus
from members.payroll import rights
from members.payroll.checking import checks
from members.payroll.copies import COPIED, digest, shown
from members.payroll.opening import LOCK
from members.payroll.refusals import StepRefused
from members.payroll.turnover import since_last


def submit(
    roster: MonthlyRoster, version: int, by: Any, unchanged: bool = False, at: datetime | None = None
) -> MonthlyRoster:
    """The chair hands the month in. `version` is that of the roster she saw; `unchanged` is her word that nothing
    changed since last month, and holds only if so. Codes: blocked, changed."""
    with locks.exclusive(LOCK):
        held = held_roster(roster)
        if done := _done(held, RosterStatus.SUBMITTED, "submitted", by):
            return done
        rights.refuse(held, by, "submit")
        if held.version != version:
            raise _overtaken()
        entries = shown(held)
        if blocking := [each for each in checks(held, entries) if each.blocks]:
            message = _("%(count)d entries stop this month, the first: %(first)s")
            raise StepRefused("blocked", message % {"count": len(blocking), "first": blocking[0].message})
        if unchanged and since_last(held, entries).anything:
            raise StepRefused("changed", _("Something changed since last month. Look at it and hand it in as it is."))
        now = at or timezone.now()
        if marked := [each for each in entries if each.mark]:
            for each in marked:
                each.mark = ""
            audit.save_many(marked, ["mark"])
        return move(
            held, RosterStatus.SUBMITTED, submitted_by=by, submitted_at=now, unchanged=unchanged,
            first_submitted_at=held.first_submitted_at or now,
        )  # fmt: skip


def give_back(
    roster: MonthlyRoster, by: Any, reason: str, marks: Mapping[int, str] | None = None, at: datetime | None = None
) -> MonthlyRoster:
    """County staff returns a month with a reason; `marks` says of entries, by their keys, what is wrong with each.

    Codes: reason.
    """
    with locks.exclusive(LOCK):
        held = held_roster(roster)
        if done := _done(held, RosterStatus.RETURNED, "returned", by):
            return done
        rights.refuse(held, by, "give_back")
        if not reason.strip():
            raise StepRefused("reason", _("Say why, so that the other side knows."))
        marked = list(held.entries.filter(pk__in=list(marks or {})).defer("bank_account"))
        for each in marked:
            each.mark = ((marks or {})[each.pk].strip() or reason.strip())[:200]
        audit.save_many(marked, ["mark"])
        return move(
            held, RosterStatus.RETURNED, returned_by=by, returned_at=at or timezone.now(), unchanged=False,
            return_reason=reason.strip()[:300],
        )  # fmt: skip


def approve(roster: MonthlyRoster, digest_seen: str, by: Any, at: datetime | None = None) -> MonthlyRoster:
    """County staff, somebody else than who submitted, approves what she saw: `digest_seen` is `digest(shown(roster))`.

    The entries get their frozen copy and never change again. Codes: changed (something is not as she saw it: show the
    month again), blocked.
    """
    with locks.exclusive(LOCK):
        held = held_roster(roster)
        if held.is_frozen and held.approved_by_id == by.pk and held.digest == digest_seen:
            return held
        rights.refuse(held, by, "approve")
        entries = shown(held)
        if digest(entries) != digest_seen:
            raise StepRefused("changed", _("Something was changed since you looked. Look at the month again."))
        if any(each.blocks for each in checks(held, entries)):
            raise StepRefused("blocked", _("Something in this month must be mended first. Return it to the township."))
        _freeze(entries)
        return move(held, RosterStatus.APPROVED, approved_by=by, approved_at=at or timezone.now(), digest=digest_seen)


def publish(roster: MonthlyRoster, by: Any, at: datetime | None = None) -> MonthlyRoster:
    """County staff puts an approved month on public notice for the days that the rate sets."""
    with transaction.atomic():
        held = held_roster(roster)
        if held.is_frozen and held.published_at and held.published_by_id == by.pk:
            return held
        rights.refuse(held, by, "publish")
        now = at or timezone.now()
        until = timezone.localdate(now) + timedelta(days=held.rate.notice_days)
        return move(held, RosterStatus.PUBLISHED, published_by=by, published_at=now, notice_until=until)


def held_roster(roster: MonthlyRoster) -> MonthlyRoster:
    """The roster as it stands, kept so until the transaction ends."""
    found: MonthlyRoster = (
        MonthlyRoster.objects.select_for_update(of=("self",))
        .select_related("township", "rate", "scheme")
        .get(pk=roster.pk)
    )
    return found


def _done(held: MonthlyRoster, status: str, step: str, by: Any) -> MonthlyRoster | None:
    """The roster, if `by` took this very step and nothing came after."""
    same = by is not None and held.status == status and getattr(held, f"{step}_by_id") == by.pk
    return held if same else None


def move(held: MonthlyRoster, status: str, **said: Any) -> MonthlyRoster:
    """One UPDATE that must find the state and version it was decided on; the database holds who may not be whom."""
    query = MonthlyRoster.objects.filter(pk=held.pk, status=held.status, version=held.version)
    try:
        with transaction.atomic():
            moved = query.update(status=status, version=F("version") + 1, **said)
    except IntegrityError as broken:
        raise StepRefused(
            "order", _("The steps of a month follow each other in time and are taken by two.")
        ) from broken
    if not moved:
        raise _overtaken()
    return held_roster(held)


def _overtaken() -> StepRefused:
    return StepRefused("overtaken", _("Somebody else was faster, or the month was changed. Look at it again."))


def _freeze(entries: list[RosterEntry]) -> None:
    """Writes the copied columns, which the trail leaves out (see RosterEntry)."""
    fields: list[Any] = [RosterEntry._meta.get_field(name) for name in COPIED]
    bulk.change(RosterEntry, COPIED, [(*(_stored(field, each) for field in fields), each.pk) for each in entries])


def _stored(field: Any, entry: RosterEntry) -> Any:
    return field.get_prep_value(getattr(entry, field.attname))


__all__ = ["OPEN", "approve", "give_back", "publish", "submit"]
