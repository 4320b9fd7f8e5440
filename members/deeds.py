"""The deeds on one member, each a form: what is to be done, what it will change, and the doing."""

from typing import Any

from django import forms
from django.contrib.admin.widgets import AdminDateWidget
from django.utils import timezone
from django.utils.translation import gettext, ngettext
from django.utils.translation import gettext_lazy as _

from councils.models import VILLAGES, Council, User
from members import handover, joining, merging, transferring
from members.models import Leaving, Member, Position


class DeedForm(forms.Form):
    """What is to be done to one member: `look` says what it will change, `do` does it or raises JoiningRefused."""

    title: Any = ""
    explained: Any = ""
    permission = "members.change_membership"

    def __init__(self, member: Member, user: User, *args: Any, **options: Any) -> None:
        super().__init__(*args, **options)
        self.member, self.user = member, user
        if "day" in self.fields:
            self.fields["day"].initial = timezone.localdate()
        self.prepare()

    def prepare(self) -> None:
        """Sets choices out of the member."""

    def look(self) -> list[str]:
        raise NotImplementedError

    def do(self) -> str:
        """What was done, in a sentence."""
        raise NotImplementedError


class LeaveForm(DeedForm):
    title = _("She leaves")
    explained = _("Her record and its story stay. If she comes back, it goes on.")
    day = forms.DateField(label=_("Last day"), widget=AdminDateWidget)
    reason = forms.ChoiceField(label=_("Reason"))

    def prepare(self) -> None:
        reasons = {Leaving.TRANSFERRED, Leaving.MERGED_VILLAGE}
        self.fields["reason"].choices = [each for each in Leaving.choices if each[0] not in reasons]  # type: ignore[attr-defined]
        for thing in handover.held(self.member):
            choices = [("", gettext("Choose what becomes of it")), *handover.RETURNS]
            self.fields[f"thing_{thing.pk}"] = forms.ChoiceField(label=str(thing), choices=choices)

    def look(self) -> list[str]:
        words = {"name": self.member, "day": self.cleaned_data["day"]}
        lines = [gettext("%(name)s is a member until %(day)s.") % words]
        posts = self.member.posts.filter(end=None).count()
        zones = self.member.zone_assignments.filter(end=None).count()
        if posts:
            lines.append(ngettext("%(n)d post of hers ends.", "%(n)d posts of hers end.", posts) % {"n": posts})
        if zones:
            lines.append(ngettext("%(n)d zone is given back.", "%(n)d zones are given back.", zones) % {"n": zones})
        words, returns = dict(handover.RETURNS), self._returns
        lines += [f"{each}: {words[returns[each.pk]]}" for each in handover.held(self.member) if each.pk in returns]
        return lines

    def do(self) -> str:
        joining.leave(self.member, self.cleaned_data["day"], self.cleaned_data["reason"], self.user, self._returns)
        return gettext("%(name)s left.") % {"name": self.member}

    @property
    def _returns(self) -> dict[int, str]:
        """What becomes of each thing she has, by its key."""
        said = self.cleaned_data.items()
        return {int(name.removeprefix("thing_")): word for name, word in said if name.startswith("thing_")}


class RejoinForm(DeedForm):
    title = _("She comes back")
    village: Any = forms.ModelChoiceField(label=_("Village"), queryset=None)
    day = forms.DateField(label=_("From which day"), widget=AdminDateWidget)
    position = forms.ChoiceField(label=_("Position"), choices=Position, initial=Position.MEMBER)

    def prepare(self) -> None:
        villages: Any = self.fields["village"]
        villages.queryset = Council.objects.visible_to(self.user).at_level(*VILLAGES).filter(closed=None)

    def look(self) -> list[str]:
        words = {"name": self.member} | self.cleaned_data
        return [gettext("%(name)s is a member of %(village)s from %(day)s on.") % words]

    def do(self) -> str:
        said = self.cleaned_data
        joining.rejoin(self.member, said["village"], said["day"], self.user, said["position"])
        return gettext("%(name)s is a member again.") % {"name": self.member}


class TransferForm(DeedForm):
    title = _("Transfer to another village")
    explained = _("Within your jurisdiction it is done at once; into another township it is proposed to its chair.")
    permission = "members.transfer_member"
    village: Any = forms.ModelChoiceField(label=_("Village"), queryset=None, required=False)
    code = forms.CharField(
        label=_("or its official code"), max_length=12, required=False,
        help_text=_("For a village of another township: its 12 digits."),
    )  # fmt: skip
    day = forms.DateField(label=_("From which day"), widget=AdminDateWidget)
    reason = forms.CharField(label=_("Reason"), max_length=200, required=False)

    def prepare(self) -> None:
        villages: Any = self.fields["village"]
        visible = Council.objects.visible_to(self.user).at_level(*VILLAGES).filter(closed=None)
        villages.queryset = visible.exclude(memberships__in=self.member.memberships.filter(end=None))

    def clean(self) -> dict[str, Any]:
        said = super().clean() or self.cleaned_data
        if code := said.get("code"):
            said["village"] = Council.objects.at_level(*VILLAGES).filter(code=code, closed=None).first()
            if said["village"] is None:
                self.add_error("code", gettext("No village has this code. Official codes are public: look it up."))
        elif not said.get("village"):
            self.add_error("village", gettext("Choose a village, or enter its code."))
        return said

    def look(self) -> list[str]:
        words = {"name": self.member} | self.cleaned_data
        if Council.objects.visible_to(self.user).filter(pk=self.cleaned_data["village"].pk).exists():
            return [
                gettext("%(name)s is a member of %(village)s from %(day)s on.") % words,
                gettext("Her posts and zones in the old village end on the day before."),
            ]
        return [gettext("A transfer to %(village)s is proposed. Nothing changes until it is accepted there.") % words]

    def do(self) -> str:
        said = self.cleaned_data
        done = transferring.transfer(self.member, said["village"], said["day"], self.user, said["reason"])
        if done.state == "accepted":
            return gettext("%(name)s was transferred.") % {"name": self.member}
        return gettext("The transfer of %(name)s was proposed.") % {"name": self.member}


class MergeForm(DeedForm):
    title = _("Merge with another record of hers")
    explained = _("For one woman with two records, such as one under a mistyped number. This record stays.")
    permission = "members.merge_member"
    gone: Any = forms.ModelChoiceField(label=_("The record that goes"), queryset=None)

    def prepare(self) -> None:
        others: Any = self.fields["gone"]
        others.queryset = merging.looks_like(self.member, Member.objects.visible_to(self.user))
        others.label_from_instance = lambda each: f"{each} {each.national_id}"

    def look(self) -> list[str]:
        moving = merging.will_move(self.cleaned_data["gone"])
        lines = [gettext("%(kind)s: %(count)d move to this record.") % {"kind": kind, "count": n} for kind, n in moving]
        return [*lines, gettext("The other record goes; this can be undone on her page.")]

    def do(self) -> str:
        merging.merge(self.member, self.cleaned_data["gone"], self.user)
        return gettext("Both records are one now.")


DEEDS: dict[str, type[DeedForm]] = {
    "leave": LeaveForm, "rejoin": RejoinForm, "transfer": TransferForm, "merge": MergeForm,
}  # fmt: skip


def deeds_for(member: Member, user: User) -> list[str]:
    """The deeds that make sense for her today and that the user may do; `member` was read with its terms."""
    possible = ["leave", "transfer", "merge"] if member.village else ["rejoin", "merge"]
    return [name for name in possible if user.has_perm(DEEDS[name].permission)]
