"""What was done, entered, mended, verified or turned down. Beside it only the month's sheet (tallying.py) writes them.

One record by record(), any number by record_many(), in a fixed number of queries; both keep the same rules.
"""

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date
from typing import Any

from django.db import IntegrityError, models, transaction
from django.utils import timezone
from django.utils.translation import gettext as _

from cunsao import months
from members import payroll
from reports import kinds, totals
from reports.entering import Entry, Known, written
from reports.models import Activity, ActivityMember, Source, State
from reports.refusing import WorkRefused, in_words, overtaken, refuse_without

__all__ = ["Entry", "Judged", "Recorded", "WorkRefused", "change", "judge", "record", "record_many", "reject", "verify"]

ENTER, MEND, VERIFY = "reports.add_activity", "reports.change_activity", "reports.verify_activity"
MENDED = ("day", "kind", "quantity", "household", "place", "text", "particulars", "zone_id")


@payroll.count_activity
def who_was_active(members: Sequence[int], first: date, last: date) -> set[int]:
    """Which of `members` took part in something from month `first` to month `last`; turned down records do not count.

    Everybody where nothing at all was recorded in these months: then nobody keeps records, and silence says nothing.
    """
    recorded = Activity.objects.filter(month__range=(first, last)).exclude(state=State.REJECTED)
    if not recorded.exists():
        return set(members)
    taking_part = ActivityMember.objects.filter(member__in=members, activity__in=recorded)
    return set(taking_part.values_list("member", flat=True))


@dataclass
class Recorded:
    """What became of many entries, by their index: keys of new records, of those stored before, and the refusals."""

    created: dict[int, int] = field(default_factory=dict)
    repeated: dict[int, int] = field(default_factory=dict)
    refused: dict[int, WorkRefused] = field(default_factory=dict)


@dataclass
class Judged:
    """Keys of the records that were looked at, and of those left alone because somebody changed them meanwhile."""

    done: list[int] = field(default_factory=list)
    overtaken: list[int] = field(default_factory=list)


def record(entry: Entry, by: Any, source: str = Source.PAGE) -> Activity:
    """Enters one record; sent again with its key, it is the one that was stored. `by` None is the command line.

    Raises WorkRefused: not_allowed, out_of_scope, invalid, future, no_member, own_table, sent_by_another.
    """
    done = record_many([entry], by, source)
    if done.refused:
        raise done.refused[0]
    return Activity.objects.get(pk=(done.created | done.repeated)[0])


def record_many(
    entries: Sequence[Entry], by: Any, source: str = Source.PAGE, step: Callable[[int], Any] | None = None,
    own_table: str = "",
) -> Recorded:  # fmt: skip
    """Enters many; a refused one holds back no other, and one that was sent before is not entered again.

    The number of queries does not depend on how many there are. `own_table` is named by disputes and hazards alone,
    whose kinds are entered through them. `step(n)`, if given, is told each n that are in. Raises WorkRefused only
    where `by` may enter nothing at all.
    """
    refuse_without(by, ENTER)
    try:
        return _record(entries, by, source, step, own_table)
    except IntegrityError:
        if not any(entry.client_key for entry in entries):
            raise
        return _record(entries, by, source, step, own_table)  # a key was stored at the same moment: now it is seen


def _record(entries: Sequence[Entry], by: Any, source: str, step: Any, own_table: str) -> Recorded:
    done = Recorded()
    with transaction.atomic():
        known = Known(entries, by)
        taken: list[tuple[int, Entry]] = []
        for at, entry in enumerate(entries):
            try:
                if (before := known.sent_before(entry)) is not None:
                    done.repeated[at] = before
                    continue
                known.refuse(entry, own_table)
            except WorkRefused as refusal:
                done.refused[at] = refusal
                continue
            taken.append((at, entry))
        keys = written([entry for _at, entry in taken], known, source, step)
        done.created = dict(zip((at for at, _entry in taken), keys, strict=True))
    return done


