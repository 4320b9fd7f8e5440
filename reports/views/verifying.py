"""What waits of the villages: looked at, verified or given back; and records of a village's month drawn by chance."""

from collections.abc import Sequence
from datetime import date
from typing import Any, NamedTuple

from django.contrib import messages
from django.core.exceptions import BadRequest
from django.db.models import Count, Q
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect
from django.urls import reverse
from django.utils import timezone
from django.utils.http import url_has_allowed_host_and_scheme
from django.utils.translation import gettext as _
from django.utils.translation import ngettext
from django.views.decorators.http import require_POST

from councils.models import VILLAGES, Council
from cunsao import months
from members.views.story import page, permit
from reports import activities, sampling
from reports.activities import WorkRefused
from reports.leafing import first_month
from reports.models import Activity, Photo, Sample, State
from reports.views.activities import told_of
from reports.views.work import recent

A_PAGE = 30
MOST_PLACES = 400


class Shown(NamedTuple):
    """A record with all that is looked at before it is verified."""

    record: Activity
    told: Sequence[tuple[Any, str]]
    photos: Sequence[Photo]
    same_texts: Sequence[int]
    same_photos: Sequence[int]
    own: bool


def verify(request: HttpRequest) -> HttpResponse:
    """Records that wait, the latest first, narrowed to a village; the next page goes on where this one ends."""
    permit(request, activities.VERIFY)
    waiting = Activity.objects.visible_to(request.user).waiting()
    places = _places(request.user, waiting)
    chosen = next((each for each, _count in places if each.code == request.GET.get("village")), None)
    if chosen is not None:
        waiting = waiting.under(chosen)
    found = list(_after(waiting, request.GET.get("after", "")).select_related("village", "zone")[: A_PAGE + 1])
    more, found = found[A_PAGE:], found[:A_PAGE]
    return page(
        request, "reports/verify.html", title=_("Verify what was done"), shown=_looked_at(found, request.user),
        places=places, chosen=chosen, after=_key(found[-1]) if more else "",
        here=request.get_full_path(),
    )  # fmt: skip


@require_POST
def judge(request: HttpRequest) -> HttpResponse:
    """Verifies or gives back the ticked records; what became of them is told, and the page is the one before."""
    permit(request, activities.VERIFY)
    seen = _seen(request.POST.getlist("seen"))
    back = request.POST.get("next", "")
    if not url_has_allowed_host_and_scheme(back, None):
        back = reverse("verify_work")
    rejecting = request.POST.get("deed") == "reject"
    try:
        if not seen:
            messages.info(request, _("Tick the records first."))
        elif rejecting:
            _tell(request, activities.reject(seen, request.user, request.POST.get("reason", "")), rejecting)
        else:
            _tell(request, activities.verify(seen, request.user), rejecting)
    except WorkRefused as refusal:
        messages.error(request, str(refusal))
    return redirect(back)


def samples(request: HttpRequest) -> HttpResponse:
    """Villages with what they entered in a month, and the draw of each, or the button that makes it."""
    permit(request, "reports.view_sample")
    month = months.read(request.GET.get("month"))
    drawn = {each.village_id: each for each in Sample.objects.visible_to(request.user).filter(month=month)}
    entered = Activity.objects.visible_to(request.user).filter(day__range=(month, months.last_day(month)))
    counts = dict(entered.order_by().values_list("village").annotate(Count("pk")))
    places = Council.objects.visible_to(request.user).at_level(*VILLAGES).filter(Q(pk__in=drawn) | Q(pk__in=counts))
    rows = [
        (each, counts.get(each.pk, 0), drawn.get(each.pk))
        for each in places.select_related("parent").order_by("code")[:MOST_PLACES]
    ]
    return page(
        request, "reports/samples.html", title=_("Spot checks"), month=f"{month:%Y-%m}", label=months.label(month),
        rows=rows, may_draw=request.user.has_perm(sampling.DRAW), size=sampling.SIZE,
        months=recent(month, first_month(request.user.council, timezone.localdate())),  # type: ignore[union-attr]
    )  # fmt: skip


