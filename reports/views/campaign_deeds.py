"""The forms of a campaign: set, withdrawn, and what an addressee says of it."""

from collections import defaultdict
from typing import Any

from django import forms
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext, ngettext
from django.utils.translation import gettext_lazy as _

from councils.deeds import Preview, Refused, day_field
from councils.models import VILLAGES, Council, Level
from reports import campaigns, kinds
from reports.models import Campaign
from reports.views.work_deeds import WorkDeedForm, words

TOWNSHIPS, ALL_VILLAGES = "townships", "villages"


def kinds_by_role() -> list[tuple[Any, list[tuple[str, Any]]]]:
    return [(role.label, [(kind.key, kind.label) for kind in kinds.of_role(role)]) for role in kinds.Role]


class SetForm(WorkDeedForm):
    """A campaign of the county that is the subject, with a target for each that is addressed."""

    title = _("Set a task")
    explained = _("Those who get a target see it at once. What they reach is counted from what was done.")
    permission = "reports.add_campaign"
    looks_first = True
    button = _("Set the task")
    name = forms.CharField(label=_("Name of the task"), max_length=60)
    text = forms.CharField(label=_("What is to be done"), max_length=2000, widget=words(), required=False)
    kind = forms.ChoiceField(label=_("What is counted"), choices=kinds_by_role)
    start = day_field(_("From day"))
    deadline = day_field(_("Until day"))
    verified_only = forms.BooleanField(
        label=_("Only verified"), required=False, initial=True,
        help_text=_("Only what a township or the county verified is counted."),
    )  # fmt: skip
    level = forms.ChoiceField(
        label=_("A target for"), widget=forms.RadioSelect, initial=TOWNSHIPS,
        choices=[(TOWNSHIPS, _("each township")), (ALL_VILLAGES, _("each village"))],
    )  # fmt: skip
    places = forms.TypedMultipleChoiceField(
        label=_("In which townships"), coerce=int, widget=forms.CheckboxSelectMultiple
    )
    target = forms.IntegerField(label=_("Target of each"), min_value=1, max_value=1_000_000)
    others = forms.CharField(
        label=_("Another target for some"), required=False, widget=words(),
        help_text=_("One a line: name or code, a space, the number. Such as: 江口镇 120"),
    )  # fmt: skip

    def prepare(self) -> None:
        townships = list(self.visible.at_level(Level.TOWNSHIP).filter(closed=None))
        self.offer("places", [(each.pk, str(each)) for each in townships])
        self.fields["places"].initial = [each.pk for each in townships]
        self.fields["start"].initial = timezone.localdate()

    def look(self) -> Preview:
        targets = self._targets()
        said = self.cleaned_data
        if said["deadline"] < said["start"]:
            raise Refused(gettext("A campaign cannot end before it begins."), "deadline")
        words = {"n": len(targets), "kind": kinds.KINDS[said["kind"]].label, "sum": f"{sum(targets.values()):,}"}
        line = ngettext(
            "%(n)d council gets the task “%(kind)s”, together %(sum)s.",
            "%(n)d councils get the task “%(kind)s”, together %(sum)s.", len(targets),
        )  # fmt: skip
        own = Council.objects.in_bulk([key for key, target in targets.items() if target != said["target"]])
        return Preview([line % words, *(f"{each}: {targets[key]:,}" for key, each in own.items())])

    def do(self) -> str:
        said = self.cleaned_data
        made = Campaign(
            county=self.subject, title=said["name"], text=said["text"], kind=said["kind"], start=said["start"],
            deadline=said["deadline"], verified_only=said["verified_only"],
        )  # fmt: skip
        self.carry_out(campaigns.launch, made, self._targets(), self.user)
        return gettext("“%(name)s” was set.") % {"name": made.title}

    def home(self) -> str:
        return reverse("campaigns")

    def _targets(self) -> dict[int, int]:
        """{council's key: target}. Raises Refused for a line that names nobody, or several."""
        said = self.cleaned_data
        chosen = self.visible.filter(closed=None)
        chosen = (
            chosen.filter(pk__in=said["places"]) if said["level"] == TOWNSHIPS
            else chosen.filter(level__in=VILLAGES, parent__pk__in=said["places"])
        )  # fmt: skip
        addressed = list(chosen)
        targets = {each.pk: said["target"] for each in addressed}
        known: dict[str, set[int]] = defaultdict(set)
        for each in addressed:
            for word in (each.code, each.name, each.short_name):
                known[word].add(each.pk)
        for line in filter(str.strip, said["others"].splitlines()):
            word, _space, number = line.strip().rpartition(" ")
            found = known.get(word.strip(), set())
            if len(found) != 1 or not number.isascii() or not number.isdecimal() or not int(number):
                message = gettext("“%(line)s” is not understood. Write a name or code of those above and a number.")
                raise Refused(message % {"line": line.strip()[:40]}, "others")
            targets[found.pop()] = int(number)
        return targets


class WithdrawForm(WorkDeedForm):
    title = _("Withdraw the task")
    permission = "reports.add_campaign"
    looks_first = True
    button = _("Withdraw it")

    def look(self) -> Preview:
        return Preview([gettext("Nobody is asked for it any more. What was counted stays to be read.")])

    def do(self) -> str:
        self.carry_out(campaigns.withdraw, self.subject, self.user)
        return gettext("“%(name)s” was withdrawn.") % {"name": self.subject.title}

    def home(self) -> str:
        return reverse("campaign", args=[self.subject.pk])


class ReportForm(WorkDeedForm):
    """What a council says of its own target, which is the subject."""

    title = _("Report on the task")
    explained = _("The number is counted from what was done; here you say the rest.")
    permission = "reports.change_campaigntarget"
    button = _("Send the report")
    text = forms.CharField(label=_("How it goes"), max_length=500, widget=words(4))

    def prepare(self) -> None:
        self.fields["text"].initial = self.subject.report

    def do(self) -> str:
        self.carry_out(campaigns.report, self.subject, self.cleaned_data["text"], self.user)
        return gettext("The report stands beside the number.")

    def home(self) -> str:
        return reverse("campaign", args=[self.subject.campaign_id])

    def place(self) -> Council:
        council: Council = self.subject.council
        return council
