"""A village's month as a sheet: members and kinds, saved as it is typed; as a workbook; and the months to choose."""

import io
from collections.abc import Mapping
from datetime import date
from typing import Any

from django.contrib import messages
from django.core.exceptions import BadRequest
from django.http import FileResponse, Http404, HttpRequest, HttpResponse, JsonResponse
from django.shortcuts import get_object_or_404, redirect
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import ngettext
from django.views.decorators.http import require_POST

from councils import exports
from councils.models import VILLAGES, Council
from cunsao import drafts, months
from cunsao.workbook import write
from members.views.story import page, permit
from reports import tallying
from reports.imports.months import plan_of
from reports.kinds import KINDS
from reports.leafing import first_month, year_before
from reports.refusing import WorkRefused
from reports.sheets.month import Cell, WorkSheet, work_sheet
from reports.tallying import Overtaken, Standing, Typed
from reports.views.work import recent


def sheet(request: HttpRequest, code: str, month: str) -> HttpResponse:
    """The sheet; without a script it is saved as a whole by its button."""
    permit(request, "reports.view_activity")
    village, day = _village(request, code), _month(month)
    refusals: dict[str, WorkRefused] = {}
    if request.method == "POST":
        refusals = _save_all(request, village, day)
        if not refusals:
            return redirect("work_sheet", code, month)
    shown = work_sheet(village, day)
    _fill_in(shown, drafts.take(request) or (request.POST if refusals else {}))
    earlier, later = _beside(village, day)
    return page(
        request, "reports/month.html", title=_("Month's sheet"), sheet=shown, place=village, label=months.label(day),
        month=f"{day:%Y-%m}", earlier=earlier, later=later, columns=2 + len(shown.kinds),
        may_enter=request.user.has_perm(tallying.ENTER) and request.user.has_perm(tallying.MEND),
        refusals=[(_called(shown, key), str(each)) for key, each in refusals.items()],
    )  # fmt: skip


def choose(request: HttpRequest) -> HttpResponse:
    """The villages whose sheets she may open, for who has several."""
    permit(request, "reports.view_activity")
    month = _month(request.GET.get("month", ""))
    own = request.user.council  # type: ignore[union-attr]
    if own.is_village:
        return redirect("work_sheet", own.code, f"{month:%Y-%m}")
    places = Council.objects.visible_to(request.user).at_level(*VILLAGES).filter(closed=None)
    return page(
        request, "reports/months.html", title=_("Month's sheet"), month=f"{month:%Y-%m}", label=months.label(month),
        places=places.select_related("parent").order_by("code"),
        months=recent(month, year_before(timezone.localdate())),
    )  # fmt: skip


@require_POST
def save_cells(request: HttpRequest, code: str, month: str) -> JsonResponse:
    """Cells as they are typed: what became of each; 409 where nobody may write in this month."""
    permit(request, tallying.ENTER)
    village = _village(request, code)
    try:
        done = tallying.enter(village, _month(month), typed_of(request.POST), request.user)
    except WorkRefused as refusal:
        return JsonResponse({"refused": str(refusal)}, status=409)
    return JsonResponse({"rows": {f"{member}-{kind}": _answer(each) for (member, kind), each in done.items()}})


def workbook(request: HttpRequest, code: str, month: str) -> FileResponse:
    """The sheet to be filled in and uploaded again. That it left is entered in the trail."""
    permit(request, "reports.view_activity")
    village, day = _village(request, code), _month(month)
    shown = work_sheet(village, day)
    name = f"{village} {months.label(day)} {_('what was done')}"
    exports.enter(name, len(shown.lines), request.user)
    stream = io.BytesIO()
    write([plan_of(shown)], stream)
    stream.seek(0)
    return FileResponse(stream, as_attachment=True, filename=f"{name}.xlsx")


def typed_of(sent: Mapping[str, str]) -> list[Typed]:
    """What differs from what the page showed (`s-MEMBER-KIND`, see Cell.seen)."""
    found = []
    for name, seen in sent.items():
        if not name.startswith("s-"):
            continue
        key = name.removeprefix("s-")
        member, _dash, kind = key.partition("-")
        version, _bar, quantity = seen.partition("|")
        if not (_is_number(member) and _is_number(version) and _is_number(quantity or "0") and kind in KINDS):
            raise BadRequest(name)
        if (text := sent.get(f"q-{key}", quantity)) != quantity:
            found.append(Typed(int(member), kind, Standing(int(version), int(quantity or 0)), text))
    return found


def _is_number(text: str) -> bool:
    return text.isascii() and text.isdecimal() and len(text) < 19


def _village(request: HttpRequest, code: str) -> Council:
    known = Council.objects.visible_to(request.user).at_level(*VILLAGES).select_related("parent__parent")
    found: Council = get_object_or_404(known, code=code)
    return found


def _month(text: str) -> Any:
    """The month; 404 for one that has not come."""
    month = months.read(text)
    if month > timezone.localdate():
        raise Http404
    return month


def _beside(village: Council, day: date) -> tuple[str, str]:
    """The month before and the one after, among those in which the village stood and may have work; "" for none."""
    earlier, later, today = months.previous(day), months.next_month(day), timezone.localdate()
    first = max(min(first_month(village, today), year_before(today)), months.first(village.opened or date.min))
    return f"{earlier:%Y-%m}" if earlier >= first else "", f"{later:%Y-%m}" if later <= today else ""


def _save_all(request: HttpRequest, village: Council, month: Any) -> dict[str, WorkRefused]:
    """The whole form: what was not saved, by its cell."""
    permit(request, tallying.ENTER)
    try:
        done = tallying.enter(village, month, typed_of(request.POST), request.user)
    except WorkRefused as refusal:
        messages.error(request, str(refusal))
        return {}
    refused = {f"{at[0]}-{at[1]}": each for at, each in done.items() if isinstance(each, WorkRefused)}
    if saved := len(done) - len(refused):
        messages.success(request, ngettext("%(n)d cell was saved.", "%(n)d cells were saved.", saved) % {"n": saved})
    if count := len(refused):
        said = ngettext("%(n)d cell was not saved.", "%(n)d cells were not saved.", count) % {"n": count}
        messages.error(request, said)
    return refused


def _fill_in(shown: WorkSheet, typed: Mapping[str, str]) -> None:
    """What was typed and not saved stands in its cell."""
    if typed:
        for key, cell in shown.cells().items():
            cell.typed = typed.get(f"q-{key}")


def _called(shown: WorkSheet, key: str) -> str:
    cell: Cell | None = shown.cells().get(key)
    name = next((line.name for line in shown.lines if cell and line.member == cell.member), "")
    return f"{name} {cell.kind.label}" if cell else key


def _answer(done: Standing | WorkRefused) -> dict[str, Any]:
    """A cell as it stands now, or why it was not written."""
    if isinstance(done, Overtaken):
        return {"code": done.code, "message": str(done), "who": done.who} | _standing(done.standing)
    if isinstance(done, WorkRefused):
        return {"code": done.code, "message": str(done)}
    return _standing(done)


def _standing(now: Standing) -> dict[str, Any]:
    return {"version": now.version, "values": {"q": str(now.quantity or "")}}
