"""The deeds between an approved month and the last payment, each a form."""

from collections.abc import Callable
from decimal import Decimal
from typing import Any

from django import forms
from django.db.models import Sum
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext, ngettext
from django.utils.translation import gettext_lazy as _

from councils.deeds import DeedForm, Preview, Refused, day_field
from councils.models import Council
from cunsao import chinese, workbook
from members import payroll
from members.models import MonthlyRoster, Payment, PaymentState, ReturnFile, RosterStatus

BOOKS = ".xlsx,.xlsm,.xls,.et,.csv,.txt"


def not_yet(roster: MonthlyRoster, objections: int) -> str:
    """Why a month cannot be sent today whoever wants to, in a sentence; nothing if it can."""
    if roster.status == RosterStatus.APPROVED:
        return gettext("County staff has to publish it first.")
    if roster.status != RosterStatus.PUBLISHED:
        return ""
    if roster.notice_until and timezone.localdate() <= roster.notice_until:
        return gettext("The public notice runs until %(day)s.") % {"day": f"{roster.notice_until:%Y-%m-%d}"}
    if objections:
        return ngettext(
            "%(n)d objection is not answered.", "%(n)d objections are not answered.", objections
        ) % {"n": objections}  # fmt: skip
    return ""


class MonthDeedForm(DeedForm):
    """One step of one month, `step` as members/payroll/rights.py names it."""

    step = ""

    @property
    def roster(self) -> MonthlyRoster:
        found: MonthlyRoster = self.subject
        return found

    def home(self) -> str:
        return reverse("payment_month", args=[self.roster.township.code, f"{self.roster.month:%Y-%m}"])

    def place(self) -> Council | None:
        found: Council = self.roster.township
        return found

    def refuse(self) -> None:
        """Raises Refused where the step is not hers, or not now."""
        if why := payroll.why_not(self.roster, self.user, self.step):
            raise Refused(why)

    def carry_out(self, deed: Callable[..., Any], *said: Any, **named: Any) -> Any:
        """What the payroll's door gives. Raises Refused with its sentence."""
        try:
            return deed(*said, **named)
        except payroll.PayrollRefused as refusal:
            raise Refused(str(refusal)) from None


class SendForm(MonthDeedForm):
    title = _("Send to the bank")
    explained = _("The bank's file is made once and kept. You download it on the next page.")
    permission = "members.send_roster"
    step = "send"
    button = _("Make the bank's file")

    def look(self) -> Preview:
        self.refuse()
        if why := not_yet(self.roster, self.roster.objections.unanswered().count()):
            raise Refused(why)
        women = self.roster.entries.order_by().values("member").annotate(
            county=Sum("county_amount"), performance=Sum("performance_amount")
        )  # fmt: skip
        amounts = [Decimal(each["county"]) + Decimal(each["performance"]) for each in women]
        lines = [each for each in amounts if each > 0]
        found = [in_sum(len(lines), sum(lines, Decimal(0)))]
        if offset := sum(each == 0 for each in amounts):
            found.append(gettext("%(n)d get nothing: a claw-back takes all of it. They are settled at once.")
                         % {"n": offset})  # fmt: skip
        owed = [gettext("%(n)d owe more than they get. What they give back is noted on the next page.") % {"n": owing}
                for owing in [sum(each < 0 for each in amounts)] if owing]  # fmt: skip
        return Preview([*found, gettext("Nobody can be paid a second time for this month.")], owed)

    def do(self) -> str:
        file = self.carry_out(payroll.send, self.roster, self.user)
        if file is None:
            return gettext("Nobody gets anything for this month: no file was made.")
        return gettext("Bank file %(number)d was made. Download it below.") % {"number": file.number}


