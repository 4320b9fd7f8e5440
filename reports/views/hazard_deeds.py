"""The forms of a hazard: one put right on the spot, one reported upward, and each step of its loop."""

from typing import Any

from django import forms
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext
from django.utils.translation import gettext_lazy as _

from councils.deeds import day_field
from councils.models import Council
from reports import hazards
from reports.hazards import STEPS
from reports.models import Severity
from reports.views.work_deeds import VillageDeedForm, WorkDeedForm, who, words

UPWARD = [each for each in Severity.choices if each[0] != Severity.SMALL]


class FoundForm(VillageDeedForm):
    """A hazard that is entered for the village that is the subject."""

    permission = "reports.add_hazard"
    pages = ("hazard", "hazards")
    members = who(_("Who found it"))
    day = day_field(_("Found on"))
    place_found = forms.CharField(label=_("Place"), max_length=60)
    text = forms.CharField(label=_("What it is"), max_length=1000, widget=words())
    zone: Any = forms.ModelChoiceField(label=_("Grid zone"), queryset=None, required=False)
    field_order = ("client_key", "severity", "place_found", "text", "day", "members", "zone")

    def found(self, severity: str) -> hazards.Found:
        said = self.cleaned_data
        zone = said["zone"]
        return hazards.Found(
            self.subject.pk, said["day"], severity, said["place_found"], said["text"], said["members"],
            zone.pk if zone else None, said["client_key"],
        )  # fmt: skip


class MendForm(FoundForm):
    title = _("A small hazard, put right on the spot")
    explained = _("Found and put right in one act: it goes nowhere and is done with at once.")

    def do(self) -> str:
        self.made = self.carry_out(hazards.mend, self.found(Severity.SMALL), self.user)
        return gettext("“%(place)s” was entered as put right.") % {"place": self.made.place}


class ReportForm(FoundForm):
    title = _("Report a hazard upward")
    explained = _("The township sees it at once. From today it has the days that the county allows.")
    severity = forms.ChoiceField(label=_("How bad"), choices=UPWARD, widget=forms.RadioSelect)
    button = _("Report it")

    def do(self) -> str:
        self.made = self.carry_out(hazards.report, self.found(self.cleaned_data["severity"]), self.user)
        return gettext("“%(place)s” was reported. It is to be handled by %(day)s.") % {
            "place": self.made.place, "day": f"{self.made.due:%Y-%m-%d}",
        }  # fmt: skip


class StepForm(WorkDeedForm):
    """One step of the loop, by `step`, a key of STEPS; the hazard goes on as it was seen in `version`."""

    step = ""
    version = forms.IntegerField(widget=forms.HiddenInput)
    handler = forms.CharField(label=_("Who is to handle it"), max_length=60)
    text = forms.CharField(label=_("In words"), max_length=500, widget=words())
    day = day_field(_("Done on"))

    def prepare(self) -> None:
        self.fields["version"].initial = self.subject.version
        if self.step != "dispatch":
            del self.fields["handler"]
        self.fields["text"].required = STEPS[self.step].says
        first = self.subject.handled_on or self.subject.day
        self.fields["day"].widget.attrs |= {"min": f"{first}", "max": f"{timezone.localdate()}"}

    def do(self) -> str:
        said = self.cleaned_data
        done = self.carry_out(
            hazards.take, self.subject, self.step, said["version"], self.user, said["text"],
            said.get("handler", ""), said["day"],
        )  # fmt: skip
        return gettext("“%(place)s”: %(state)s.") % {"place": done.place, "state": done.get_state_display()}

    def home(self) -> str:
        return reverse("hazard", args=[self.subject.pk])

    def place(self) -> Council:
        village: Council = self.subject.village
        return village


ENTRIES: dict[str, type[FoundForm]] = {"mend": MendForm, "report": ReportForm}
DEEDS: dict[str, type[StepForm]] = {
    name: type(
        f"{name.title()}Form", (StepForm,),
        {"step": name, "title": step.label, "button": step.label, "permission": step.permission},
    )
    for name, step in STEPS.items()
}  # fmt: skip
