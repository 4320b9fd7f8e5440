"""Reports on paper: drafted, issued, opened again as they were issued; and the county's circular."""

import io
from datetime import date
from typing import Any

from django.contrib import messages
from django.http import FileResponse, Http404, HttpRequest, HttpResponse, HttpResponseBase
from django.shortcuts import get_object_or_404, redirect
from django.template.response import TemplateResponse
from django.urls import reverse
from django.utils import timezone, translation
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST

from councils.exports import enter
from councils.models import Council, Level
from cunsao import months, printing, workbook
from members.views.story import page, permit
from reports import circular as circulars
from reports import reporting
from reports.asking import PeriodForm
from reports.leafing import first_month, newest_month
from reports.models import IssuedReport
from reports.periods import NotAPeriod, Period
from reports.views.dashboard import place_of

READ = "reports.view_issuedreport"
LATELY = 60
XLSX = "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet"


def reports(request: HttpRequest) -> HttpResponse:
    """Chooses what to report of; beneath, what was issued."""
    permit(request, READ)
    form = PeriodForm(request.user, request.GET if "month" in request.GET else None, initial=_first(request))
    if form.is_bound and form.is_valid():
        return redirect("report", form.council.code, form.period.query.removeprefix("period="))
    issued = IssuedReport.objects.visible_to(request.user).select_related("council", "issued_by").defer("content")
    return page(
        request, "reports/reports.html", title=_("Work reports"), form=form, issued=issued[:LATELY],
    )  # fmt: skip


def report(request: HttpRequest, code: str, period: str) -> HttpResponseBase:
    """The report as figures stand now; a draft until it is issued."""
    permit(request, READ)
    council, asked = place_of(request, code), _period(period)
    content = reporting.draft(council, asked, request.user)
    return _laid_out(
        request, "reports/report.html", content["title"], reporting.forms(content, [_("Draft: it was not issued.")]),
        seen=reporting.digest(reporting.figures_of(content)),
        issued=reporting.versions(council, asked).defer("content"), over=asked.last < timezone.localdate(),
        may_issue=reporting.may_issue(council, request.user),
        address=reverse("issue_report", args=[code, period]), back=reverse("reports"),
    )  # fmt: skip


@require_POST
def issue(request: HttpRequest, code: str, period: str) -> HttpResponse:
    """Freezes it; pressed twice, the second time shows what the first made."""
    permit(request, reporting.ISSUE)
    council = place_of(request, code)
    try:
        made = reporting.issue(council, _period(period), request.POST.get("seen", ""), request.user)
    except reporting.WorkRefused as refusal:
        messages.error(request, str(refusal))
        return redirect("report", code, period)
    return redirect("issued_report", made.pk)


def issued(request: HttpRequest, pk: int) -> HttpResponseBase:
    """A report as it was issued, out of what was kept of it; `?format=xlsx` as the same workbook as ever."""
    permit(request, READ)
    kept = get_object_or_404(IssuedReport.objects.visible_to(request.user).select_related("council"), pk=pk)
    if request.GET.get("format") == "xlsx":
        enter(str(kept), len(kept.content["rows"]), request.user)
        return _download(reporting.to_workbook(kept), f"{kept.content['title']} v{kept.version}")
    with translation.override(kept.content["language"]):
        pages = printing.lay_out(reporting.forms(kept.content, reporting.foot_of(kept)))
    context = {"title": kept.content["title"], "pages": pages, "back": reverse("reports"), "workbook": "?format=xlsx"}
    return TemplateResponse(request, "print/base.html", context)


def circular(request: HttpRequest) -> HttpResponseBase:
    """The county's tables of who was on time and how completely work was recorded, for a month, quarter or year."""
    permit(request, "members.view_excuse")
    own: Council = request.user.council  # type: ignore[union-attr]
    if own.level != Level.COUNTY:
        raise Http404
    today = timezone.localdate()
    asked = Period.read(request.GET, Period.month(newest_month(own, today)))
    if asked.first > today:
        raise Http404
    made = circulars.forms(own, asked, request.user.get_full_name())  # type: ignore[union-attr]
    title = _("Circular on handing in and recording, %(period)s") % {"period": asked.label}
    return _laid_out(
        request, "reports/circular.html", title, made, query=asked.query, period=asked, back=reverse("months"),
        others=_beside(asked, first_month(own, today)),
    )  # fmt: skip


def _beside(asked: Period, first: date) -> list[Period]:
    """The period before unless it ended before the month `first`, and the quarter and year in which this one lies."""
    before, wider = asked.before(), [Period.quarter(asked.first), Period.year(asked.first.year)]
    return [each for each in (before, *wider) if each != asked and each.last >= first]


def _first(request: HttpRequest) -> dict[str, Any]:
    own: Council = request.user.council  # type: ignore[union-attr]
    return {"month": f"{newest_month(own, timezone.localdate()):%Y-%m}", "kind": "month", "place": str(own)}


def _period(text: str) -> Period:
    try:
        found = Period.read({"period": text})
    except NotAPeriod as fault:
        raise Http404 from fault
    if not months.first(found.first) <= timezone.localdate():
        raise Http404
    return found


def _laid_out(
    request: HttpRequest, template: str, title: str, forms: list[printing.Form], query: str = "", **context: Any
) -> HttpResponseBase:
    """The page for paper, or with `?format=xlsx` the workbook, which is entered in the trail."""
    if request.GET.get("format") == "xlsx":
        enter(title, sum(len(form.rows) for form in forms), request.user)
        stream = io.BytesIO()
        workbook.write([printing.plan(form, f"{at} {form.title}") for at, form in enumerate(forms, 1)], stream)
        return _download(stream.getvalue(), title)
    more = f"?{query}&format=xlsx" if query else "?format=xlsx"
    told = {"title": title, "pages": printing.lay_out(forms), "workbook": more}
    return TemplateResponse(request, template, told | context)


def _download(content: bytes, name: str) -> FileResponse:
    return FileResponse(io.BytesIO(content), as_attachment=True, filename=f"{name}.xlsx", content_type=XLSX)
