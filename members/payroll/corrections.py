"""What was wrong in an approved month is put right in a later one; what follows from the register, by itself."""

from collections.abc import Iterable, Sequence
from datetime import date
from decimal import Decimal
from typing import Any

from django.db import IntegrityError, transaction
from django.db.models import Q
from django.utils import timezone
from django.utils.translation import gettext as _

from councils.models import Council
from cunsao import months
from members.models import OPEN, EntryKind, Member, Membership, MonthlyRoster, RosterEntry
from members.payroll.refusals import StepRefused, refuse_unseen
from members.payroll.running import days_of, days_within, subsidy

NOTHING = (Decimal(0), Decimal(0))
Amounts = tuple[Decimal, Decimal]  # county, performance


def correct(
    entry: RosterEntry, amount: Decimal, month: date, by: Any, reason: str, performance: Decimal = NOTHING[0]
) -> RosterEntry:
    """A correction of an approved entry, in the township's open roster of a later month.

    `amount` and `performance` are what is added to the county's and the township's part: above 0 arrears, below 0 a
    claw-back; never so much that less than nothing would be left of the entry. Raises StepRefused.
    """
    refuse_forbidden(by)
    with transaction.atomic():
        found = RosterEntry.objects.select_related("roster").get(pk=entry.pk)
        refuse_unseen(found.roster, by)
        if not found.roster.is_frozen or found.kind != EntryKind.REGULAR:
            raise StepRefused("not_approved", _("Only what was approved is corrected; change the entry itself."))
        roster = _open_roster(found.roster.township_id, month, found.month)
        wanted = (Decimal(amount), Decimal(performance))
        kind = _kind(wanted)
        before = got([found], leaving_out=())[found.pk]
        if any(part + more < 0 for part, more in zip(before, wanted, strict=True)):
            raise StepRefused("too_much", _("That is more than she got for the month."))
        return _entered(
            roster, found.member_id, found.village_id, kind, wanted, by, reason,
            corrects=found, corrected_month=found.month,
        )  # fmt: skip


def pay_forgotten(
    member: Member, village: Council, forgotten: date, amount: Decimal, month: date, by: Any, reason: str,
    performance: Decimal = NOTHING[0],
) -> RosterEntry:  # fmt: skip
    """Arrears for a month in which she stands in no roster, in the village's township. Raises StepRefused."""
    refuse_forbidden(by)
    with transaction.atomic():
        roster = _open_roster_of(village, month, forgotten)
        refuse_unseen(roster, by)
        if RosterEntry.objects.regular().filter(member=member, month=forgotten).exists():
            raise StepRefused("has_entry", _("She stands in the roster of that month. Correct that entry."))
        terms = Membership.objects.filter(
            Q(end=None) | Q(end__gte=forgotten), member=member, start__lte=months.last_day(forgotten), village=village
        )
        if not terms.exists():
            raise StepRefused("no_member", _("She was no member of this village in that month."))
        wanted = (Decimal(amount), Decimal(performance))
        if _kind(wanted) != EntryKind.ARREARS:
            raise StepRefused("amount", _("Arrears are above 0, a claw-back is below."))
        return _entered(roster, member.pk, village.pk, EntryKind.ARREARS, wanted, by, reason, corrected_month=forgotten)


def take_out(correction: RosterEntry, by: Any) -> None:
    """A correction that was entered by mistake goes, while its month is open. Raises StepRefused."""
    refuse_forbidden(by)
    with transaction.atomic():
        found = RosterEntry.objects.select_related("roster").get(pk=correction.pk)
        refuse_unseen(found.roster, by)
        if found.kind == EntryKind.REGULAR or found.automatic:
            raise StepRefused("no_correction", _("Only a correction that somebody entered can be taken out."))
        _held(found.roster)
        found.delete()


def make_due(rosters: Sequence[MonthlyRoster], by: Any) -> None:
    """Claw-backs of what these townships paid for days on which she was no member, in their open rosters.

    Those that stand there already stay; those that the register no longer bears out go. A fixed number of queries.
    """
    by_township = {each.township_id: each for each in rosters}
    month = rosters[0].month
    paid = _doubtful(by_township, month)
    here = list(
        RosterEntry.objects.filter(roster__in=rosters, automatic=True).select_related("roster").defer("bank_account")
    )
    due = _due(paid, here)
    standing = {each.corrects_id: each for each in here}
    wrong = [each for each in here if due.get(each.corrects_id or 0) != (each.county_amount, each.performance_amount)]
    if wrong:
        RosterEntry.objects.filter(pk__in=[each.pk for each in wrong]).delete()
    gone = {each.pk for each in wrong}
    new = [entry for entry in paid if entry.pk in due and (entry.pk not in standing or standing[entry.pk].pk in gone)]
    RosterEntry.objects.bulk_create(
        RosterEntry(
            roster=by_township[entry.roster.township_id], month=month, member_id=entry.member_id,
            village_id=entry.village_id, kind=EntryKind.CLAW_BACK, county_amount=due[entry.pk][0],
            performance_amount=due[entry.pk][1], note=_("Her membership did not run in all of that month."),
            corrects=entry, corrected_month=entry.month, automatic=True, changed_by=by, changed_at=timezone.now(),
        )
        for entry in new
    )  # fmt: skip


