from typing import Any

from django.contrib import admin
from django.http import HttpRequest
from django.urls import reverse
from django.utils import timezone
from django.utils.html import format_html
from django.utils.translation import gettext
from django.utils.translation import gettext_lazy as _

from councils.admin.exporting import Button
from councils.admin.scoped import TownshipFilter
from councils.models import Council
from members.admin.ledger import CouncilsOwnAdmin, LedgerAdmin, YearFilter, year_of
from members.models import Attendance, Grade, Instructor, TrainingSession


class GradeFilter(admin.SimpleListFilter):
    title = _("for whom")
    parameter_name = "grade"

    def lookups(self, request: HttpRequest, model_admin: Any) -> list[tuple[str, Any]]:
        return list(Grade.choices)

    def queryset(self, request: HttpRequest, queryset: Any) -> Any:
        return queryset.filter(grades__contains=self.value()) if self.value() in Grade.values else queryset


class SessionYear(YearFilter):
    """By the year of the session that was attended."""

    field = "session__day"

    def queryset(self, request: HttpRequest, queryset: Any) -> Any:
        known = dict(self.lookup_choices)
        return queryset.filter(session__day__year=self.value()) if self.value() in known else queryset


@admin.register(Instructor)
class InstructorAdmin(CouncilsOwnAdmin):
    """The county's teachers; whoever may not enter them chooses among them."""

    import_kind = "teachers"
    unmask_permission = "members.reveal_number"
    list_display = ["name", "kind", "employer", "subjects", "in_use"]
    list_filter = ["kind", "in_use"]
    search_fields = ["name", "employer", "subjects"]
    autocomplete_fields = ["member"]
    fields = ["name", "kind", "member", "employer", "subjects", "in_use", "council", "remark"]

    def get_field_queryset(self, db: Any, db_field: Any, request: HttpRequest) -> Any:
        offered = super().get_field_queryset(db, db_field, request)
        return offered.filter(level="county") if db_field.name == "council" else offered


@admin.register(TrainingSession)
class TrainingSessionAdmin(CouncilsOwnAdmin):
    """Sessions of one's own council and those below; those above hold are only read."""

    import_kind = "sessions"
    list_display = ["topic", "day", "council", "for_whom", "hours", "instructor", "people"]
    list_filter = [GradeFilter, year_of("day"), ("council__level", admin.AllValuesFieldListFilter)]
    list_select_related = ["council", "instructor"]
    search_fields = ["topic", "place", "instructor__name"]
    autocomplete_fields = ["council", "instructor"]
    fields = ["topic", "day", "grades", "roles", ("hours", "place"), "instructor", "council", "remark"]

    def get_queryset(self, request: HttpRequest) -> Any:
        found: Any = super().get_queryset(request)
        return found.with_people(request.user)

    def get_fields(self, request: HttpRequest, obj: Any = None) -> Any:
        """Who only reads reads words."""
        if obj is None or self.has_change_permission(request, obj):
            return self.fields
        words = {"grades": "for_whom", "roles": "for_which_roles"}
        return [words.get(name, name) if isinstance(name, str) else name for name in self.fields or ()]

    def get_field_queryset(self, db: Any, db_field: Any, request: HttpRequest) -> Any:
        """Who teaches no more is offered for no new session."""
        offered = super().get_field_queryset(db, db_field, request)
        return offered.filter(in_use=True) if db_field.name == "instructor" else offered

    def has_change_permission(self, request: HttpRequest, obj: Any = None) -> bool:
        may = super().has_change_permission(request, obj)
        return may and (obj is None or Council.objects.visible_to(request.user).filter(pk=obj.council_id).exists())

    def get_changeform_initial_data(self, request: HttpRequest) -> dict[str, Any]:
        return {"day": timezone.localdate()} | super().get_changeform_initial_data(request)

    def buttons(self, request: HttpRequest) -> list[Button]:
        return [*super().buttons(request), Button(gettext("Who was trained"), reverse("training"), "training")]

    @admin.display(description=_("for whom"))
    def for_whom(self, session: TrainingSession) -> str:
        return session.for_grades

    @admin.display(description=_("roles"))
    def for_which_roles(self, session: TrainingSession) -> str:
        return session.for_roles

    @admin.display(description=_("who attended"))
    def people(self, session: Any) -> str:
        link = '<a href="{}">{}</a>'
        return format_html(link, reverse("tick_attendance", args=[session.pk]), session.people)


@admin.register(Attendance)
class AttendanceAdmin(LedgerAdmin):
    """Who attended which session."""

    import_kind = "training"
    list_display = ["member", "village", "topic", "day", "held_by", "hours"]
    list_filter = [TownshipFilter, SessionYear]
    list_select_related = ["member", "village", "session__council"]
    search_fields = [*LedgerAdmin.search_fields, "session__topic"]
    search_help_text = _("Name, pinyin, initials, or topic")
    autocomplete_fields = ["member", "session"]
    fixed = ("member", "session")
    fields = ["member", "session", "remark"]

    @admin.display(description=_("topic"), ordering="session__topic")
    def topic(self, attendance: Attendance) -> str:
        return attendance.session.topic

    @admin.display(description=_("day"), ordering="session__day")
    def day(self, attendance: Attendance) -> Any:
        return attendance.session.day

    @admin.display(description=_("held by"))
    def held_by(self, attendance: Attendance) -> str:
        return str(attendance.session.council)

    @admin.display(description=_("hours"))
    def hours(self, attendance: Attendance) -> Any:
        return attendance.session.hours
