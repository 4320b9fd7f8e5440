"""Sheets to be printed, and the same as workbooks."""

import io

from django.http import FileResponse, Http404, HttpRequest, HttpResponseBase
from django.shortcuts import get_object_or_404
from django.template.response import TemplateResponse
from django.urls import reverse
from django.utils.translation import gettext as _

from councils.exports import enter
from councils.models import Council
from cunsao import printing, workbook
from members.sheets import register
from members.views.story import permit


def register_sheet(request: HttpRequest, code: str) -> HttpResponseBase:
    """The register of one village or one township, each village on sheets of its own; `?format=xlsx` as a workbook."""
    permit(request, "members.view_member")
    council = get_object_or_404(Council.objects.visible_to(request.user), code=code)
    if council.level == "county":
        raise Http404  # 350 villages are printed township by township
    forms = register.forms(council, request.user)
    if request.GET.get("format") == "xlsx":
        title = _("Register of %(place)s") % {"place": council}
        enter(title, sum(len(form.rows) for form in forms), request.user)
        stream = io.BytesIO()
        workbook.write([printing.plan(form, name) for form, name in zip(forms, _names(forms), strict=True)], stream)
        stream.seek(0)
        return FileResponse(stream, as_attachment=True, filename=f"{title}.xlsx")
    context = {
        "title": _("Register of %(place)s") % {"place": council}, "pages": printing.lay_out(forms),
        "back": reverse("council", args=[code]), "workbook": "?format=xlsx",
    }  # fmt: skip
    return TemplateResponse(request, "print/base.html", context)


def _names(forms: list[printing.Form]) -> list[str]:
    """A sheet's name for each form: where it is; Excel takes no two alike and 31 characters."""
    return [f"{at} {form.left.split()[-1]}"[:31] for at, form in enumerate(forms, 1)]