@require_POST
def draw(request: HttpRequest) -> HttpResponse:
    """Draws a village's month; what was drawn before is shown again."""
    permit(request, sampling.DRAW)
    visible = Council.objects.visible_to(request.user).at_level(*VILLAGES)
    village = get_object_or_404(visible, code=request.POST.get("village", ""))
    month = months.read(request.POST.get("month"))
    try:
        sample = sampling.draw(village, month, request.user)
    except WorkRefused as refusal:
        messages.error(request, str(refusal))
        return redirect(reverse("samples") + f"?month={month:%Y-%m}")
    return redirect("open_sample", sample.pk)


def open_sample(request: HttpRequest, pk: int) -> HttpResponse:
    """The records that were drawn, the seed, and whether the draw comes out the same today."""
    permit(request, "reports.view_sample")
    known = Sample.objects.visible_to(request.user).select_related("village__parent__parent", "drawn_by")
    sample = get_object_or_404(known, pk=pk)
    drawn = Activity.objects.visible_to(request.user).filter(pk__in=sample.activities)
    found = sorted(drawn.select_related("village", "zone"), key=lambda each: sample.activities.index(each.pk))
    return page(
        request, "reports/sample.html", title=_("Spot check"), sample=sample, place=sample.village,
        label=months.label(sample.month), shown=_looked_at(found, request.user), again=sampling.again(sample),
        may_judge=request.user.has_perm(activities.VERIFY), here=request.get_full_path(),
        gone=len(sample.activities) - len(found),
    )  # fmt: skip


def _looked_at(found: Sequence[Activity], user: Any) -> list[Shown]:
    """A fixed number of queries, whatever their number."""
    texts, pictures = sampling.same_texts(found, user), sampling.same_photos(found, user)
    photos: dict[int, list[Photo]] = {each.pk: [] for each in found}
    for photo in Photo.objects.filter(activity__in=list(photos)).order_by("activity", "place"):
        photos[photo.activity_id].append(photo)
    return [
        Shown(
            each, told_of(each), photos[each.pk], texts.get(each.pk, []), pictures.get(each.pk, []),
            each.recorded_by_id == user.pk or each.state != State.OPEN,
        )
        for each in found
    ]  # fmt: skip


def _places(user: Any, waiting: Any) -> list[tuple[Council, int]]:
    """The villages where something waits, with how much."""
    counts = dict(waiting.order_by().values_list("village").annotate(Count("pk")))
    villages = Council.objects.filter(pk__in=counts).select_related("parent").order_by("code")
    return [(each, counts[each.pk]) for each in villages[:MOST_PLACES]]


def _after(waiting: Any, key: str) -> Any:
    """Those behind the record that the last page ended with."""
    if not key:
        return waiting
    day, _dot, pk = key.partition(".")
    try:
        last = date.fromisoformat(day)
    except ValueError:
        raise BadRequest(key) from None
    if not (pk.isascii() and pk.isdecimal() and len(pk) < 19):
        raise BadRequest(key)
    return waiting.filter(Q(day__lt=last) | Q(day=last, pk__lt=int(pk)))


def _key(record: Activity) -> str:
    return f"{record.day:%Y-%m-%d}.{record.pk}"


def _seen(ticked: Sequence[str]) -> dict[int, int]:
    """{record: the version that was looked at} of what was ticked ("KEY-VERSION")."""
    found = {}
    for each in ticked[: 10 * A_PAGE]:
        pk, _dash, version = each.partition("-")
        if not (pk.isascii() and pk.isdecimal() and version.isascii() and version.isdecimal() and len(each) < 40):
            raise BadRequest(each)
        found[int(pk)] = int(version)
    return found


def _tell(request: HttpRequest, judged: activities.Judged, rejecting: bool) -> None:
    done, left = len(judged.done), len(judged.overtaken)
    if done and rejecting:
        said = ngettext("%(n)d record was given back.", "%(n)d records were given back.", done)
        messages.success(request, said % {"n": done})
    elif done:
        said = ngettext("%(n)d record is verified.", "%(n)d records are verified.", done)
        messages.success(request, said % {"n": done})
    if left:
        said = ngettext(
            "%(n)d record was left alone: it was changed meanwhile, or is your own.",
            "%(n)d records were left alone: they were changed meanwhile, or are your own.",
            left,
        )
        messages.warning(request, said % {"n": left})
