"""The pages of an import: choose a file, look at what is in it, apply it, get it back marked, take it back."""

import io
from typing import Any

from django.conf import settings
from django.contrib import admin, messages
from django.core.exceptions import PermissionDenied
from django.http import FileResponse, Http404, HttpRequest, HttpResponse
from django.http.response import HttpResponseBase
from django.shortcuts import get_object_or_404, redirect
from django.template.response import TemplateResponse
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from councils import audit, intake
from councils.forms import UploadForm
from councils.intake.leafing import TABS, WARNED
from councils.models import Batch, BatchPage, BatchState
from cunsao import workbook

ABSENT = "absent"
LABELS = dict(intake.Verdict.choices) | {WARNED: gettext_lazy("to look at"), ABSENT: gettext_lazy("not in the list")}
DONE = {"apply": BatchState.APPLIED, "undo": BatchState.UNDONE, "discard": BatchState.DISCARDED}


def imports(request: HttpRequest) -> HttpResponse:
    """To the first kind of list that the reader may bring; to what was brought where there is none."""
    mine = _kinds(request)
    return redirect("upload", mine[0].kind) if mine else redirect("admin:councils_batch_changelist")


def upload(request: HttpRequest, kind: str) -> HttpResponse:
    """The file is looked at and kept; nothing is written to the register before the next page says so."""
    resource = _resource(request, kind)
    given = (request.POST, request.FILES) if request.method == "POST" else ()
    form = UploadForm(request.user, resource.finds_absent, *given)  # type: ignore[arg-type]
    if given:
        _refuse_flood(request, form)
        if form.is_valid() and (batch := _staged(request, kind, form)):
            return redirect("batch", batch.pk)
    waiting = Batch.objects.waiting().light().filter(uploaded_by=request.user, kind=kind)
    return _page(
        request, "councils/upload.html", status=400 if form.errors else 200, form=form, kind=kind,
        title=_("Import a list: %(kind)s") % {"kind": resource.label}, kinds=_kinds(request), waiting=waiting,
        megabytes=workbook.MOST_UPLOADED // 1_000_000, key=resource.headings[resource.key][0],
        has_template=resource.has_template,
    )  # fmt: skip


