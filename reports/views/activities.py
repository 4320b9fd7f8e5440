"""What was done, entered and mended: a page for each role, a record's own page, and the month at a glance."""

from typing import Any

from django.contrib import messages
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST

from councils.models import VILLAGES, Council
from cunsao import drafts, private_files
from members.views.story import page, permit
from reports import activities, kinds, photos, sampling
from reports.activities import WorkRefused
from reports.forms import WorkForm
from reports.kinds import KINDS, Kind, Role
from reports.models import Activity, Photo, Source, State

ITS_OWN = {"dispute": "disputes", "hazard": "hazards"}


def enter(request: HttpRequest, role: str) -> HttpResponse:
    """A role's page: its kinds, then the fields of the chosen one. Kind and village stand in the address."""
    permit(request, "reports.add_activity")
    if role not in Role:
        raise Http404
    kind, village = _kind_of(request, role), village_of(request)
    form = None
    if kind is not None and village is not None and not kind.its_own:
        files = request.FILES if request.method == "POST" else None
        form = WorkForm(kind, village, request.user, drafts.take(request) or request.POST or None, files)
        if request.method == "POST" and form.is_valid() and (done := _saved(request, form)) is not None:
            return redirect(request.get_full_path()) if "next" in request.POST else redirect("open_activity", done.pk)
    return page(
        request, "reports/enter.html", title=Role(role).label, role=Role(role), roles=Role, kind=kind, form=form,
        kinds=[(each, ITS_OWN.get(each.its_own, "")) for each in kinds.of_role(role)], village=village,
        villages=villages_for(request), place=village or request.user.council,  # type: ignore[union-attr]
    )  # fmt: skip


def mend(request: HttpRequest, pk: int) -> HttpResponse:
    """A record that is not verified, on the form of its kind or of another of its role."""
    permit(request, "reports.change_activity")
    record = found_activity(request, pk)
    if not may_mend(record, request.user):
        return redirect("open_activity", pk)
    kind = _kind_of(request, record.role) or record.what
    files = request.FILES if request.method == "POST" else None
    typed = drafts.take(request) or request.POST or None
    form = WorkForm(kind, record.village, request.user, typed, files, record=record)
    if request.method == "POST" and form.is_valid() and _saved(request, form) is not None:
        return redirect("open_activity", pk)
    return page(
        request, "reports/mend.html", title=_("Mend a record"), record=record, form=form, kind=kind,
        kinds=[each for each in kinds.of_role(record.role) if not each.its_own], place=record.village,
        shown=record.photos.all(),
    )  # fmt: skip


def open_activity(request: HttpRequest, pk: int) -> HttpResponse:
    """A record with its photos; who may verify it is told what looks like it."""
    record = found_activity(request, pk)
    judges = request.user.has_perm("reports.verify_activity")
    doubles = [
        (_("The same words"), sampling.same_texts([record], request.user).get(pk, [])),
        (_("The same picture"), sampling.same_photos([record], request.user).get(pk, [])),
    ]
    return page(
        request, "reports/activity.html", title=str(record), record=record, shown=record.photos.all(),
        told=told_of(record), doubles=[each for each in doubles if each[1]] if judges else [],
        may_mend=may_mend(record, request.user), place=record.village, own=ITS_OWN.get(record.what.its_own, ""),
        may_judge=judges and record.state == State.OPEN and record.recorded_by_id != request.user.pk,
    )  # fmt: skip


def photo(request: HttpRequest, pk: int) -> HttpResponse:
    """A photo, for who may see its record."""
    permit(request, "reports.view_photo")
    return private_files.photo(photos.file_of(pk, request.user))


@require_POST
def remove_photo(request: HttpRequest, pk: int) -> HttpResponse:
    """One photo less of a record that is not verified."""
    permit(request, "reports.change_activity")
    found = get_object_or_404(Photo.objects.visible_to(request.user), pk=pk)
    try:
        photos.take_away(found, request.user)
    except WorkRefused as refusal:
        messages.error(request, str(refusal))
    return redirect("mend_activity", found.activity_id)


def found_activity(request: HttpRequest, pk: int) -> Activity:
    """A record that the reader may see; 404 for any other."""
    permit(request, "reports.view_activity")
    known = Activity.objects.visible_to(request.user).select_related(
        "village__parent__parent", "zone", "recorded_by", "verified_by"
    )
    found: Activity = get_object_or_404(known, pk=pk)
    return found


def may_mend(record: Activity, user: Any) -> bool:
    """Whether it is mended on its own form; cells of the month's sheet are mended there."""
    return (
        user.has_perm(activities.MEND) and record.state != State.VERIFIED and record.source != Source.SHEET
        and not record.what.its_own
    )  # fmt: skip


def told_of(record: Activity) -> list[tuple[Any, str]]:
    """Its particulars, in the order of its kind."""
    said = record.particulars
    return [(each.label, each.told(said[each.key])) for each in record.what.particulars if each.key in said]


def village_of(request: HttpRequest) -> Council | None:
    """The reader's own village, or the one in the address; None where she has yet to choose."""
    own = request.user.council  # type: ignore[union-attr]
    if own.is_village:
        return own
    asked = request.GET.get("village", "")
    found: Council | None = villages_for(request).filter(code=asked).first() if asked else None
    return found


def villages_for(request: HttpRequest) -> Any:
    """What she may choose among."""
    visible = Council.objects.visible_to(request.user).at_level(*VILLAGES)
    return visible.filter(closed=None).select_related("parent").order_by("code")


def _kind_of(request: HttpRequest, role: str) -> Kind | None:
    kind = KINDS.get(request.GET.get("kind", ""))
    return kind if kind is not None and kind.role == role else None


def _saved(request: HttpRequest, form: WorkForm) -> Activity | None:
    """The record, with a message of what became of its photos; None where a rule refuses it, which the form tells."""
    try:
        done = form.save()
    except WorkRefused as refusal:
        form.tell(refusal)
        return None
    faults = form.keep_photos(done)
    messages.success(request, _("Entered: %(what)s.") % {"what": f"{done} {done.doers}"})
    for fault in faults:
        messages.error(request, _("A photo was not taken. %(fault)s") % {"fault": fault})
    return done
