"""Who was trained in a year, and who attended a session: the members of its grades as boxes to tick."""

from typing import Any

from django.contrib import messages
from django.db.models import Min
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _

from councils.foretelling import Refused
from councils.models import Council, Level
from cunsao import months
from members import training as rules
from members.models import Attendance, Membership, TrainingSession
from members.views.story import page, permit

MOST = 500  # boxes on one page: more are found township by township


def training(request: HttpRequest) -> HttpResponse:
    """The share of each grade that was trained in a year, and the sessions of the year."""
    permit(request, "members.view_attendance")
    today, known = timezone.localdate(), TrainingSession.objects.visible_to(request.user)
    first = known.aggregate(first=Min("day"))["first"] or today
    year, earlier, later = months.leaf_years(request.GET.get("year", ""), first.year, today.year)
    held = known.filter(day__year=year)
    grades = rules.by_grade(year, request.user)
    return page(
        request, "members/training.html", title=_("Who was trained"), year=year, grades=grades,
        earlier=earlier, later=later,
        members=sum(each.members for each in grades), trained=sum(each.trained for each in grades),
        sessions=held.with_people(request.user).select_related("council", "instructor")[:MOST],
        never=rules.never_trained(request.user).count(),
        may_enter=request.user.has_perm("members.add_trainingsession"),
        may_tick=request.user.has_perm("members.add_attendance"),
    )  # fmt: skip


def tick_attendance(request: HttpRequest, pk: int) -> HttpResponse:
    """Boxes for the members of the session's grades in one place; those of other places stay as they are."""
    permit(request, "members.view_attendance")
    session = get_object_or_404(TrainingSession.objects.visible_to(request.user).select_related("council"), pk=pk)
    may_tick = request.user.has_perm("members.add_attendance")
    places = _places(session, request.user)
    place = places.filter(code=request.GET.get("place", "")).first() or (places[0] if len(places[:2]) == 1 else None)
    if request.method == "POST":
        permit(request, "members.add_attendance")
        return _ticked(request, session)
    shown = _shown(session, place, request.user) if place else []
    present = set(_attended(session, request.user).values_list("member", flat=True))
    return page(
        request, "members/attendance.html", title=_("Who attended"), session=session, places=places, chosen=place,
        shown=[(each, each.pk in present) for each in shown], may_tick=may_tick and session.day <= timezone.localdate(),
        present=len(present), to_come=session.day > timezone.localdate(),
    )  # fmt: skip


def _ticked(request: HttpRequest, session: TrainingSession) -> HttpResponse:
    keys = {name: {int(key) for key in request.POST.getlist(name) if key.isdecimal()} for name in ("shown", "member")}
    try:
        entered, gone = rules.tick(session, keys["shown"], keys["member"] & keys["shown"], request.user)
    except Refused as refusal:
        messages.error(request, str(refusal))
    else:
        said = _("Entered: %(entered)d, taken away: %(gone)d.") % {"entered": entered, "gone": gone}
        messages.success(request, said)
    place = request.GET.get("place", "")
    query = f"?place={place}" if place.isascii() and place.isdecimal() else ""
    return redirect(reverse("tick_attendance", args=[session.pk]) + query)


def _places(session: TrainingSession, reader: Any) -> Any:
    """Townships for the county, else villages, where the session's council and the reader's meet."""
    below = Council.objects.visible_to(reader).under(session.council).filter(closed=None)
    if reader.council.level == Level.COUNTY and session.council.level == Level.COUNTY:
        return below.at_level(Level.TOWNSHIP)
    return below.filter(level__in=(Level.VILLAGE, Level.COMMUNITY))


def _shown(session: TrainingSession, place: Council, reader: Any) -> list[Any]:
    """With the village of each, in the order of villages and names."""
    found = list(rules.may_attend(session, reader).under(place).with_terms()[:MOST])
    return sorted(found, key=lambda each: (each.village.code if each.village else "", each.syllables, each.pk))


def _attended(session: TrainingSession, reader: Any) -> Any:
    running = Membership.objects.visible_to(reader).filter(end=None).order_by().values("member")
    return Attendance.objects.visible_to(reader).filter(session=session, member__in=running)