class ResendForm(MonthDeedForm):
    title = _("Send the failed ones again")
    explained = _("To the accounts that stand in the records now. Mend an account on the member's page first.")
    permission = "members.send_roster"
    step = "resend"
    button = _("Make the bank's file")

    def look(self) -> Preview:
        self.refuse()
        failed = failed_of(self.roster)
        if not failed:
            raise Refused(gettext("No payment waits to be sent again."))
        same = [each for each in failed if each.bank_account_print == each.member.bank_account_print]
        message = gettext("%(name)s: the account is the one that failed (%(reason)s).")
        cautions = [message % {"name": each.name, "reason": each.reason or "–"} for each in same]
        return Preview([in_sum(len(failed), sum((each.amount for each in failed), Decimal(0)))], cautions)

    def do(self) -> str:
        file = self.carry_out(payroll.resend, self.roster, self.user)
        if file is None:
            return gettext("No payment waits to be sent again.")
        return gettext("Bank file %(number)d was made. Download it below.") % {"number": file.number}


class SettleForm(MonthDeedForm):
    title = _("Mark as paid by hand")
    explained = _("Where the bank sends no file back. All that is on its way counts as paid, but for those you name.")
    permission = "members.settle_roster"
    step = "settle"
    day = day_field(_("Paid on"))
    failed = forms.CharField(
        label=_("Failed: their numbers in the bank's file"), max_length=400, required=False,
        help_text=_("Like 3 17 28; nothing if all were paid."),
    )  # fmt: skip
    reason = forms.CharField(label=_("Why they failed"), max_length=200, required=False)

    def clean_failed(self) -> list[Payment]:
        waiting: dict[int, list[Payment]] = {}
        for each in self.roster.payments.filter(state=PaymentState.SENT).defer("bank_account"):
            waiting.setdefault(each.number or 0, []).append(each)
        found = []
        for word in self.cleaned_data["failed"].replace(",", " ").replace("，", " ").replace("、", " ").split():
            same = waiting.get(int(word), []) if word.isdecimal() and len(word) < 7 else []
            if len(same) != 1:
                message = gettext("No line on its way has the number %(number)s, or two files have it.")
                raise forms.ValidationError(message % {"number": word})
            found += same
        return found

    def clean(self) -> dict[str, Any]:
        said = super().clean() or self.cleaned_data
        if said.get("failed") and not said.get("reason", "").strip():
            self.add_error("reason", gettext("Say why they failed."))
        return said

    def look(self) -> Preview:
        self.refuse()
        failed = self.cleaned_data["failed"]
        waiting = self.roster.payments.filter(state=PaymentState.SENT).exclude(pk__in=[each.pk for each in failed])
        found = waiting.order_by().aggregate(sum=Sum("amount"))["sum"] or Decimal(0)
        cautions = [gettext("%(name)s was not paid.") % {"name": each.name} for each in failed]
        return Preview([gettext("Paid: %(what)s") % {"what": in_sum(waiting.count(), Decimal(found))}], cautions)

    def do(self) -> str:
        said = self.cleaned_data
        failed = {each.pk: said["reason"] for each in said["failed"]}
        done = self.carry_out(payroll.settle, self.roster, self.user, failed, said["day"])
        return gettext("The month is “%(state)s” now.") % {"state": done.get_status_display()}


class AnswerFileForm(MonthDeedForm):
    """The bank's return file, read and told row by row on the page that follows."""

    title = _("Read the bank's answer")
    explained = _("The file that the bank sends back. What cannot be settled is told by row; the rest is entered.")
    permission = "members.settle_roster"
    step = "read_return"
    looks_first = False
    button = _("Read the file")
    file = forms.FileField(label=_("File"), allow_empty_file=True, widget=forms.FileInput(attrs={"accept": BOOKS}))
    day = day_field(_("Paid on"))
    made: ReturnFile | None = None

    def do(self) -> str:
        sent = self.cleaned_data["file"]
        try:
            book = workbook.open(sent.read(), sent.name)
        except workbook.FileRefused as refusal:
            raise Refused(str(refusal.message), "file") from None
        before = self.roster.return_files.count()
        self.made = self.carry_out(payroll.read_return, self.roster, book, self.user, self.cleaned_data["day"])
        if self.roster.return_files.count() == before:
            return gettext("This file was read before. Nothing was changed.")
        return gettext("The file was read.")

    def home(self) -> str:
        return reverse("show_returnfile", args=[self.made.pk]) if self.made else super().home()


