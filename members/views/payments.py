"""From the approved month to the last payment, on screen: what waits, one month, its files, the bank's answers."""

import io
from collections import Counter
from dataclasses import dataclass
from decimal import Decimal
from typing import Any

from django import forms
from django.db.models import Count, Sum
from django.http import FileResponse, Http404, HttpRequest, HttpResponse, HttpResponseBase
from django.shortcuts import get_object_or_404
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from councils.views.deeds import answer
from cunsao import months
from members import payroll
from members.models import (
    SETTLING,
    BankFile,
    LineVerdict,
    MonthlyRoster,
    Objection,
    Payment,
    PaymentState,
    ReturnFile,
    RosterEntry,
    RosterStatus,
)
from members.views.payment_deeds import DEEDS, AnswerObjectionForm, ReturnedForm, failed_of, in_sum, not_yet
from members.views.story import page, permit

LATELY = 30  # paid months that are listed
STEPS = {"send": "send", "return": "read_return", "resend": "resend", "settle": "settle", "object": "object_to"}
SETTLED = (LineVerdict.PAID, LineVerdict.FAILED)


@dataclass(frozen=True)
class Line:
    """One month of a township as the list of payments has it."""

    roster: MonthlyRoster
    people: int
    total: Decimal
    states: Counter[str]  # payments by state; of several tries each counts
    why: str  # it cannot be sent yet

    @property
    def is_ready(self) -> bool:
        return self.roster.status == RosterStatus.PUBLISHED and not self.why


class DownloadForm(forms.Form):
    """In which form the bank's file leaves; with whole accounts only against a reason."""

    kind = forms.ChoiceField(
        label=gettext_lazy("Kind of file"),
        choices=[("xlsx", gettext_lazy("Excel workbook (.xlsx)")), ("csv", gettext_lazy("Text (.csv)"))],
    )
    clear = forms.BooleanField(label=gettext_lazy("With whole account numbers"), required=False, initial=True)
    reason = forms.CharField(
        label=gettext_lazy("Reason"), max_length=200, required=False,
        help_text=gettext_lazy("Why the whole numbers leave; it is kept with your name."),
    )  # fmt: skip


def payments(request: HttpRequest) -> HttpResponse:
    """What is to be sent, what cannot be sent yet and why, what is at the bank, what was paid lately."""
    permit(request, "members.view_payment")
    rosters = MonthlyRoster.objects.visible_to(request.user).select_related("township").order_by("month", "township")
    waiting = _lines(rosters.filter(status__in=[RosterStatus.APPROVED, RosterStatus.PUBLISHED]))
    paid = rosters.filter(status=RosterStatus.PAID).order_by("-settled_at", "-pk")[:LATELY]
    return page(
        request, "members/payments.html", title=_("Payments"),
        ready=[each for each in waiting if each.is_ready], blocked=[each for each in waiting if not each.is_ready],
        sent=_lines(rosters.filter(status__in=SETTLING)), paid=_lines(paid),
    )  # fmt: skip


def _lines(rosters: Any) -> list[Line]:
    """In four queries whatever their number."""
    found = list(rosters)
    keys = [each.pk for each in found]
    summed = {
        row["roster"]: row
        for row in RosterEntry.objects.filter(roster__in=keys).order_by().values("roster").annotate(
            people=Count("member", distinct=True), county=Sum("county_amount"), performance=Sum("performance_amount")
        )
    }  # fmt: skip
    states: dict[int, Counter[str]] = {}
    counted = Payment.objects.filter(roster__in=keys).order_by().values("roster", "state").annotate(n=Count("pk"))
    for row in counted:
        states.setdefault(row["roster"], Counter())[row["state"]] = row["n"]
    open_objections = Objection.objects.unanswered().filter(roster__in=keys).order_by().values("roster")
    objections = {row["roster"]: row["n"] for row in open_objections.annotate(n=Count("pk"))}
    nothing = {"people": 0, "county": Decimal(0), "performance": Decimal(0)}
    return [
        Line(
            each, summed.get(each.pk, nothing)["people"],
            _yuan(summed.get(each.pk, nothing)),
            states.get(each.pk, Counter()), not_yet(each, objections.get(each.pk, 0)),
        )
        for each in found
    ]  # fmt: skip


def _yuan(summed: dict[str, Any]) -> Decimal:
    return Decimal(summed["county"] + summed["performance"]).quantize(Decimal("0.01"))


