"""What waits for who is signed in: her own next steps, each with the page where it is done."""

from collections.abc import Iterator, Sequence
from datetime import date
from functools import lru_cache
from typing import Any, NamedTuple

from django.db.models import Count
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from councils import blanks
from councils.models import Batch
from cunsao.prepared import ALL, Question
from members import transferring
from members.models import OPEN, SETTLING, MonthlyRoster, Objection, RosterStatus
from reports import campaigns
from reports.models import Activity, Hazard, State
from reports.models.hazard import late_on


class ToDo(NamedTuple):
    """So many of one thing, and where they lie; `urgent` where a day is over."""

    label: Any
    number: int
    address: str
    urgent: bool = False


class Known(NamedTuple):
    """What the page of the reader's own council counts anyway: the campaigns that she still has to reach, and the
    records that wait to be verified of the days until one.
    """

    to_reach: Sequence[campaigns.Standing]
    until: date
    to_verify: int


MONTHS = (  # step: right, states that it starts from, words
    ("members.submit_roster", OPEN, _("months to hand in")),
    ("members.approve_roster", (RosterStatus.SUBMITTED,), _("months to approve")),
    ("members.publish_roster", (RosterStatus.APPROVED,), _("months to publish")),
    ("members.send_roster", (RosterStatus.PUBLISHED,), _("months to send to the bank")),
    ("members.settle_roster", SETTLING, _("months to settle")),
)


def waiting_for(user: Any, known: Known | None = None) -> list[ToDo]:
    """What `user` may and should do now, the overdue first; a fixed number of queries, whatever lies there."""
    found = [
        *_hazards(user),
        *_months(user),
        *_people(user),
        *_work(user, known),
        *_tasks(user, known),
        *_uploads(user),
    ]
    return sorted((each for each in found if each.number), key=lambda each: not each.urgent)


def _hazards(user: Any) -> Iterator[ToDo]:
    if not user.has_perm("reports.change_hazard"):
        return
    ((number, late),) = _desk(user.council.level).ask(blanks.filled(user.council, today=timezone.localdate()))
    label = _("hazards on your desk, some overdue") if late else _("hazards on your desk")
    yield ToDo(label, number, reverse("hazards") + "?show=mine", bool(late))


@lru_cache
def _desk(level: str) -> Question:
    """How many hazards lie there, and how many of them are late."""
    desk = Hazard.objects.on_desk_of(blanks.reader(level)).order_by().values(every=ALL)
    late = Count("pk", filter=late_on(blanks.day("today")))
    return Question(desk.annotate(number=Count("pk"), late=late).values_list("number", "late"))


def _months(user: Any) -> Iterator[ToDo]:
    steps = [each for each in MONTHS if user.has_perm(each[0])]
    if not steps:
        return
    counted: dict[str, int] = dict(_rosters(user.council.level).ask(blanks.filled(user.council)))
    for _permission, states, label in steps:
        yield ToDo(label, sum(counted.get(state, 0) for state in states), reverse("months"))


@lru_cache
def _rosters(level: str) -> Question:
    """How many months stand in which state."""
    rows = MonthlyRoster.objects.visible_to(blanks.reader(level)).order_by()
    return Question(rows.values_list("status").annotate(number=Count("pk")))


def _people(user: Any) -> Iterator[ToDo]:
    council = user.council
    if user.has_perm("members.transfer_member"):
        ((number,),) = _transfers(council.level).ask(blanks.filled(council))
        yield ToDo(_("transfers to accept"), number, reverse("transfers"))
    if user.has_perm("members.change_objection"):
        ((number,),) = _objections(council.level).ask(blanks.filled(council))
        yield ToDo(_("objections to answer"), number, reverse("payments"), True)


@lru_cache
def _transfers(level: str) -> Question:
    return Question.how_many(transferring.deciding(blanks.reader(level)))


@lru_cache
def _objections(level: str) -> Question:
    return Question.how_many(Objection.objects.visible_to(blanks.reader(level)).unanswered())


def _work(user: Any, known: Known | None) -> Iterator[ToDo]:
    """Whoever verifies looks at what was entered; whoever enters mends what was given back."""
    listed = reverse("admin:reports_activity_changelist")
    if user.has_perm("reports.verify_activity"):
        waiting = Activity.objects.visible_to(user).waiting().order_by()
        number = waiting.filter(day__gt=known.until).count() + known.to_verify if known else waiting.count()
        yield ToDo(_("records to verify"), number, reverse("verify_work"))
    elif user.has_perm("reports.change_activity"):
        number = Activity.objects.visible_to(user).filter(state=State.REJECTED).order_by().count()
        yield ToDo(_("records given back to mend"), number, f"{listed}?state__exact={State.REJECTED}")


def _tasks(user: Any, known: Known | None) -> Iterator[ToDo]:
    if user.has_perm("reports.change_campaigntarget"):
        found = known.to_reach if known else campaigns.to_do(user)
        yield ToDo(_("tasks not reached yet"), len(found), reverse("campaigns"), any(each.late for each in found))


def _uploads(user: Any) -> Iterator[ToDo]:
    if user.has_perm("councils.view_batch"):
        mine = list(Batch.objects.waiting().filter(uploaded_by=user).values_list("pk", flat=True)[:50])
        alone = reverse("batch", args=[mine[0]]) if len(mine) == 1 else reverse("admin:councils_batch_changelist")
        yield ToDo(_("uploads that wait for you"), len(mine), alone)
