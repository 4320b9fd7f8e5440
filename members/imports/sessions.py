"""The ledgers that training is given by: the county's pool of teachers, and the sessions that councils hold."""

import copy
from collections import defaultdict
from collections.abc import Sequence
from typing import Any

from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from councils.intake import Line, Verdict
from members.imports.ledgers import PLACES, Said, ledger
from members.imports.of_councils import CouncilLedger, own_council
from members.imports.of_members import MemberLedger
from members.imports.widgets import Choice, Choices, Day, Hours, Name, Text, Yes
from members.imports.words import HEADINGS, Words
from members.models import Grade, Instructor, SixRoles, TeacherKind, TrainingSession
from members.models.entry import Never

KINDS: Words = {
    TeacherKind.EXPERT: ["专家学者", "专家", "学者"],
    TeacherKind.PARTY_SCHOOL: ["党校教师", "党校老师", "党校讲师"],
    TeacherKind.LAWYER: ["律师", "法律工作者"],
    TeacherKind.CADRE: ["镇村干部", "乡镇干部", "村干部", "乡村干部"],
    TeacherKind.MEMBER: ["优秀村嫂", "村嫂"],
}
GRADES: Words = {
    Grade.PRESIDENT: ["会长", "会长、副会长"],
    Grade.DIRECTOR: ["理事"],
    Grade.BACKBONE: ["骨干会员", "骨干"],
    Grade.MEMBER: ["普通会员", "会员"],
}
ROLES: Words = {
    SixRoles.PUBLICIST: ["宣传员", "政策法规宣传员"],
    SixRoles.INSPECTOR: ["监督员", "村居环境监督员"],
    SixRoles.LEADER: ["引领员", "乡风文明引领员"],
    SixRoles.MEDIATOR: ["调解员", "矛盾纠纷调解员"],
    SixRoles.INFORMANT: ["信息员", "村居治理信息员"],
    SixRoles.SERVANT: ["服务员", "扶弱济困服务员"],
}


@ledger("teachers")
class TeacherResource(MemberLedger):
    """One row a teacher. An outstanding member is found by her ID number, or by her name within her village."""

    label = gettext_lazy("pool of teachers")
    permission = "members.add_instructor"
    model = Instructor
    prefix = "SZ"
    seat = "council"
    key = "kind"
    persons = ("name",)
    required = ("name", "kind")
    known_by = ("name", "employer")
    never = (Never(("member",), "name", gettext_lazy("She is in the pool of teachers already.")),)

    name = Said(HEADINGS["name"], Name(), "name")
    kind = Said(["师资类别", "类别", "教师类别", "师资类型"], Choice(KINDS), "kind")
    employer = Said(["单位及职务", "工作单位", "单位", "职务职称"], Text(80), "employer")
    subjects = Said(["讲授内容", "授课内容", "擅长领域", "授课方向"], Text(120), "subjects")
    in_use = Said(["是否在聘", "在聘", "是否授课"], Yes(), "in_use")
    remark = Said(["备注", "说明"], Text(200), "remark")

    def names_member(self, line: Line) -> bool:
        return line.values["kind"] == KINDS[TeacherKind.MEMBER][0]

    def relate(self, line: Line, record: Any) -> None:
        if record.pk is None:
            record.council = own_council(self.places)
        if not self.names_member(line):
            record.member = None
        elif member := self.member_of.get(id(line)):
            record.member = member

    def told(self, record: Any) -> dict[str, str]:
        return super().told(record) | dict.fromkeys(PLACES, "") | {"name": record.name}


@ledger("sessions")
class SessionResource(CouncilLedger):
    """One row a session of one's own council or one below; those that councils above hold are told, not changed."""

    label = gettext_lazy("training sessions")
    permission = "members.add_trainingsession"
    model = TrainingSession
    prefix = "KC"
    seat = "council"
    key = "topic"
    persons = ("topic",)
    required = ("day", "topic")
    known_by = ("day", "topic", "council")
    joined = ("council", "instructor")
    related = ("attendances__member__memberships",)
    never = ()
    called = "topic"

    day = Said(["培训日期", "培训时间", "上课日期"], Day(), "day")
    topic = Said(["培训主题", "培训内容", "培训课程", "课程名称"], Text(80), "topic")
    grades = Said(["培训对象", "参训对象", "对象"], Choices(GRADES, ["全体", "全体会员", "全体村嫂"]), "grades")
    roles = Said(["涉及职责", "六员职责", "培训方向"], Choices(ROLES, ["六员", "全部"]), "roles")
    hours = Said(["学时", "课时", "培训学时"], Hours(), "hours")
    place = Said(["培训地点", "地点", "上课地点"], Text(80), "place")
    teacher = Said(["授课教师", "授课人", "讲师", "主讲人"], Text(40))
    teacher_unit = Said(["教师单位", "授课教师单位", "讲师单位"], Text(80))
    remark = Said(["备注", "说明"], Text(200), "remark")

    def look_up(self, lines: Sequence[Line], records: dict[int, Any]) -> None:
        super().look_up(lines, records)
        pool = Instructor.objects.all() if self.user is None else Instructor.objects.visible_to(self.user)
        self.teachers: dict[str, list[Instructor]] = defaultdict(list)
        for each in pool:
            self.teachers[each.name].append(each)
        for line in lines:
            self._refuse_unknown_teacher(line)

    def relate(self, line: Line, record: Any) -> None:
        super().relate(line, record)
        if found := self._meant(line):
            (record.instructor,) = found

    def told(self, record: Any) -> dict[str, str]:
        teacher = record.instructor
        said = dict.fromkeys(PLACES, "") | super().told(record)
        return said | {"teacher": teacher.name if teacher else "", "teacher_unit": teacher.employer if teacher else ""}

    def _judge(self, line: Line, record: Any) -> None:
        own = self.places.own
        if record.pk is None or own is None or self.places.by_pk[record.council_id].code.startswith(own.code):
            super()._judge(line, record)
            return
        line.verdict, line.council = Verdict.SAME, record.council_id
        if self.told(self._filled(line, copy.copy(record))) != self.told(record):
            line.find("topic", "against_rules", _("A council above holds this session. Only it changes it."))

    def _meant(self, line: Line) -> list[Instructor]:
        """The teachers that a line can mean."""
        unit = line.values.get("teacher_unit")
        called = self.teachers.get(line.values.get("teacher", ""), [])
        return [each for each in called if not unit or each.employer == unit]

    def _refuse_unknown_teacher(self, line: Line) -> None:
        found = self._meant(line)
        if "teacher" in line.values and not found:
            line.find("teacher", "against_rules", _("No teacher of the pool is called so. Enter the teacher first."))
        elif len(found) > 1:
            units = "、".join(each.employer or str(each.get_kind_display()) for each in found)
            said = _("Several teachers are called so: %(units)s. Write the teacher's unit as well.")
            line.find("teacher", "against_rules", said % {"units": units})