def change(activity: Activity, by: Any, version: int, members: Sequence[int] | None = None, **said: Any) -> Activity:
    """Mends a record that is not verified; one that was turned down waits anew. `said` are fields of MENDED.

    Whose village it is keeps its place: that is another record. Raises WorkRefused, also where it was changed
    meanwhile.
    """
    refuse_without(by, MEND)
    if unknown := said.keys() - set(MENDED):
        raise TypeError(f"{sorted(unknown)} of an activity do not change.")
    with transaction.atomic():
        now = _held(activity, by)
        if now.version != version:
            raise overtaken()
        if now.state == State.VERIFIED:
            raise WorkRefused("verified", _("This was verified and stays as it is. Enter what is missing anew."))
        if now.what.its_own or kinds.KINDS.get(said.get("kind", now.kind), now.what).its_own:
            raise WorkRefused("own_table", _("This follows from a dispute or a hazard. Change it there."), "kind")
        _refuse_cell(now, members, said)
        before = totals.part(now)
        for name, value in said.items():
            setattr(now, name, value)
        now.state, now.verified_by, now.verified_at, now.reason = State.OPEN, None, None, ""
        now.version += 1
        _take_part(now, by, members)
        with in_words():
            now.full_clean()
        now.save()
        totals.move(before, totals.part(now))
    return now


def verify(seen: Mapping[int, int], by: Any) -> Judged:
    """Verifies records {key: version as it was shown}; what was changed since, is one's own or is not waiting stays."""
    return judge(seen, by)


def reject(seen: Mapping[int, int], by: Any, reason: str) -> Judged:
    """Turns records down for a reason that the village reads; they can be mended and wait then anew."""
    if not reason.strip():
        raise WorkRefused("reason", _("Say why, so that the village can mend it."), "reason")
    return judge(seen, by, reason.strip()[:200])


def judge(seen: Mapping[int, int], by: Any, reason: str = "") -> Judged:
    """Both of them. A record that waits, in a village below `by`'s own council, that another than `by` entered.

    Safe to repeat. Raises WorkRefused where the role does not verify, or with own_record where all are one's own.
    """
    refuse_without(by, VERIFY)
    with transaction.atomic():
        visible = Activity.objects.all() if by is None else Activity.objects.visible_to(by)
        waiting = visible.waiting().filter(pk__in=list(seen)).select_for_update(of=("self",)).order_by("pk")
        found = {each.pk: each for each in waiting}
        own = [pk for pk, each in found.items() if by is not None and each.recorded_by_id == by.pk]
        if own and len(own) == len(found):
            raise WorkRefused("own_record", _("Nobody verifies what she entered herself. Ask a colleague."))
        good = [pk for pk, each in found.items() if each.version == seen[pk] and pk not in own]
        Activity.objects.filter(pk__in=good).update(
            state=State.REJECTED if reason else State.VERIFIED, verified_by=by, verified_at=timezone.now(),
            reason=reason, version=models.F("version") + 1,
        )  # fmt: skip
        if reason:
            totals.move([part for pk in good for part in totals.part(found[pk])])
    return Judged(good, [pk for pk in seen if pk not in good])


def _held(activity: Activity, by: Any) -> Activity:
    """The record as it is now, locked, if `by` sees it."""
    visible = Activity.objects.all() if by is None else Activity.objects.visible_to(by)
    now: Activity | None = visible.select_for_update(of=("self",)).filter(pk=activity.pk).first()
    if now is None:
        raise WorkRefused("out_of_scope", _("This is not in your jurisdiction."))
    return now


def _refuse_cell(now: Activity, members: Sequence[int] | None, said: Mapping[str, Any]) -> None:
    """A cell of a month's sheet stays the one of its member, kind and month (reports/tallying.py)."""
    if now.source != Source.SHEET:
        return
    day = said.get("day", now.day)
    elsewhere = said.get("kind", now.kind) != now.kind or months.first(day) != now.month
    if elsewhere or (members is not None and list(members) != list(now.taking_part.values_list("member", flat=True))):
        raise WorkRefused("of_sheet", _("This is a number of the month's sheet. Change it there."), "kind")


def _take_part(now: Activity, by: Any, members: Sequence[int] | None) -> None:
    """Looks at members, zone and day of a mended record as of a new one, and keeps who takes part."""
    before = list(now.taking_part.order_by("pk").values_list("member", flat=True))
    wanted = list(before if members is None else members)
    entry = Entry(
        now.village_id, now.day, now.kind, wanted, now.quantity, now.zone_id, now.household, now.place, now.text,
        now.particulars,
    )  # fmt: skip
    known = Known([entry], by)
    known.refuse(entry, "")
    now.particulars = known.particulars[id(entry)]
    now.doers, now.size = known.doers(entry), len(wanted)
    if set(wanted) != set(before):
        now.taking_part.all().delete()
        ActivityMember.objects.bulk_create(ActivityMember(activity=now, member_id=each) for each in wanted)
