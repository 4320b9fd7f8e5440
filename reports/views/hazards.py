"""Hazards: what lies on the reader's desk, what is overdue, and the loop of one of them."""

from dataclasses import dataclass
from datetime import date
from typing import Any

from django.db.models import Case, F, When
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404
from django.utils import timezone
from django.utils.translation import gettext, ngettext
from django.utils.translation import gettext_lazy as _

from councils.admin.paging import CappedPaginator
from councils.views.deeds import answer
from members.views.story import page, permit
from reports import hazards as rules
from reports.models import Desk, Hazard, HazardState, HazardStep, Severity
from reports.models.hazard import UNHANDLED
from reports.views.choosing import village_at, village_to_enter
from reports.views.hazard_deeds import DEEDS, ENTRIES

LOOK = "reports.view_hazard"
PAGE = 30
MINE, OVERDUE, OPEN, CLOSED = "mine", "overdue", "open", "closed"
TABS = {
    MINE: _("waits for me"), OVERDUE: _("overdue"), OPEN: _("all that are open"), CLOSED: _("done with"),
}  # fmt: skip
ENTERED = {"mend": _("put right on the spot"), "report": _("reported")}


@dataclass(frozen=True)
class Line:
    """A hazard in a list, with the days that are left of those it was given; below 0 they are over."""

    hazard: Hazard
    left: int | None

    @property
    def overdue(self) -> bool:
        return self.left is not None and self.left < 0

    @property
    def told(self) -> str:
        """How much of its time is left, in words; nothing of one that was handled."""
        if self.left is None:
            return ""
        if self.left < 0:
            return ngettext("overdue by %(n)d day", "overdue by %(n)d days", -self.left) % {"n": -self.left}
        if not self.left:
            return gettext("to be handled today")
        return ngettext("%(n)d day left", "%(n)d days left", self.left) % {"n": self.left}


def hazards(request: HttpRequest) -> HttpResponse:
    """What waits for her, what is overdue, all open ones with the overdue first, or those done with."""
    permit(request, LOOK)
    seen = Hazard.objects.visible_to(request.user).select_related("village__parent")
    desk = Hazard.objects.on_desk_of(request.user).order_by().values("pk")
    tabs: dict[str, Any] = {
        MINE: seen.filter(pk__in=desk), OVERDUE: seen.overdue(), OPEN: seen.open(),
        CLOSED: seen.filter(state=HazardState.CLOSED),
    }  # fmt: skip
    severity, state = (request.GET.get(name, "") for name in ("severity", "state"))
    counts = {name: CappedPaginator(rows, PAGE).count for name, rows in tabs.items() if name != CLOSED}
    shown = _chosen(request, counts)
    found = tabs[shown].order_by("-closed_on", "-pk") if shown == CLOSED else _overdue_first(tabs[shown])
    if severity in Severity.values:
        found = found.filter(severity=severity)
    if state in HazardState.values:
        found = found.filter(state=state)
    listed = CappedPaginator(found, PAGE).get_page(request.GET.get("p"))
    return page(
        request, "reports/hazards.html", title=_("Hazards"), shown=shown, severity=severity, state=state,
        tabs=[(name, label, counts.get(name)) for name, label in TABS.items()],
        lines=[line_of(each) for each in listed], listed=listed,
        severities=Severity.choices, states=[each for each in HazardState.choices if each[0] != HazardState.CLOSED],
        allowed=rules.times(request.user.council, timezone.localdate()),  # type: ignore[union-attr]
    )  # fmt: skip


def hazard(request: HttpRequest, pk: int) -> HttpResponse:
    """One hazard: what it is, its time, what may be done now, and every step of its loop."""
    found = _found(request, pk)
    steps = HazardStep.objects.visible_to(request.user).filter(hazard=found).select_related("by").order_by("number")
    names = {name: step.label for name, step in rules.STEPS.items()} | ENTERED
    return page(
        request, "reports/hazard.html", title=found.place, line=line_of(found), hazard=found,
        place=found.village, desk=Desk(found.desk).label,
        steps=[(each, names.get(each.deed, each.deed)) for each in steps],
        deeds=[(name, DEEDS[name].title, rules.STEPS[name].back)
               for name in rules.steps_for(found, request.user)],
    )  # fmt: skip


def hazard_deed(request: HttpRequest, pk: int, name: str) -> HttpResponse:
    """A step of the loop, by its key in STEPS."""
    if name not in DEEDS:
        raise Http404
    permit(request, DEEDS[name].permission)
    return answer(request, DEEDS[name], _found(request, pk))


def enter_hazard(request: HttpRequest, name: str) -> HttpResponse:
    """Whose hazard it is, for mend and report."""
    form = ENTRIES.get(name)
    if form is None:
        raise Http404
    return village_to_enter(request, form.title, form.permission, "enter_hazard_in", name)


def enter_hazard_in(request: HttpRequest, name: str, code: str) -> HttpResponse:
    """The form of one village: mend or report."""
    form = ENTRIES.get(name)
    if form is None:
        raise Http404
    permit(request, form.permission)
    return answer(request, form, village_at(request, code))


def line_of(hazard: Hazard, day: date | None = None) -> Line:
    running = hazard.state in UNHANDLED and hazard.due is not None
    return Line(hazard, (hazard.due - (day or timezone.localdate())).days if running and hazard.due else None)


def _found(request: HttpRequest, pk: int) -> Hazard:
    permit(request, LOOK)
    known = Hazard.objects.visible_to(request.user).select_related("village__parent__parent", "zone", "activity")
    found: Hazard = get_object_or_404(known, pk=pk)
    return found


def _chosen(request: HttpRequest, counts: dict[str, int]) -> str:
    """The tab that was asked for; else her own desk, or all that is open where nothing waits for her."""
    asked = request.GET.get("show", "")
    if asked in TABS:
        return asked
    return MINE if counts[MINE] else OPEN


def _overdue_first(rows: Any) -> Any:
    """By the day that is over or comes soonest; what was handled and waits for a look after those."""
    running = Case(When(state__in=UNHANDLED, then=F("due")))
    return rows.order_by(running.asc(nulls_last=True), "due", "pk")
