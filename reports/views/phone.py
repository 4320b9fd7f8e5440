"""The phone page of a village's president: four taps and a photo. What its script sends while the line comes and goes
is stored once by the key that it made; the same page without a script sends a plain form.

No service worker keeps the page: it names women of the village, and such a page is never to stay on a phone. What waits
to be sent is kept by the page's script, with keys of members and no names, and goes when it is sent.
"""

from datetime import timedelta
from typing import Any
from uuid import UUID

from django.contrib import messages
from django.http import HttpRequest, HttpResponse, JsonResponse
from django.shortcuts import redirect
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST

from councils.models import Council
from cunsao import drafts
from cunsao.pictures import PictureRefused
from members.views.story import page, permit
from reports import overview, photos
from reports.forms import PhoneForm
from reports.kinds import KINDS, Kind
from reports.refusing import WorkRefused
from reports.views.activities import ITS_OWN, found_activity, village_of, villages_for

USUAL = 6  # kinds that stand first, as they were entered most often
LATELY = timedelta(days=120)


def phone(request: HttpRequest) -> HttpResponse:
    """The page, and what it sends."""
    permit(request, "reports.add_activity")
    village = village_of(request)
    if village is None:
        return page(
            request, "reports/phone_village.html", title=_("Note what was done"), villages=villages_for(request)
        )
    if request.method == "POST":
        form = PhoneForm(village, request.user, request.POST, request.FILES)
        record, refusal = _stored(form)
        if "application/json" in request.headers.get("Accept", ""):
            return _answer(record, refusal)
        if record is not None:
            messages.success(request, _("Sent: %(what)s.") % {"what": f"{record} {record.doers}"})
            said = form.cleaned_data
            for fault in photos.keep_all(record, said["photos"], request.user, said["client_key"]):
                messages.error(request, _("A photo was not taken. %(fault)s") % {"fault": fault})
            return redirect(request.get_full_path())
        messages.error(request, refusal)
    else:
        form = PhoneForm(village, request.user, drafts.take(request))
    usual, others = _kinds(village)
    return page(
        request, "reports/phone.html", title=_("Note what was done"), form=form, village=village, usual=usual,
        others=others, own=ITS_OWN, chosen=form["kind"].value(),
        ticked=[str(each) for each in form["members"].value() or ()],
    )  # fmt: skip


@require_POST
def photograph(request: HttpRequest, pk: int) -> JsonResponse:
    """One photo of a record that was sent before, stored once by its key; or why it is not taken."""
    permit(request, "reports.add_photo")
    record = found_activity(request, pk)
    file: Any = request.FILES.get("photo")
    try:
        key = UUID(request.POST.get("key", ""))
    except ValueError:
        file = None
    if file is None:
        return JsonResponse({"refused": _("The photo did not arrive. Choose it again.")})
    try:
        kept = photos.keep(record, file, request.user, key)
    except PictureRefused as refusal:
        return JsonResponse({"refused": str(refusal.message)})
    except WorkRefused as refusal:
        return JsonResponse({"refused": str(refusal)})
    return JsonResponse({"photo": kept.pk})


def _stored(form: PhoneForm) -> tuple[Any, str]:
    """The record, or why there is none."""
    if not form.is_valid():
        return None, form.faults()
    try:
        return form.save(), ""
    except WorkRefused as refusal:
        return None, str(refusal)


def _answer(record: Any, refusal: str) -> JsonResponse:
    if record is None:
        return JsonResponse({"refused": refusal})
    return JsonResponse({"record": record.pk, "photos": reverse("photograph_activity", args=[record.pk])})


def _kinds(village: Council) -> tuple[list[Kind], list[Kind]]:
    """The usual ones, most used first, and all others in the order of the catalogue."""
    bare = [kind for kind in KINDS.values() if kind.in_sheet]
    used = overview.used_most(village, timezone.localdate() - LATELY, len(KINDS))
    ranked = sorted(bare, key=lambda kind: used.index(kind.key) if kind.key in used else len(used))
    usual = ranked[:USUAL]
    return usual, [kind for kind in bare if kind not in usual]
