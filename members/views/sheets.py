"""Sheets to be printed, and the same as workbooks."""

import io
from collections.abc import Sequence
from datetime import date
from typing import Any

from django.http import FileResponse, Http404, HttpRequest, HttpResponseBase
from django.shortcuts import get_object_or_404
from django.template.response import TemplateResponse
from django.urls import reverse
from django.utils.translation import gettext as _

from councils.exports import enter
from councils.models import Council
from cunsao import months, printing, workbook
from members.models import UNDECIDED, MonthlyRoster, RosterStatus
from members.sheets import equipment, notice, payment, register
from members.views.story import permit


def register_sheet(request: HttpRequest, code: str) -> HttpResponseBase:
    """The register of one village or one township, each village on sheets of its own; `?format=xlsx` as a workbook."""
    permit(request, "members.view_member")
    council = _place(request, code)
    title = _("Register of %(place)s") % {"place": council}
    return _printed(request, title, register.forms(council, request.user), reverse("council", args=[code]))


def equipment_sheet(request: HttpRequest, code: str) -> HttpResponseBase:
    """What the members of a village or township have in hand, with room to sign for it."""
    permit(request, "members.view_equipment")
    place = _place(request, code)
    title = _("Equipment of %(place)s") % {"place": place}
    return _printed(request, title, equipment.forms(place, request.user), reverse("admin:members_equipment_changelist"))


def payment_sheet(request: HttpRequest, code: str, month: str) -> HttpResponseBase:
    """Who signs for what, of a township's month or of one village in it; a draft until it is approved."""
    permit(request, "members.view_rosterentry")
    place = _place(request, code)
    roster = get_object_or_404(_rosters(place, months.read(month)).visible_to(request.user))
    village = place if place.is_village else None
    title = _("Payment sheet of %(place)s, %(month)s") % {"place": place, "month": months.label(roster.month)}
    return _printed(request, title, payment.forms(roster, village), _month_of(roster))


def notice_sheet(request: HttpRequest, code: str, month: str) -> HttpResponseBase:
    """What hangs on the wall: of a month that was published, for everybody who sees the place.

    Who works on the month sees it from approval on.
    """
    permit(request, "members.view_member")
    place = _place(request, code)
    works_on_it = request.user.has_perm("members.view_rosterentry")
    hidden = UNDECIDED if works_on_it else (*UNDECIDED, RosterStatus.APPROVED)
    roster = get_object_or_404(_rosters(place, months.read(month)).exclude(status__in=hidden))
    village = place if place.is_village else None
    title = _("Notice of %(place)s, %(month)s") % {"place": place, "month": months.label(roster.month)}
    back = _month_of(roster) if works_on_it else reverse("council", args=[code])
    return _printed(request, title, notice.forms(roster, village), back)


def _place(request: HttpRequest, code: str) -> Council:
    """A village or township that the reader may see."""
    visible = Council.objects.visible_to(request.user).select_related("parent")
    found: Council = get_object_or_404(visible, code=code)
    if found.level == "county":
        raise Http404  # 350 villages are printed township by township
    return found


def _rosters(place: Council, month: date) -> Any:
    township = place.parent if place.is_village else place
    return MonthlyRoster.objects.filter(township=township, month=month).select_related("township__parent", "rate")


def _month_of(roster: MonthlyRoster) -> str:
    return reverse("payment_month", args=[roster.township.code, f"{roster.month:%Y-%m}"])


def _printed(request: HttpRequest, title: str, forms: Sequence[printing.Form], back: str) -> HttpResponseBase:
    """The page for paper, or with `?format=xlsx` the workbook, which is entered in the trail."""
    if request.GET.get("format") == "xlsx":
        enter(title, sum(len(form.rows) for form in forms), request.user)
        stream = io.BytesIO()
        workbook.write([printing.plan(form, name) for form, name in zip(forms, _names(forms), strict=True)], stream)
        stream.seek(0)
        return FileResponse(stream, as_attachment=True, filename=f"{title}.xlsx")
    context = {"title": title, "pages": printing.lay_out(forms), "back": back, "workbook": "?format=xlsx"}
    return TemplateResponse(request, "print/base.html", context)


def _names(forms: Sequence[printing.Form]) -> list[str]:
    """A sheet's name for each form: where it is; Excel takes no two alike and 31 characters."""
    return [f"{at} {form.left.split()[-1]}"[:31] for at, form in enumerate(forms, 1)]