def batch(request: HttpRequest, pk: int) -> HttpResponse:
    """What is in a list: one tab's rows, fifty at a time; what may be done with it, or what became of it."""
    found = _batch(request, pk)
    sight = intake.Sight(found)
    tabs = _tabs(sight)
    tab = _tab(request, tabs)
    rows = len(found.absent or []) if tab == ABSENT else sight.count(tab)
    last = max(1, -(-rows // BatchPage.SIZE))
    asked = request.GET.get("page", "")
    number = min(max(int(asked), 1), last) if asked.isdecimal() and len(asked) < 7 else 1
    is_staged = found.state == BatchState.STAGED
    return _page(
        request, "councils/review.html" if is_staged else "councils/batch.html", title=found.file_name,
        batch=found, sight=sight, tabs=tabs, tab=tab, number=number, last=last, resource=sight.resource,
        rows=[] if tab == ABSENT else sight.rows(tab, number), missing=_missing(request, sight, tab, number),
        good=sight.count("new") + sight.count("changed"), refused=sight.count("refused"),
        may=request.user.has_perm(sight.resource.permission), own=found.uploaded_by_id == request.user.pk,
        earlier=_earlier(request, found) if is_staged else None,
        undone=audit.history(found).first() if found.state == BatchState.UNDONE else None,
    )  # fmt: skip


def deed(request: HttpRequest, pk: int, deed: str) -> HttpResponse:
    """Apply, undo or discard; pressed twice, the second time shows what the first did."""
    if deed not in DONE:
        raise Http404
    found = _batch(request, pk)
    if not request.user.has_perm(intake.resource_of(found.kind).permission):
        raise PermissionDenied
    if request.method != "POST":
        return _before_undo(request, found) if deed == "undo" else redirect("batch", pk)
    try:
        _do(request, found, deed)
    except intake.BatchRefused as refusal:
        found.refresh_from_db(fields=["state"])
        if found.state != DONE[deed]:
            messages.error(request, str(refusal))
    if deed == "discard":
        return redirect("upload", found.kind)
    return redirect("batch", pk)


def marked_workbook(request: HttpRequest, pk: int) -> HttpResponseBase:
    """The same workbook back, its refused cells red and explained; to who uploaded it."""
    found = _batch(request, pk)
    stream = io.BytesIO()
    try:
        name = intake.workbook_back(found, request.user, stream)
    except intake.BatchRefused:
        raise Http404 from None
    except workbook.FileRefused as refusal:
        messages.error(request, refusal.message)
        return redirect("batch", pk)
    stream.seek(0)
    return FileResponse(stream, as_attachment=True, filename=_("to mend - %(name)s") % {"name": name})


def _page(request: HttpRequest, template: str, status: int = 200, **context: Any) -> TemplateResponse:
    return TemplateResponse(request, template, admin.site.each_context(request) | context, status=status)


def _kinds(request: HttpRequest) -> list[type[intake.StagedResource]]:
    return [each for each in intake.kinds().values() if request.user.has_perm(each.permission)]


def _resource(request: HttpRequest, kind: str) -> type[intake.StagedResource]:
    if kind not in intake.kinds():
        raise Http404
    resource = intake.resource_of(kind)
    if not request.user.has_perm(resource.permission):
        raise PermissionDenied
    return resource


def _batch(request: HttpRequest, pk: int) -> Batch:
    if not request.user.has_perm("councils.view_batch"):
        raise PermissionDenied
    seen = Batch.objects.readable_by(request.user).defer("content").select_related("uploaded_by", "council")
    return get_object_or_404(seen, pk=pk)


def _refuse_flood(request: HttpRequest, form: UploadForm) -> None:
    """A request too large to be kept comes without its file: cunsao/settings.py."""
    sent = request.META.get("CONTENT_LENGTH") or "0"
    if "file" not in request.FILES and sent.isdecimal() and int(sent) > settings.FILE_UPLOAD_MAX_MEMORY_SIZE:
        form.errors["file"] = form.error_class([workbook.over_cap().message])


def _staged(request: HttpRequest, kind: str, form: UploadForm) -> Batch | None:
    """The batch, or None with the reason on the form."""
    file = form.cleaned_data["file"]
    try:
        content = workbook.contents(file)
        book = workbook.open(content, file.name)
        full_list = form.cleaned_data.get("whole", form.PART) != form.PART
        return intake.stage(intake.review(kind, book, request.user, full_list, form.place), content, request.user)
    except (workbook.FileRefused, intake.FileFault) as refusal:
        form.add_error("file", refusal.message)
        return None


def _tabs(sight: intake.Sight) -> list[tuple[str, Any, int]]:
    """Each tab with its label and number of rows; the warnings of sheets and columns count with those of rows."""
    tabs = [(tab, LABELS[tab], sight.count(tab) + (len(sight.told) if tab == WARNED else 0)) for tab in TABS]
    absent = sight.batch.absent
    return tabs if absent is None else [*tabs, (ABSENT, LABELS[ABSENT], len(absent))]


def _tab(request: HttpRequest, tabs: list[tuple[str, Any, int]]) -> str:
    """The one asked for; else the refused rows, which need somebody, else the first that has any."""
    counted = {name: count for name, _label, count in tabs}
    asked = request.GET.get("tab", "")
    return asked if asked in counted else next((name for name in ("refused", *counted) if counted[name]), TABS[0])


def _missing(request: HttpRequest, sight: intake.Sight, tab: str, number: int) -> list[intake.Absent]:
    if tab != ABSENT:
        return []
    start = (number - 1) * BatchPage.SIZE
    return sight.resource(request.user).tell_absent((sight.batch.absent or [])[start : start + BatchPage.SIZE])


def _earlier(request: HttpRequest, found: Batch) -> Batch | None:
    """The same file, if it was applied before."""
    same = Batch.objects.visible_to(request.user).filter(kind=found.kind, digest=found.digest)
    return same.filter(state=BatchState.APPLIED).light().select_related("uploaded_by").first()


def _before_undo(request: HttpRequest, found: Batch) -> HttpResponse:
    """What taking a list back will change, and whom it will leave alone."""
    try:
        left = intake.undo(found, request.user, look=True)
    except intake.BatchRefused as refusal:
        messages.error(request, str(refusal))
        return redirect("batch", found.pk)
    return _page(request, "councils/undo.html", title=_("Take the list back"), batch=found, left=left)


def _do(request: HttpRequest, found: Batch, deed: str) -> None:
    if deed == "apply":
        intake.apply(found, request.user)
    elif deed == "undo":
        intake.undo(found, request.user)
    else:
        intake.discard(found, request.user)
        messages.success(request, _("The upload was discarded. Nothing was entered."))
