"""Who is insured and who is not, all insured at once, and the list for the insurer."""

from datetime import date
from typing import Any

from django import forms
from django.db.models import Count, Q
from django.http import HttpRequest, HttpResponse, HttpResponseBase, StreamingHttpResponse
from django.shortcuts import get_object_or_404
from django.urls import reverse
from django.utils import timezone
from django.utils.dateparse import parse_date
from django.utils.http import content_disposition_header
from django.utils.translation import gettext, ngettext
from django.utils.translation import gettext_lazy as _

from councils import exports
from councils.admin.exporting import TYPES
from councils.deeds import DeedForm, Preview, day_field
from councils.views.deeds import answer
from members import coverage, insuring
from members.models import InsurancePolicy, InsuredMember
from members.sheets import insurer
from members.views.story import page, permit

MOST = 100  # names in one table


def insurance(request: HttpRequest) -> HttpResponse:
    """Members of a day by whether they were insured, place by place; what ends soon; the policies."""
    permit(request, "members.view_insuredmember")
    today = timezone.localdate()
    day = _day(request.GET.get("day", "")) or today
    places = coverage.by_place(day, request.user)
    missing = coverage.uncovered_on(day, request.user).with_terms()
    active, insured = (sum(getattr(each, name) for each in places) for name in ("active", "insured"))
    ends = [
        (title, coverage.ending(request.user, today, *ahead).count())
        for title, ahead in zip(
            (_("end within 7 days"), _("end in 8 to 30 days"), _("end in 31 to 60 days")), coverage.AHEAD, strict=True
        )
    ]
    soon = coverage.ending(request.user, today, 0, coverage.AHEAD[-1][1]).select_related("member", "village", "policy")
    return page(
        request, "members/insurance.html", title=gettext("Who is insured"), day=day, today=today, most=MOST,
        places=places, active=active, insured=insured, missing=missing[:MOST], missing_count=active - insured,
        ends=ends, soon=soon.order_by("end", "village__code", "pk")[:MOST], policies=_policies(request.user),
        may_insure=request.user.has_perm("members.add_insuredmember"),
        may_list=request.user.has_perm("members.reveal_number"),
    )  # fmt: skip


def insure_all(request: HttpRequest, pk: int) -> HttpResponse:
    """All members of today under one policy."""
    permit(request, InsureAllForm.permission)
    return answer(request, InsureAllForm, _policy(request, pk))


def insurer_list(request: HttpRequest, pk: int) -> HttpResponseBase:
    """What will leave, and why; then the workbook."""
    permit(request, "members.view_insuredmember")
    permit(request, "members.reveal_number")
    policy, form = _policy(request, pk), ReasonForm(request.POST or None)
    out = insurer.outgoing(policy, min(timezone.localdate(), policy.end), request.user)
    if request.method == "POST" and form.is_valid():
        try:
            pieces = exports.hand_out(out, request.user, exports.XLSX, True, form.cleaned_data["reason"])
        except ValueError as refusal:
            form.add_error("reason", str(refusal))
        else:
            named = content_disposition_header(True, f"{out.name}.xlsx") or "attachment"
            headers = {"Content-Disposition": named}
            return StreamingHttpResponse(pieces, content_type=TYPES[exports.XLSX], headers=headers)
    return page(
        request, "members/insurer_list.html", title=gettext("List for the insurer"), policy=policy, form=form,
        count=out.count, columns=[column.heading for column in out.columns],
    )  # fmt: skip


class ReasonForm(forms.Form):
    reason = forms.CharField(
        label=_("What it is needed for"), max_length=200,
        help_text=_("It is kept with your name and the time."),
    )  # fmt: skip


class InsureAllForm(DeedForm):
    title = _("Insure all members of today")
    explained = _("Whoever is insured with this insurer on some of these days is left as she is.")
    permission = "members.add_insuredmember"
    start = day_field(_("From"))
    end = day_field(_("Until"))

    def prepare(self) -> None:
        self.fields["start"].initial, self.fields["end"].initial = self.subject.start, self.subject.end

    def look(self) -> Preview:
        told = insuring.foretell(self.subject, self.cleaned_data["start"], self.cleaned_data["end"], self.user)
        return Preview([_insured(told.new)], [_left(told.left)] if told.left else [])

    def do(self) -> str:
        said = self.cleaned_data
        return _insured(insuring.insure_all(self.subject, said["start"], said["end"], self.user).new)

    def home(self) -> str:
        return reverse("insurance")


def _insured(count: int) -> str:
    return ngettext("%(n)d member is newly insured.", "%(n)d members are newly insured.", count) % {"n": count}


def _left(count: int) -> str:
    said = ngettext(
        "%(n)d member is insured on some of these days already and is left as she is.",
        "%(n)d members are insured on some of these days already and are left as they are.",
        count,
    )
    return said % {"n": count}


def _policy(request: HttpRequest, pk: int) -> InsurancePolicy:
    found: InsurancePolicy = get_object_or_404(InsurancePolicy.objects.visible_to(request.user), pk=pk)
    return found


def _policies(reader: Any) -> Any:
    """With how many the reader sees insured under each."""
    mine = Q(insured__in=InsuredMember.objects.visible_to(reader).order_by().values("pk"))
    return InsurancePolicy.objects.visible_to(reader).annotate(people=Count("insured", filter=mine))


def _day(text: str) -> date | None:
    try:
        return parse_date(text)
    except ValueError:
        return None