def _doubtful(townships: Iterable[int], before: date) -> list[RosterEntry]:
    """Approved entries of earlier months of women whose membership ended some day."""
    ended = Membership.objects.filter(end__isnull=False).order_by().values("member")
    return list(
        RosterEntry.objects.regular()
        .frozen()
        .filter(roster__township__in=list(townships), month__lt=before, member__in=ended)
        .select_related("roster__rate")
        .defer("bank_account")
        .order_by("pk")
    )


def _due(paid: Sequence[RosterEntry], here: Sequence[RosterEntry]) -> dict[int, Amounts]:
    """What has to come back of each, below 0; those of which nothing has are left out."""
    if not paid:
        return {}
    terms = days_of({each.member_id for each in paid})
    left = got(paid, leaving_out=[each.pk for each in here])
    found = {}
    for entry in paid:
        days = sum(days_within(entry.month, start, end) for start, end in terms.get(entry.member_id, []))
        county, performance = left[entry.pk]
        fair = (subsidy(entry.roster.rate, entry.month, days), performance if days else Decimal(0))
        back = (min(fair[0] - county, Decimal(0)), min(fair[1] - performance, Decimal(0)))
        if back != NOTHING:
            found[entry.pk] = back
    return found


def got(entries: Sequence[RosterEntry], leaving_out: Iterable[int]) -> dict[int, Amounts]:
    """What each entry comes to with all its corrections, but for those left out; in one query."""
    found = {each.pk: (each.county_amount, each.performance_amount) for each in entries}
    rows = RosterEntry.objects.filter(corrects__in=list(found)).exclude(pk__in=list(leaving_out)).order_by()
    for corrects, county, performance in rows.values_list("corrects", "county_amount", "performance_amount"):
        before = found[corrects]
        found[corrects] = (before[0] + county, before[1] + performance)
    return found


def _open_roster_of(village: Any, month: date, earlier: date) -> MonthlyRoster:
    township = village.parent
    if township is None:
        raise StepRefused("no_member", _("She was no member of this village in that month."))
    return _open_roster(township.pk, month, earlier)


def _open_roster(township: int, month: date, earlier: date) -> MonthlyRoster:
    if months.first(month) <= earlier:
        raise StepRefused("not_later", _("A correction belongs to a later month than what it corrects."))
    found = MonthlyRoster.objects.filter(township=township, month=months.first(month)).first()
    if found is None:
        raise StepRefused("not_open", _("That month is not open yet. Open it first."))
    return _held(found)


def _held(roster: MonthlyRoster) -> MonthlyRoster:
    """The roster as it stands, kept so until the transaction ends. Raises StepRefused where it is not open."""
    held: MonthlyRoster = MonthlyRoster.objects.select_for_update(of=("self",)).get(pk=roster.pk)
    if held.status not in OPEN:
        raise StepRefused("not_open", _("That month was handed in already. Return it first, or choose a later one."))
    return held


def _entered(
    roster: MonthlyRoster, member: int, village: int, kind: EntryKind, amounts: Amounts, by: Any, reason: str,
    **said: Any,
) -> RosterEntry:  # fmt: skip
    if not reason.strip():
        raise StepRefused("reason", _("Say why, so that the other side knows."))
    try:
        with transaction.atomic():
            made: RosterEntry = RosterEntry.objects.create(
                roster=roster, month=roster.month, member_id=member, village_id=village, kind=kind,
                county_amount=amounts[0], performance_amount=amounts[1], note=reason.strip()[:200], changed_by=by,
                changed_at=timezone.now(), **said,
            )  # fmt: skip
    except IntegrityError:
        raise StepRefused("twice", _("Arrears for this month were entered already.")) from None
    return made


def _kind(amounts: Amounts) -> EntryKind:
    if amounts == NOTHING or min(amounts) < 0 < max(amounts):
        raise StepRefused("amount", _("Arrears are above 0, a claw-back is below."))
    return EntryKind.ARREARS if max(amounts) > 0 else EntryKind.CLAW_BACK


def refuse_forbidden(by: Any) -> None:
    if by is not None and not by.has_perm("members.correct_roster"):
        raise StepRefused("forbidden", _("Corrections are entered by county staff."))
