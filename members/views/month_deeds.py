"""The steps of a month before it is paid, each a form that says first what it will change."""

from collections.abc import Sequence
from datetime import timedelta
from decimal import Decimal
from typing import Any

from django import forms
from django.urls import reverse
from django.utils import timezone
from django.utils.html import format_html
from django.utils.translation import gettext, ngettext
from django.utils.translation import gettext_lazy as _

from councils.deeds import DeedForm, Preview, Refused
from cunsao import chinese, months
from members import payroll
from members.models import OPEN, MonthlyRoster, RosterEntry
from members.payroll import Finding, Since
from members.sheets.month import totals
from members.views.payment_deeds import MonthDeedForm as StepForm

MOST_TOLD = 12


class MonthDeedForm(StepForm):
    """A step of one month, from its own page and back to it."""

    def home(self) -> str:
        return reverse("month", args=[self.roster.township.code, f"{self.roster.month:%Y-%m}"])


class SubmitForm(MonthDeedForm):
    title = _("Submit the month")
    explained = _("From then on only the county can open it again, by returning it to you.")
    permission = "members.submit_roster"
    step = "submit"
    button = _("Submit")
    version = forms.IntegerField(widget=forms.HiddenInput)
    unchanged = forms.BooleanField(required=False, widget=forms.HiddenInput)

    def prepare(self) -> None:
        self.fields["version"].initial = self.roster.version

    def look(self) -> Preview:
        self.refuse()
        entries = payroll.shown(self.roster)
        since = payroll.since_last(self.roster, entries)
        found = payroll.checks(self.roster, entries)
        if blocking := [each for each in found if each.blocks]:
            message = ngettext(
                "%(n)d entry stops this month: %(first)s", "%(n)d entries stop this month, the first: %(first)s",
                len(blocking),
            )  # fmt: skip
            raise Refused(message % {"n": len(blocking), "first": blocking[0].message})
        if self.cleaned_data["unchanged"] and since.anything:
            raise Refused(gettext("Something changed since last month. Look at it and hand it in as it is."))
        return Preview([*in_sums(entries), *differences(since)], told(found))

    def do(self) -> str:
        said = self.cleaned_data
        self.carry_out(payroll.submit, self.roster, said["version"], self.user, said["unchanged"])
        return gettext("%(month)s was submitted. The county looks at it now.") % {
            "month": months.label(self.roster.month)
        }


class GiveBackForm(MonthDeedForm):
    title = _("Return to the township")
    explained = _("The chair sees the reason and the rows that you mark, mends them, and submits the month again.")
    permission = "members.return_roster"
    step = "give_back"
    button = _("Return it")
    reason = forms.CharField(label=_("Reason"), max_length=300, widget=forms.Textarea(attrs={"rows": 3}))
    rows = forms.TypedMultipleChoiceField(
        label=_("Rows to be mended"), coerce=int, required=False, widget=forms.CheckboxSelectMultiple
    )

    def prepare(self) -> None:
        """All rows can be marked; those ticked on the sheet stand there alone."""
        entries = self.roster.entries.select_related("member", "village").defer("bank_account")
        ordered = entries.order_by("village__code", "member__pinyin", "pk")
        choices = [(each.pk, f"{each.village} {each.member} {each.total:,.2f}") for each in ordered]
        self.offer("rows", choices)
        ticked = getattr(self.subject, "ticked", None)
        if ticked:
            field: Any = self.fields["rows"]
            field.initial = ticked
            field.widget.choices = [each for each in choices if str(each[0]) in set(ticked)]

    def look(self) -> Preview:
        self.refuse()
        marked = self.roster.entries.filter(pk__in=self.cleaned_data["rows"]).select_related("member")
        names = [str(each.member) for each in marked.defer("bank_account").order_by("pk")]
        lines = [gettext("The month can be changed by the township again.")]
        if names:
            lines.append(gettext("Marked: %(names)s") % {"names": "、".join(names)})
        return Preview(lines)

    def do(self) -> str:
        said = self.cleaned_data
        marks = dict.fromkeys(said["rows"], said["reason"])
        self.carry_out(payroll.give_back, self.roster, self.user, said["reason"], marks)
        return gettext("The month was returned to %(township)s.") % {"township": self.roster.township}


