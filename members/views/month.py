"""One township's month: the sheet, saved as it is typed, and the way to each step."""

from collections.abc import Mapping
from typing import Any

from django.contrib import messages
from django.core.exceptions import BadRequest
from django.http import Http404, HttpRequest, HttpResponse, JsonResponse
from django.shortcuts import get_object_or_404, redirect
from django.utils.translation import gettext as _
from django.utils.translation import ngettext
from django.views.decorators.http import require_POST

from councils.models import Council
from councils.views.deeds import answer
from cunsao import drafts, months
from members import payroll
from members.models import MonthlyRoster, RosterEntry, RosterStatus
from members.payroll import EntryRefused, Overtaken
from members.sheets.month import month_sheet
from members.views.month_deeds import DEEDS as STEPS
from members.views.month_deeds import ENTRY_DEEDS
from members.views.month_rows import Ways, drawn
from members.views.proposal_deed import ProposalForm
from members.views.story import page, permit

DEEDS = STEPS | {"take_over": ProposalForm}
WHO = ("opened_by", "submitted_by", "returned_by", "approved_by", "published_by", "sent_by", "settled_by")


def month(request: HttpRequest, code: str, month: str) -> HttpResponse:
    """The sheet of a month; without a roster yet, what opening it means."""
    permit(request, "members.view_rosterentry")
    roster = found_roster(request, code, month, missing_ok=True)
    if roster is None:
        return _not_open(request, code, month)
    refusals: dict[int, str] = {}
    if request.method == "POST":
        refusals = _save_all(request, roster)
        if not refusals:
            return redirect("month", code, month)
        roster = found_roster(request, code, month)
    return _sheet(request, roster, refusals)


@require_POST
def save_cells(request: HttpRequest, code: str, month: str) -> JsonResponse:
    """Cells as they are typed: what became of each row, and the version of the month; 409 if it is locked now."""
    permit(request, "members.change_rosterentry")
    roster = found_roster(request, code, month)
    try:
        done = payroll.enter_many(roster, rows_of(request.POST), request.user)
    except payroll.StepRefused as refusal:
        return JsonResponse({"refused": str(refusal)}, status=409)
    version = MonthlyRoster.objects.values_list("version", flat=True).get(pk=roster.pk)
    return JsonResponse({"version": version, "rows": {key: _answer(each) for key, each in done.items()}})


@require_POST
def open_month(request: HttpRequest, code: str, month: str) -> HttpResponse:
    """Opens a month, or takes in who joined, left or moved since it was opened."""
    permit(request, "members.open_roster")
    township = _township(request, code)
    before = found_roster(request, code, month, missing_ok=True)
    try:
        payroll.open_month(township, months.read(month), request.user)
    except payroll.StepRefused as refusal:
        messages.error(request, str(refusal))
        return redirect("months" if before is None else "month", *([] if before is None else [code, month]))
    messages.success(request, _("The month is in step with the register.") if before else _("The month is open."))
    return redirect("month", code, month)


def month_deed(request: HttpRequest, code: str, month: str, name: str) -> HttpResponse:
    """A step: submit, give_back, approve, publish; or the proposal taken over."""
    if name not in DEEDS:
        raise Http404
    permit(request, DEEDS[name].permission)
    roster = found_roster(request, code, month)
    roster.ticked = request.GET.getlist("row")[:1000]  # rows ticked on the sheet, to begin with
    return answer(request, DEEDS[name], roster)


def entry_deed(request: HttpRequest, pk: int, name: str) -> HttpResponse:
    """What is done about one entry: correct, take_out."""
    if name not in ENTRY_DEEDS:
        raise Http404
    permit(request, ENTRY_DEEDS[name].permission)
    known = RosterEntry.objects.visible_to(request.user).select_related("roster__township__parent", "member")
    return answer(request, ENTRY_DEEDS[name], get_object_or_404(known.defer("bank_account"), pk=pk))


def rows_of(typed: Mapping[str, str]) -> list[tuple[int, int, dict[str, str]]]:
    """Rows as enter_many takes them, of what differs from what the page showed (`s-KEY`, see Row.seen)."""
    rows = []
    for name, seen in typed.items():
        if not name.startswith("s-"):
            continue
        key, (version, amount, note) = name.removeprefix("s-"), _seen(seen)
        said = {"performance_amount": (f"p-{key}", amount), "note": (f"n-{key}", note)}
        changed = {field: typed[cell] for field, (cell, was) in said.items() if typed.get(cell, was) != was}
        if not key.isdecimal():
            raise BadRequest(name)
        if changed:
            rows.append((int(key), version, changed))
    return rows