def payment_month(request: HttpRequest, code: str, month: str) -> HttpResponse:
    """One month: how far it is, its sheets, the bank's files and answers, what failed, what was objected."""
    permit(request, "members.view_payment")
    roster = _roster(request, code, month)
    (line,) = _lines([roster])
    may_see_files = request.user.has_perm("members.view_bankfile")
    named = [(name, DEEDS[name].title, payroll.why_not(roster, request.user, step)) for name, step in STEPS.items()]
    open_to_her = [(name, title) for name, title, why in named if not why]
    mine = [why for name, _title, why in named if why and request.user.has_perm(DEEDS[name].permission)]
    return page(
        request, "members/payment_month.html", title=str(roster), roster=roster, line=line, place=roster.township,
        month=f"{roster.month:%Y-%m}", deeds=[each for each in open_to_her if each[0] != "send" or line.is_ready],
        same_person=next((why for why in mine if roster.approved_by_id == request.user.pk), ""),
        files=[(each, in_sum(each.rows, each.total)) for each in roster.bank_files.select_related("by").order_by("pk")]
        if may_see_files else [],
        answers=roster.return_files.select_related("by").annotate(rows=Count("lines")) if may_see_files else [],
        failed=failed_of(roster),
        owed=roster.payments.filter(state=PaymentState.OWED).select_related("member").defer("bank_account"),
        objections=roster.objections.select_related("noted_by", "answered_by", "entry").defer("entry__bank_account"),
        frozen=roster.is_frozen, settled=sum(line.states[each] for each in ("paid", "offset")),
        may_settle="settle" in payroll.may(roster, request.user),
    )  # fmt: skip


def payment_deed(request: HttpRequest, code: str, month: str, name: str) -> HttpResponse:
    """One step of a month: send, return, resend, settle, object."""
    if name not in DEEDS:
        raise Http404
    permit(request, DEEDS[name].permission)
    return answer(request, DEEDS[name], _roster(request, code, month))


def answer_objection(request: HttpRequest, pk: int) -> HttpResponse:
    permit(request, AnswerObjectionForm.permission)
    known = Objection.objects.visible_to(request.user).select_related("roster__township__parent")
    return answer(request, AnswerObjectionForm, get_object_or_404(known, pk=pk))


def settle_payment(request: HttpRequest, pk: int) -> HttpResponse:
    """What a woman owed was given back."""
    permit(request, ReturnedForm.permission)
    known = Payment.objects.visible_to(request.user).filter(state=PaymentState.OWED)
    return answer(request, ReturnedForm, get_object_or_404(known.select_related("roster__township__parent"), pk=pk))


def download_bankfile(request: HttpRequest, pk: int) -> HttpResponseBase:
    """The file that was handed to the bank, again and again the same, against a reason that is kept."""
    permit(request, "members.send_roster")
    known = BankFile.objects.visible_to(request.user).select_related("roster__township__parent", "roster__rate", "by")
    file = get_object_or_404(known, pk=pk)
    form = DownloadForm(request.POST or None)
    if request.method == "POST" and form.is_valid():
        said = form.cleaned_data
        try:
            sheet = payroll.rows(file, request.user, said["clear"], said["reason"])
        except payroll.PayrollRefused as refusal:
            form.add_error("reason" if refusal.code == "reason" else None, str(refusal))
        else:
            stream = io.BytesIO()
            payroll.write(sheet, file, stream, said["kind"])
            stream.seek(0)
            name = f"{file.roster.township}{file.roster.month:%Y%m}-{file.number}.{said['kind']}"
            return FileResponse(stream, as_attachment=True, filename=name)
    return page(
        request, "members/bank_download.html", title=_("Download bank file %(number)d") % {"number": file.number},
        form=form, file=file, sums=in_sum(file.rows, file.total), place=file.roster.township,
        home=_home(file.roster),
    )  # fmt: skip


def show_returnfile(request: HttpRequest, pk: int) -> HttpResponse:
    """What became of each row of an answer of the bank; what was not settled stands first."""
    permit(request, "members.view_returnfile")
    known = ReturnFile.objects.visible_to(request.user).select_related("roster__township__parent", "by")
    file = get_object_or_404(known, pk=pk)
    lines = list(file.lines.order_by("row"))
    counted = Counter(each.verdict for each in lines)
    return page(
        request, "members/bank_answer.html", title=file.name, file=file, place=file.roster.township,
        home=_home(file.roster), lines=sorted(lines, key=lambda each: each.verdict == LineVerdict.PAID),
        counted=[(verdict, verdict.label, counted[verdict]) for verdict in LineVerdict if counted[verdict]],
        doubtful=sum(count for verdict, count in counted.items() if verdict not in SETTLED),
        waiting=file.roster.payments.filter(state=PaymentState.SENT).count(), today=timezone.localdate(),
    )  # fmt: skip


def _roster(request: HttpRequest, code: str, month: str) -> MonthlyRoster:
    known = MonthlyRoster.objects.visible_to(request.user).select_related(
        "township__parent", "rate", "submitted_by", "approved_by", "published_by", "sent_by", "settled_by"
    )
    found: MonthlyRoster = get_object_or_404(known, township__code=code, month=months.read(month))
    return found


def _home(roster: MonthlyRoster) -> str:
    return reverse("payment_month", args=[roster.township.code, f"{roster.month:%Y-%m}"])