class ApproveForm(MonthDeedForm):
    title = _("Approve the month")
    explained = _("An approved month never changes any more. What turns out wrong is corrected in a later month.")
    permission = "members.approve_roster"
    step = "approve"
    button = _("Approve")
    seen = forms.CharField(widget=forms.HiddenInput, max_length=64)  # the digest of what she looked at

    def prepare(self) -> None:
        self.entries = payroll.shown(self.roster)
        self.fields["seen"].initial = payroll.digest(self.entries)

    def look(self) -> Preview:
        self.refuse()
        if self.cleaned_data["seen"] != payroll.digest(self.entries):
            raise Refused(gettext("Something was changed since you looked. Look at the month again."))
        found = payroll.checks(self.roster, self.entries)
        if any(each.blocks for each in found):
            raise Refused(gettext("Something in this month must be mended first. Return it to the township."))
        since = payroll.since_last(self.roster, self.entries)
        return Preview([*in_sums(self.entries), *differences(since)], told(found))

    def do(self) -> str:
        self.carry_out(payroll.approve, self.roster, self.cleaned_data["seen"], self.user)
        return gettext("The month was approved. It can be put on public notice now.")


class PublishForm(MonthDeedForm):
    title = _("Put on public notice")
    explained = _("The notice is printed and hung out; objections are noted on the month's payment page.")
    permission = "members.publish_roster"
    step = "publish"
    button = _("Publish")

    def look(self) -> Preview:
        self.refuse()
        until = timezone.localdate() + timedelta(days=self.roster.rate.notice_days)
        return Preview([gettext("The notice runs until %(day)s.") % {"day": until}])

    def do(self) -> str:
        done = self.carry_out(payroll.publish, self.roster, self.user)
        return gettext("The notice runs until %(day)s. Print it now.") % {"day": done.notice_until}


class EntryDeedForm(DeedForm):
    """What is done about one entry of an approved month."""

    permission = "members.correct_roster"

    def home(self) -> str:
        roster = self.subject.roster
        return reverse("month", args=[roster.township.code, f"{roster.month:%Y-%m}"]) + f"#e{self.subject.pk}"

    def place(self) -> Any:
        return self.subject.roster.township


class CorrectForm(EntryDeedForm):
    title = _("Correct an approved entry")
    explained = _("The approved month stays as it is: the difference is paid or taken back in a later month.")
    button = _("Enter the correction")
    month = forms.ChoiceField(label=_("In which month"))
    county = forms.DecimalField(
        label=_("County subsidy"), max_digits=8, decimal_places=2, initial=0, required=False,
        help_text=_("Yuan to be added; below 0 what is taken back."),
    )  # fmt: skip
    performance = forms.DecimalField(
        label=_("Performance subsidy"), max_digits=8, decimal_places=2, initial=0, required=False
    )
    reason = forms.CharField(label=_("Reason"), max_length=200)

    def prepare(self) -> None:
        """The township's later months that are still open."""
        later = MonthlyRoster.objects.visible_to(self.user).filter(
            township=self.subject.roster.township_id, status__in=OPEN, month__gt=self.subject.month
        )  # fmt: skip
        found = later.order_by("month").values_list("month", flat=True)
        self.offer("month", [(f"{each:%Y-%m}", months.label(each)) for each in found])
        if not self.fields["month"].choices:  # type: ignore[attr-defined]
            self.fields["month"].help_text = gettext("No later month is open. Open one first.")

    def look(self) -> Preview:
        county, performance = self._amounts
        words = {
            "name": self.subject, "month": months.label(self.subject.month), "amount": f"{county + performance:+,.2f}",
            "later": months.label(months.read(self.cleaned_data["month"])),
        }  # fmt: skip
        if not (county or performance):
            raise Refused(gettext("Arrears are above 0, a claw-back is below."), "county")
        return Preview([gettext("%(name)s: %(amount)s yuan for %(month)s, in %(later)s.") % words])

    def do(self) -> str:
        county, performance = self._amounts
        month = months.read(self.cleaned_data["month"])
        try:
            payroll.correct(self.subject, county, month, self.user, self.cleaned_data["reason"], performance)
        except payroll.PayrollRefused as refusal:
            raise Refused(str(refusal)) from None
        return gettext("The correction stands in %(month)s.") % {"month": months.label(month)}

    @property
    def _amounts(self) -> tuple[Decimal, Decimal]:
        said = self.cleaned_data
        return said["county"] or Decimal(0), said["performance"] or Decimal(0)