def _seen(text: str) -> tuple[int, str, str]:
    version, _bar, rest = text.partition("|")
    amount, _bar, note = rest.partition("|")
    if not version.isdecimal():
        raise BadRequest(text)
    return int(version), amount, note


def found_roster(request: HttpRequest, code: str, month: str, missing_ok: bool = False) -> Any:
    """The roster that the reader may see, with all that its page tells; 404 for any other."""
    known = MonthlyRoster.objects.visible_to(request.user).select_related("township__parent", "rate", "scheme", *WHO)
    found = known.filter(township__code=code, month=months.read(month)).first()
    if found is None and not missing_ok:
        raise Http404
    return found


def _township(request: HttpRequest, code: str) -> Council:
    known = Council.objects.visible_to(request.user).at_level("township").select_related("parent")
    found: Council = get_object_or_404(known, code=code)
    return found


def _not_open(request: HttpRequest, code: str, month: str) -> HttpResponse:
    township, day = _township(request, code), months.read(month)
    return page(
        request, "members/month_closed.html", title=f"{township} {months.label(day)}", place=township,
        month=f"{day:%Y-%m}", label=months.label(day), may_open=request.user.has_perm("members.open_roster"),
    )  # fmt: skip


def _sheet(request: HttpRequest, roster: MonthlyRoster, refusals: dict[int, str]) -> HttpResponse:
    user = request.user
    sheet = month_sheet(roster)
    may = payroll.may(roster, user)
    hers = roster.status == RosterStatus.SUBMITTED and roster.submitted_by_id == user.pk
    same_person = payroll.why_not(roster, user, "approve") if hers and user.has_perm("members.approve_roster") else ""
    typed = drafts.take(request) or (request.POST if refusals else None)
    if typed:
        _fill_in(sheet, typed)
    ways = Ways("enter" in may, "give_back" in may, user.has_perm("members.correct_roster"))
    return page(
        request, "members/month.html", title=str(roster), roster=roster, sheet=sheet, may=may, place=roster.township,
        groups=drawn(sheet, ways),
        month=f"{roster.month:%Y-%m}", locked=payroll.why_locked(roster), may_enter=ways.enter,
        same_person=same_person, refusals=_named(sheet, refusals),
        digest=payroll.digest(sheet.entries) if "approve" in may else "",
        proposed=payroll.proposed(roster, sheet.entries) if ways.enter else None,
        ticking=ways.tick, columns=7 + roster.rate.by_days,
    )  # fmt: skip


def _save_all(request: HttpRequest, roster: MonthlyRoster) -> dict[int, str]:
    """The whole form, sent without a script: what was not saved, by entry, and why."""
    permit(request, "members.change_rosterentry")
    rows = rows_of(request.POST)
    try:
        done = payroll.enter_many(roster, rows, request.user)
    except payroll.StepRefused as refusal:
        messages.error(request, str(refusal))
        return {}
    refused = {key: str(each) for key, each in done.items() if isinstance(each, EntryRefused)}
    saved = len(done) - len(refused)
    if saved:
        messages.success(request, ngettext("%(n)d row was saved.", "%(n)d rows were saved.", saved) % {"n": saved})
    if refused:
        count = len(refused)
        said = ngettext("%(n)d row was not saved.", "%(n)d rows were not saved.", count) % {"n": count}
        messages.error(request, said)
    return refused


def _fill_in(sheet: Any, typed: Mapping[str, str]) -> None:
    """What was typed and not saved stands in its cells."""
    for group in sheet.groups:
        for row in group.rows:
            row.typed_amount = typed.get(f"p-{row.entry.pk}")
            row.typed_note = typed.get(f"n-{row.entry.pk}")


def _named(sheet: Any, refusals: dict[int, str]) -> list[tuple[int, str, str]]:
    return [(each.pk, each.name, refusals[each.pk]) for each in sheet.entries if each.pk in refusals]


def _answer(done: RosterEntry | EntryRefused) -> dict[str, Any]:
    """A row as it stands now, or why it was not written."""
    if isinstance(done, Overtaken):
        return {"code": done.code, "message": str(done), "who": done.who} | _standing(done.entry)
    if isinstance(done, EntryRefused):
        return {"code": done.code, "message": str(done)}
    return _standing(done)


def _standing(entry: RosterEntry) -> dict[str, Any]:
    return {"version": entry.version, "values": {"p": f"{entry.performance_amount:.2f}", "n": entry.note}}
