"""Who was trained: by grade in a year, and who never was."""

from collections.abc import Collection
from datetime import date
from typing import Any, NamedTuple

from django.db.models import Case, CharField, Count, Exists, OuterRef, Q, Sum, Value, When
from django.utils import timezone
from django.utils.translation import gettext as _

from councils.foretelling import Refused
from cunsao import locks
from members.joining import LOCK
from members.models import Attendance, Grade, Member, Membership, Position, Post, TrainingSession

POSITIONS = {  # of a grade; the highest that somebody holds counts
    Grade.PRESIDENT: (Position.PRESIDENT, Position.VICE_PRESIDENT),
    Grade.DIRECTOR: (Position.DIRECTOR,),
    Grade.BACKBONE: (Position.BACKBONE,),
}


class Trained(NamedTuple):
    """Of one grade: how many members it has, and how many of them attended a session; hours of all together."""

    grade: str
    members: int
    trained: int
    hours: Any

    @property
    def label(self) -> str:
        return str(Grade(self.grade).label)

    @property
    def rate(self) -> int:
        """Percent, rounded down, so that 100 means everybody."""
        return 100 * self.trained // self.members if self.members else 0


def of_grade(members: Any, day: date) -> Any:
    """A queryset of members with the `grade` of each on `day`."""
    posts = Post.objects.order_by().held_on(day).filter(member=OuterRef("pk"))
    cases = [When(Exists(posts.filter(position__in=held)), then=Value(str(grade))) for grade, held in POSITIONS.items()]
    return members.annotate(grade=Case(*cases, default=Value(str(Grade.MEMBER)), output_field=CharField()))


def by_grade(year: int, reader: Any) -> list[Trained]:
    """All grades, for the members that `reader` sees who served at the end of the year, or today in the present one.

    Two queries. Hours are of sessions in that year.
    """
    today = timezone.localdate()
    day = min(date(year, 12, 31), today)
    serving = Membership.objects.order_by().running_on(day).visible_to(reader).filter(member=OuterRef("pk"))
    graded = of_grade(Member.objects.visible_to(reader).filter(Exists(serving)).order_by(), day)
    attended = Attendance.objects.order_by().filter(session__day__year=year)
    here = graded.annotate(attended=Exists(attended.filter(member=OuterRef("pk"))))
    counted = here.values_list("grade").annotate(n=Count("pk"), trained=Count("pk", filter=Q(attended=True)))
    found = {grade: (n, trained) for grade, n, trained in counted.order_by()}
    within = Q(attendances__session__day__year=year)
    sums = dict(
        graded.values_list("grade").annotate(hours=Sum("attendances__session__hours", filter=within)).order_by()
    )
    return [Trained(grade, *found.get(grade, (0, 0)), sums.get(grade) or 0) for grade in Grade.values]


def never_trained(reader: Any) -> Any:
    """Members of today who attended no session at all."""
    attended = Attendance.objects.order_by().filter(member=OuterRef("pk"))
    return Member.objects.visible_to(reader).serving().filter(~Exists(attended))


def may_attend(session: TrainingSession, reader: Any) -> Any:
    """Who can be ticked for a session: members of its grades, where it is held and the reader looks, on its day."""
    on_day = Membership.objects.order_by().running_on(session.day).under(session.council).filter(member=OuterRef("pk"))
    found = of_grade(Member.objects.visible_to(reader).serving().filter(Exists(on_day)), session.day)
    return found.filter(grade__in=session.grades.split(","))


def tick(session: TrainingSession, shown: Collection[int], ticked: Collection[int], by: Any) -> tuple[int, int]:
    """Of the members `shown` exactly those `ticked` attended; returns how many were entered and taken away.

    Those who were not shown stay as they are. One transaction. Raises Refused before the session was held.
    """
    if session.day > timezone.localdate():
        raise Refused(_("This training has not been held yet. Enter it afterwards."))
    with locks.exclusive(LOCK):
        allowed = set(may_attend(session, by).filter(pk__in=shown).values_list("pk", flat=True))
        kept = Attendance.objects.visible_to(by).filter(session=session, member__in=shown)
        present = set(kept.values_list("member", flat=True))
        entering = (set(ticked) & allowed) - present
        gone = (present & set(shown)) - set(ticked)
        kept.filter(member__in=gone).delete()
        terms = Membership.objects.visible_to(by).filter(member__in=entering, end=None).select_related("member")
        new = [Attendance(member=each.member, session=session, village_id=each.village_id) for each in terms]
        Attendance.objects.bulk_create(new)
    return len(new), len(gone)