class TakeOutForm(EntryDeedForm):
    title = _("Take the correction out")
    button = _("Take it out")

    def look(self) -> Preview:
        words = {"name": self.subject, "amount": f"{self.subject.total:+,.2f}"}
        return Preview([gettext("The correction of %(name)s (%(amount)s yuan) goes.") % words])

    def do(self) -> str:
        try:
            payroll.take_out(self.subject, self.user)
        except payroll.PayrollRefused as refusal:
            raise Refused(str(refusal)) from None
        return gettext("The correction was taken out.")


DEEDS: dict[str, type[MonthDeedForm]] = {
    "submit": SubmitForm, "give_back": GiveBackForm, "approve": ApproveForm, "publish": PublishForm,
}  # fmt: skip
ENTRY_DEEDS: dict[str, type[EntryDeedForm]] = {"correct": CorrectForm, "take_out": TakeOutForm}


def in_sums(entries: Sequence[RosterEntry]) -> list[str]:
    """People and sums, the whole in capitals too."""
    county, performance = totals(entries)
    total = county + performance
    people = len({each.member_id for each in entries})
    words = {"county": f"{county:,.2f}", "performance": f"{performance:,.2f}", "total": f"{total:,.2f}"}
    capitals = chinese.capitals(total) if total >= 0 else ""
    return [
        ngettext("%(n)d member", "%(n)d members", people) % {"n": people},
        gettext("County subsidy %(county)s yuan, performance subsidy %(performance)s yuan") % words,
        gettext("Together %(total)s yuan (%(capitals)s)") % (words | {"capitals": capitals}),
    ]


def differences(since: Since) -> list[Any]:
    """What is another than last month, in sentences."""
    if not since.anything:
        return [gettext("Nothing changed since last month.")]
    counted = [
        (gettext("New since last month: %(n)d"), len(since.joined)),
        (gettext("Moved since last month: %(n)d"), len(since.moved)),
        (gettext("Another amount than last month: %(n)d"), len(since.differing)),
    ]
    lines: list[Any] = [said % {"n": count} for said, count in counted if count]
    if since.left:
        names = "、".join(f"{each.name}" for each in since.left[:MOST_TOLD])
        lines.append(gettext("No longer in it: %(n)d (%(names)s)") % {"n": len(since.left), "names": names})
    if since.corrected:
        lines.append(gettext("Corrections of earlier months stand in it."))
    return lines


def told(found: Sequence[Finding]) -> list[Any]:
    """What to look at again, each with the woman's page; the rest as a number."""
    lines: list[Any] = [
        format_html('<a href="{}">{}</a>', reverse("member", args=[each.member]), each.message)
        for each in found[:MOST_TOLD]
    ]
    if len(found) > MOST_TOLD:
        more = len(found) - MOST_TOLD
        lines.append(ngettext("and %(n)d more", "and %(n)d more", more) % {"n": more})
    return lines
