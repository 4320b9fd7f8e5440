"""A form from above: the marked workbook in, the filled one out; and a list of all marks to copy."""

import io
from typing import Any

from django.http import FileResponse, HttpRequest, HttpResponse, HttpResponseBase
from django.utils import timezone
from django.utils.translation import gettext as _

from councils.exports import enter
from cunsao.workbook import MOST_UPLOADED, FileRefused
from members.views.story import page, permit
from reports import filling, indicators
from reports.asking import UploadForm
from reports.leafing import newest_day
from reports.periods import Period
from reports.views.telling import READ, XLSX


def fill_form(request: HttpRequest) -> HttpResponseBase:
    """The upload is read at once and never kept; with one fault in it nothing comes back but the list of faults."""
    permit(request, READ)
    own = request.user.council  # type: ignore[union-attr]
    if request.method != "POST":
        newest = newest_day(own, timezone.localdate())
        return _page(request, UploadForm(request.user, initial={"place": str(own), "day": newest}))
    form = UploadForm(request.user, request.POST, request.FILES)
    if not form.is_valid():
        return _page(request, form, status=400)
    file = form.cleaned_data["file"]
    try:
        read = filling.read(file, form.council, form.cleaned_data["day"], request.user)
        if read.faults or not read.marks:
            return _page(request, form, read, status=400)
        content = filling.fill(read)
    except FileRefused as refusal:
        form.add_error("file", refusal.message)
        return _page(request, form, status=400)
    enter(_("form filled in: %(name)s") % {"name": file.name[:100]}, read.marks, request.user)
    name = _("filled in - %(name)s") % {"name": file.name}
    return FileResponse(io.BytesIO(content), as_attachment=True, filename=name, content_type=XLSX)


def _page(request: HttpRequest, form: UploadForm, read: filling.Form | None = None, status: int = 200) -> HttpResponse:
    response = page(
        request, "reports/filling.html", title=_("Forms from above"), form=form, read=read,
        catalogue=_catalogue(request), megabytes=MOST_UPLOADED // 1_000_000,
    )  # fmt: skip
    response.status_code = status
    return response


def _catalogue(request: HttpRequest) -> list[dict[str, Any]]:
    """All marks that the reader can have filled in, with what each counts."""
    own, today = request.user.council, Period.until(timezone.localdate())  # type: ignore[union-attr]
    return [
        {"mark": f"{{{{{key}}}}}", "name": each.name, "unit": each.unit.label, "meaning": each.meaning}
        for key, each in indicators.CATALOGUE.items()
        if indicators.address(key, own, today, request.user)
    ]
