"""The ledger of training attended: one row a member and session, which is named by day and topic."""

from collections import defaultdict
from collections.abc import Iterator, Sequence
from typing import Any

from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from councils.intake import Line
from members.chapters import Entry, chapter
from members.gaps import Gap, Gaps, gap_list, gaps_of
from members.imports.ledgers import Said, ledger
from members.imports.of_members import MemberLedger
from members.imports.widgets import Day, Text
from members.models import Attendance, Member, TrainingSession
from members.training import never_trained


@ledger("training")
class AttendanceResource(MemberLedger):
    """Sessions are entered on the screen; `host` and its code tell two of one day and topic apart."""

    label = gettext_lazy("training attended")
    permission = "members.add_attendance"
    model = Attendance
    prefix = "PX"
    key = "topic"
    required = ("day", "topic")
    known_by = ("member", "session")
    joined = ("member", "session__council")

    day = Said(["培训日期", "培训时间", "上课日期"], Day())
    topic = Said(["培训主题", "培训内容", "培训课程", "课程名称"], Text(80))
    host = Said(["主办单位", "举办单位"], Text(60))
    host_code = Said(["主办单位代码"], Text(12))
    remark = Said(["备注", "说明"], Text(200), "remark")

    def look_up(self, lines: Sequence[Line], records: dict[int, Any]) -> None:
        super().look_up(lines, records)
        held = TrainingSession.objects.all() if self.user is None else TrainingSession.objects.visible_to(self.user)
        self.sessions: dict[tuple[str, str], list[TrainingSession]] = defaultdict(list)
        for each in held.select_related("council"):
            self.sessions[each.day.isoformat(), each.topic].append(each)
        for line in lines:
            found = self._held(line)
            if not found:
                line.find("topic", "against_rules", _("No such session was held on this day. Enter the session first."))
            elif len(found) > 1:
                hosts = "、".join(str(each.council) for each in found)
                said = _("Several held it on this day: %(hosts)s. Write who held it, or its code.")
                line.find("topic", "against_rules", said % {"hosts": hosts})

    def relate(self, line: Line, record: Any) -> None:
        (record.session,) = self._held(line)
        super().relate(line, record)

    def told(self, record: Any) -> dict[str, str]:
        session = record.session
        told = {"day": session.day.isoformat(), "topic": session.topic}
        told |= {"host": session.council.name, "host_code": session.council.code}
        return super().told(record) | told

    def _held(self, line: Line) -> list[TrainingSession]:
        """The sessions that a line can mean."""
        code, host = line.values.get("host_code"), line.values.get("host")
        found = self.sessions.get((line.values["day"], " ".join(line.values["topic"].split())), [])
        return [
            each for each in found
            if (not code or each.council.code == code) and (not host or host in (each.council.name, str(each.council)))
        ]  # fmt: skip


@chapter
def trainings(member: Member, reader: Any) -> Iterator[Entry]:
    attended = Attendance.objects.visible_to(reader).filter(member=member).select_related("session__council")
    for each in attended:
        hours = _("%(hours)s hours") % {"hours": each.session.hours.normalize()}
        yield Entry(
            each.session.day, _("Training: %(topic)s") % {"topic": each.session.topic}, str(each.session.council),
            icon="training", note=hours,
            address=reverse("admin:members_trainingsession_change", args=[each.session_id]),
        )  # fmt: skip


@gap_list
def members_never_trained(reader: Any) -> Gaps:
    may = reader.has_perm("members.add_attendance")
    title = _("Members who were never trained")
    return gaps_of(title, may and _("Enter a training"), never_trained(reader).with_terms(), _member)


def _member(member: Member) -> Gap:
    return Gap(str(member), str(member.village or ""), "admin:members_attendance_add", query=f"member={member.pk}")
