"""The performance subsidies that points propose, taken over into the open month by its chair."""

from django import forms
from django.utils.translation import gettext, ngettext
from django.utils.translation import gettext_lazy as _

from councils.deeds import Preview, Refused
from members import payroll
from members.views.month_deeds import MOST_TOLD, MonthDeedForm


class ProposalForm(MonthDeedForm):
    title = _("Take over the proposal")
    explained = _("The amounts by points are written into the month. Each of them can still be changed by hand.")
    permission = "members.change_rosterentry"
    step = "enter"
    button = _("Take it over")
    seen = forms.CharField(widget=forms.HiddenInput, max_length=64)  # the digest of what she looked at

    def prepare(self) -> None:
        self.offered = payroll.proposed(self.roster)
        if self.offered:
            self.fields["seen"].initial = self.offered.digest

    def look(self) -> Preview:
        self.refuse()
        if self.offered is None:
            raise Refused(gettext("There is no proposal for this month."))
        if self.offered.digest != self.cleaned_data["seen"]:
            raise Refused(gettext("Points or amounts changed since you looked. Look at the proposal again."))
        differing = self.offered.differing
        words = {"now": f"{self.offered.now:,.2f}", "then": f"{self.offered.total:,.2f}"}
        count = len(differing)
        lines = [
            gettext("Performance subsidy together: %(now)s → %(then)s yuan") % words,
            ngettext("%(n)d amount changes", "%(n)d amounts change", count) % {"n": count},
            *(f"{entry.member}: {entry.performance_amount:,.2f} → {amount:,.2f}"
              for entry, amount in differing[:MOST_TOLD]),
        ]  # fmt: skip
        if count > MOST_TOLD:
            more = count - MOST_TOLD
            lines.append(ngettext("and %(n)d more", "and %(n)d more", more) % {"n": more})
        return Preview(lines)

    def do(self) -> str:
        count = self.carry_out(payroll.accept_proposal, self.roster, self.cleaned_data["seen"], self.user)
        return ngettext("%(n)d amount was taken over.", "%(n)d amounts were taken over.", count) % {"n": count}
