"""An empty list to fill in and upload, made for the place of who asks."""

import io

from django.contrib import admin
from django.core.exceptions import PermissionDenied
from django.http import FileResponse, Http404, HttpRequest, HttpResponseBase
from django.shortcuts import get_object_or_404
from django.template.response import TemplateResponse
from django.utils.translation import gettext as _

from councils.intake.resource import kinds
from councils.models import Council
from cunsao import workbook


def template(request: HttpRequest, kind: str) -> HttpResponseBase:
    """The workbook for the council that `?council=` names, or for one's own; who works for the county chooses first."""
    resource = kinds().get(kind)
    if resource is None or not resource.has_template:
        raise Http404
    if not request.user.has_perm(resource.permission):
        raise PermissionDenied
    visible = Council.objects.visible_to(request.user).filter(closed=None)
    own = request.user.council  # type: ignore[union-attr]
    asked = request.GET.get("council") or ("" if own.level == "county" else own.code)
    if not asked:
        return _townships(request, str(resource.label), list(visible.at_level("township")))
    council = get_object_or_404(visible.exclude(level="county").select_related("parent"), code=asked)
    stream = io.BytesIO()
    workbook.write(resource.template(council), stream)
    stream.seek(0)
    name = _("%(list)s of %(place)s, to fill in") % {"list": resource.label, "place": council}
    return FileResponse(stream, as_attachment=True, filename=f"{name}.xlsx")


def _townships(request: HttpRequest, label: str, townships: list[Council]) -> TemplateResponse:
    context = admin.site.each_context(request) | {
        "title": _("Template to fill in"), "label": label, "townships": townships,
    }  # fmt: skip
    return TemplateResponse(request, "councils/template.html", context)
