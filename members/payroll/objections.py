"""What is said against a published month, and the answer; a month with an unanswered objection is not sent."""

from datetime import date, datetime
from typing import Any

from django.db import transaction
from django.utils import timezone
from django.utils.translation import gettext as _

from members.models import MonthlyRoster, Objection, RosterEntry
from members.payroll import rights
from members.payroll.refusals import StepRefused, refuse_unseen
from members.payroll.steps import held_roster


def object_to(
    roster: MonthlyRoster, text: str, by: Any, day: date | None = None, who: str = "", entry: RosterEntry | None = None
) -> Objection:
    """County staff notes what somebody said while the notice runs, of one entry or of the whole month.

    The same words sent twice are noted once. Raises StepRefused; code besides those of every step: reason.
    """
    with transaction.atomic():
        held = held_roster(roster)
        rights.refuse(held, by, "object_to")
        words = text.strip()[:1000]
        if not words or (entry is not None and entry.roster_id != held.pk):
            raise StepRefused("reason", _("Write down what was said."))
        found: Objection | None = Objection.objects.unanswered().filter(
            roster=held, text=words, who=who.strip()[:40], entry=entry
        ).first()  # fmt: skip
        if found is not None:
            return found
        noted: Objection = Objection.objects.create(
            roster=held, entry=entry, text=words, who=who.strip()[:40], day=day or timezone.localdate(), noted_by=by
        )
        return noted


def answer(objection: Objection, text: str, by: Any, at: datetime | None = None) -> Objection:
    """County staff answers an objection; what was right in it becomes a correction. Raises StepRefused."""
    with transaction.atomic():
        if not by.has_perm("members.publish_roster"):
            raise StepRefused("forbidden", _("This step is for %(whose)s.") % {"whose": _("county staff")})
        found: Objection = Objection.objects.select_for_update(of=("self",)).get(pk=objection.pk)
        refuse_unseen(found.roster, by)
        words = text.strip()[:1000]
        if not words:
            raise StepRefused("reason", _("Write down what was said."))
        if found.answered_at is None:
            found.answer, found.answered_by, found.answered_at = words, by, at or timezone.now()
            found.save()
        elif found.answer != words:
            raise StepRefused("overtaken", _("This objection was answered already."))
        return found
