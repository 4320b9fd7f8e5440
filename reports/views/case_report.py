"""The case report as a page for paper, and as a text document."""

import io

from django.http import FileResponse, HttpRequest, HttpResponseBase
from django.template.response import TemplateResponse
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _

from councils.exports import enter
from members.views.story import permit
from reports.asking import DayForm
from reports.case_report import CaseReport
from reports.indicators import CASE_REPORT
from reports.leafing import newest_day
from reports.views.telling import READ

DOCX = "application/vnd.openxmlformats-officedocument.wordprocessingml.document"


def case_report(request: HttpRequest) -> HttpResponseBase:
    """Of the council and the day that were chosen; by default one's own, and the end of the newest month with work."""
    permit(request, READ)
    own = request.user.council  # type: ignore[union-attr]
    newest = newest_day(own, timezone.localdate())
    asked = {"place": str(own), "day": f"{newest:%Y-%m-%d}"} | {
        name: request.GET[name] for name in ("place", "day") if name in request.GET
    }
    form = DayForm(request.user, asked)
    report = CaseReport(form.council, form.cleaned_data["day"], request.user) if form.is_valid() else None
    if report is not None and request.GET.get("format") == "docx":
        enter(f"{report.title} {report.subtitle}", len(CASE_REPORT), request.user)
        content = report.document(request.build_absolute_uri("/").rstrip("/"))
        name = f"{report.title} {report.subtitle}.docx"
        return FileResponse(io.BytesIO(content), as_attachment=True, filename=name, content_type=DOCX)
    query = request.GET.copy()
    query["format"] = "docx"
    context = {
        "title": _("Case report"),
        "form": form,
        "report": report,
        "docx": query.urlencode(),
        "back": reverse("home"),
    }
    return TemplateResponse(request, "reports/case_report.html", context, status=200 if report else 400)