class ObjectForm(MonthDeedForm):
    title = _("Note an objection")
    explained = _("What somebody said against the notice. Until it is answered the month is not sent to the bank.")
    permission = "members.publish_roster"
    step = "object_to"
    looks_first = False
    button = _("Note it")
    day = day_field(_("Day"))
    who = forms.CharField(label=_("Who objects"), max_length=40, required=False)
    entry: Any = forms.ModelChoiceField(
        label=_("About whom"), queryset=None, required=False, empty_label=_("the whole month")
    )
    text = forms.CharField(label=_("What was said"), max_length=1000, widget=forms.Textarea(attrs={"rows": 4}))

    def prepare(self) -> None:
        entries = self.roster.entries.regular().defer("bank_account").order_by("village__code", "member__pinyin")
        self.offer("entry", entries)
        field: Any = self.fields["entry"]
        field.label_from_instance = lambda each: f"{each.village_name} {each.name}"

    def do(self) -> str:
        said = self.cleaned_data
        self.carry_out(payroll.object_to, self.roster, said["text"], self.user, said["day"], said["who"], said["entry"])
        return gettext("The objection was noted.")


class AnswerObjectionForm(MonthDeedForm):
    title = _("Answer the objection")
    explained = _("What is right in it becomes a correction in a later month.")
    permission = "members.publish_roster"
    looks_first = False
    button = _("Answer")
    text = forms.CharField(label=_("Answer"), max_length=1000, widget=forms.Textarea(attrs={"rows": 4}))

    @property
    def roster(self) -> MonthlyRoster:
        found: MonthlyRoster = self.subject.roster
        return found

    def do(self) -> str:
        self.carry_out(payroll.answer, self.subject, self.cleaned_data["text"], self.user)
        return gettext("The objection was answered.")


class ReturnedForm(MonthDeedForm):
    title = _("She gave back what she owed")
    permission = "members.settle_roster"
    step = "settle"
    day = day_field(_("Day"))
    reason = forms.CharField(label=_("Note"), max_length=200, required=False)

    @property
    def roster(self) -> MonthlyRoster:
        found: MonthlyRoster = self.subject.roster
        return found

    def look(self) -> Preview:
        self.refuse()
        words = {"name": self.subject.name, "amount": f"{-self.subject.amount:,.2f}"}
        return Preview([gettext("%(name)s gave back %(amount)s yuan.") % words])

    def do(self) -> str:
        said = self.cleaned_data
        self.carry_out(payroll.note_returned, self.subject, self.user, said["day"], said["reason"])
        return gettext("It was noted.")


DEEDS: dict[str, type[MonthDeedForm]] = {
    "send": SendForm, "return": AnswerFileForm, "resend": ResendForm, "settle": SettleForm, "object": ObjectForm,
}  # fmt: skip


def failed_of(roster: MonthlyRoster) -> list[Payment]:
    """The last try of each whose payment failed and is not on its way again, with her record; one query."""
    payments = roster.payments.filter(state=PaymentState.FAILED).select_related("member").order_by("attempt", "number")
    waiting = roster.payments.exclude(state=PaymentState.FAILED).values("member")
    last = {each.member_id: each for each in payments.exclude(member__in=waiting)}
    return list(last.values())


def in_sum(count: int, total: Decimal) -> str:
    words = {"n": count, "total": f"{total:,.2f}", "capitals": chinese.capitals(total)}
    return ngettext(
        "%(n)d line, %(total)s yuan (%(capitals)s).", "%(n)d lines, %(total)s yuan (%(capitals)s).", count
    ) % words  # fmt: skip
