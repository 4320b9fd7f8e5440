"""The forms of a dispute: brought, put right, settled, passed on."""

from django import forms
from django.urls import reverse
from django.utils.translation import gettext
from django.utils.translation import gettext_lazy as _

from councils.deeds import Preview, day_field
from councils.models import Council
from reports import disputes
from reports.disputes import LONGEST
from reports.models import Relation
from reports.views.work_deeds import VillageDeedForm, WorkDeedForm, who, women, words

SEALED = _("Kept sealed: your village reads it, and your township once it is passed on. Others see numbers only.")


def parties_field() -> forms.CharField:
    return forms.CharField(
        label=_("Parties"), max_length=LONGEST["parties"], help_text=_("Names, such as 张三、李四. Kept sealed.")
    )


def text_field() -> forms.CharField:
    return forms.CharField(label=_("What it is about"), max_length=LONGEST["text"], widget=words(5), required=False)


class BringForm(VillageDeedForm):
    title = _("A dispute was brought")
    explained = SEALED
    permission = "reports.add_dispute"
    pages = ("dispute", "disputes")
    members = who(_("Who mediates"))
    relation = forms.ChoiceField(label=_("Relation of the parties"), choices=Relation)
    parties = parties_field()
    text = text_field()
    day = day_field(_("Brought on"))
    field_order = ("client_key", "relation", "parties", "text", "day", "members")

    def do(self) -> str:
        said = self.cleaned_data
        brought = disputes.Brought(
            self.subject.pk, said["day"], said["relation"], said["parties"], said["members"], said["text"],
            said["client_key"],
        )  # fmt: skip
        self.made = self.carry_out(disputes.bring, brought, self.user)
        return gettext("The dispute was entered. Enter its agreement when it is settled.")


class DisputeDeedForm(WorkDeedForm):
    """A deed on one dispute as it was seen in `version`."""

    permission = "reports.change_dispute"
    version = forms.IntegerField(widget=forms.HiddenInput)

    def prepare(self) -> None:
        self.fields["version"].initial = self.subject.version

    def home(self) -> str:
        return reverse("dispute", args=[self.subject.pk])

    def place(self) -> Council:
        village: Council = self.subject.village
        return village


class MendForm(DisputeDeedForm):
    title = _("Put it right")
    explained = SEALED
    relation = forms.ChoiceField(label=_("Relation of the parties"), choices=Relation)
    parties = parties_field()
    text = text_field()

    def prepare(self) -> None:
        """With what is sealed; that it was opened is entered."""
        super().prepare()
        if self.is_bound:
            return
        content = disputes.read(self.subject, self.user)
        self.initial = {"relation": self.subject.relation, "parties": content.parties, "text": content.text}

    def do(self) -> str:
        said = self.cleaned_data
        changed = {name: said[name] for name in ("relation", "parties", "text")}
        self.carry_out(disputes.mend, self.subject, said["version"], self.user, **changed)
        return gettext("The dispute was put right.")


class SettleForm(DisputeDeedForm):
    title = _("Settled by mediation")
    explained = _("It counts in the month of the day it was settled, and stays as it is from then on.")
    button = _("It is settled")
    day = day_field(_("Settled on"))
    agreement = forms.CharField(
        label=_("Agreement"), max_length=LONGEST["agreement"], widget=words(5), help_text=_("Kept sealed.")
    )
    members = who(_("Who mediated"))

    def prepare(self) -> None:
        super().prepare()
        self.offer("members", women(self.subject.village, self.user))
        self.fields["members"].initial = list(self.subject.mediators.values_list("pk", flat=True))
        self.fields["day"].widget.attrs["min"] = f"{self.subject.day}"

    def do(self) -> str:
        said = self.cleaned_data
        self.carry_out(
            disputes.settle, self.subject, said["day"], said["agreement"], said["version"], self.user, said["members"]
        )
        return gettext("The dispute is settled.")


class PassOnForm(DisputeDeedForm):
    title = _("Pass on to the township")
    looks_first = True
    button = _("Pass it on")
    day = day_field(_("Passed on on"))

    def look(self) -> Preview:
        return Preview([gettext("From now on the township reads names and text of this dispute, and may settle it.")])

    def do(self) -> str:
        said = self.cleaned_data
        self.carry_out(disputes.pass_on, self.subject, said["day"], said["version"], self.user)
        return gettext("The dispute was passed on to the township.")


DEEDS: dict[str, type[DisputeDeedForm]] = {"settle": SettleForm, "pass_on": PassOnForm, "mend": MendForm}
