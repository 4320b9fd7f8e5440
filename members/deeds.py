"""The deeds on one member, each a form: what is to be done, what it will change, and the doing."""

from typing import Any

from django import forms
from django.urls import reverse
from django.utils.translation import gettext, ngettext
from django.utils.translation import gettext_lazy as _

from councils.deeds import DeedForm, Preview, Refused, day_field
from councils.models import VILLAGES, Council, User
from cunsao import pictures
from members import handover, joining, merging, photos, transferring
from members.models import Leaving, Member, Position


class MemberDeedForm(DeedForm):
    """What is to be done to one member, who was read with her terms; `look` and `do` may raise JoiningRefused."""

    permission = "members.change_membership"

    def home(self) -> str:
        """Her page, or the register where she is no longer the reader's to see."""
        if Member.objects.visible_to(self.user).filter(pk=self.subject.pk).exists():
            return reverse("member", args=[self.subject.pk])
        return reverse("admin:members_member_changelist")

    def place(self) -> Council | None:
        return place_of(self.subject)


class LeaveForm(MemberDeedForm):
    title = _("She leaves")
    explained = _("Her record and its story stay. If she comes back, it goes on.")
    day = day_field(_("Last day"))
    reason = forms.ChoiceField(label=_("Reason"))

    def prepare(self) -> None:
        reasons = {Leaving.TRANSFERRED, Leaving.MERGED_VILLAGE}
        self.offer("reason", [each for each in Leaving.choices if each[0] not in reasons])
        for thing in handover.held(self.subject):
            choices = [("", gettext("Choose what becomes of it")), *handover.RETURNS]
            self.fields[f"thing_{thing.pk}"] = forms.ChoiceField(label=str(thing), choices=choices)

    def look(self) -> Preview:
        words = {"name": self.subject, "day": self.cleaned_data["day"]}
        lines = [gettext("%(name)s is a member until %(day)s.") % words]
        posts = self.subject.posts.filter(end=None).count()
        zones = self.subject.zone_assignments.filter(end=None).count()
        if posts:
            lines.append(ngettext("%(n)d post of hers ends.", "%(n)d posts of hers end.", posts) % {"n": posts})
        if zones:
            lines.append(ngettext("%(n)d zone is given back.", "%(n)d zones are given back.", zones) % {"n": zones})
        words, returns = dict(handover.RETURNS), self._returns
        lines += [f"{each}: {words[returns[each.pk]]}" for each in handover.held(self.subject) if each.pk in returns]
        return Preview(lines)

    def do(self) -> str:
        said = self.cleaned_data
        joining.leave(self.subject, said["day"], said["reason"], self.user, self._returns)
        return gettext("%(name)s left.") % {"name": self.subject}

    @property
    def _returns(self) -> dict[int, str]:
        """What becomes of each thing she has, by its key."""
        said = self.cleaned_data.items()
        return {int(name.removeprefix("thing_")): word for name, word in said if name.startswith("thing_")}


class RejoinForm(MemberDeedForm):
    title = _("She comes back")
    village: Any = forms.ModelChoiceField(label=_("Village"), queryset=None)
    day = day_field(_("From which day"))
    position = forms.ChoiceField(label=_("Position"), choices=Position, initial=Position.MEMBER)

    def prepare(self) -> None:
        self.offer("village", self.visible.at_level(*VILLAGES).filter(closed=None))

    def look(self) -> Preview:
        words = {"name": self.subject} | self.cleaned_data
        return Preview([gettext("%(name)s is a member of %(village)s from %(day)s on.") % words])

    def do(self) -> str:
        said = self.cleaned_data
        joining.rejoin(self.subject, said["village"], said["day"], self.user, said["position"])
        return gettext("%(name)s is a member again.") % {"name": self.subject}


class TransferForm(MemberDeedForm):
    title = _("Transfer to another village")
    explained = _("Within your jurisdiction it is done at once; into another township it is proposed to its chair.")
    permission = "members.transfer_member"
    village: Any = forms.ModelChoiceField(label=_("Village"), queryset=None, required=False)
    code = forms.CharField(
        label=_("or its official code"), max_length=12, required=False,
        help_text=_("For a village of another township: its 12 digits."),
    )  # fmt: skip
    day = day_field(_("From which day"))
    reason = forms.CharField(label=_("Reason"), max_length=200, required=False)

    def prepare(self) -> None:
        open_villages = self.visible.at_level(*VILLAGES).filter(closed=None)
        self.offer("village", open_villages.exclude(memberships__in=self.subject.memberships.filter(end=None)))

    def clean(self) -> dict[str, Any]:
        said = super().clean() or self.cleaned_data
        if code := said.get("code"):
            said["village"] = Council.objects.at_level(*VILLAGES).filter(code=code, closed=None).first()
            if said["village"] is None:
                self.add_error("code", gettext("No village has this code. Official codes are public: look it up."))
        elif not said.get("village"):
            self.add_error("village", gettext("Choose a village, or enter its code."))
        return said

    def look(self) -> Preview:
        words = {"name": self.subject} | self.cleaned_data
        if self.visible.filter(pk=self.cleaned_data["village"].pk).exists():
            changes = [
                gettext("%(name)s is a member of %(village)s from %(day)s on.") % words,
                gettext("Her posts and zones in the old village end on the day before."),
            ]
            return Preview(changes)
        proposed = gettext("A transfer to %(village)s is proposed. Nothing changes until it is accepted there.")
        return Preview([proposed % words])

    def do(self) -> str:
        said = self.cleaned_data
        done = transferring.transfer(self.subject, said["village"], said["day"], self.user, said["reason"])
        if done.state == "accepted":
            return gettext("%(name)s was transferred.") % {"name": self.subject}
        return gettext("The transfer of %(name)s was proposed.") % {"name": self.subject}


class MergeForm(MemberDeedForm):
    title = _("Merge with another record of hers")
    explained = _("For one woman with two records, such as one under a mistyped number. This record stays.")
    permission = "members.merge_member"
    gone: Any = forms.ModelChoiceField(label=_("The record that goes"), queryset=None)

    def prepare(self) -> None:
        others: Any = self.fields["gone"]
        others.queryset = merging.looks_like(self.subject, Member.objects.visible_to(self.user))
        others.label_from_instance = lambda each: f"{each} {each.national_id}"

    def look(self) -> Preview:
        moving = merging.will_move(self.cleaned_data["gone"])
        lines = [gettext("%(kind)s: %(count)d move to this record.") % {"kind": kind, "count": n} for kind, n in moving]
        return Preview([*lines, gettext("The other record goes; this can be undone on her page.")])

    def do(self) -> str:
        merging.merge(self.subject, self.cleaned_data["gone"], self.user)
        return gettext("Both records are one now.")


class PhotoForm(MemberDeedForm):
    title = _("Photo")
    explained = _("A picture of her face. Where and when it was taken is not kept.")
    permission = "members.change_member"
    looks_first = False
    button = _("Save")
    picture = forms.FileField(
        label=_("Picture"), required=False, widget=forms.FileInput(attrs={"accept": pictures.ACCEPTED})
    )
    remove = forms.BooleanField(label=_("Take the present photo away"), required=False)

    def prepare(self) -> None:
        if not photos.file_of(self.subject, self.user):
            del self.fields["remove"]

    def clean(self) -> dict[str, Any]:
        said = super().clean() or self.cleaned_data
        if not said.get("picture") and not said.get("remove") and not self.errors:
            self.add_error("picture", gettext("Choose a picture."))
        return said

    def do(self) -> str:
        if not self.cleaned_data["picture"]:
            photos.take_away(self.subject)
            return gettext("Her photo was taken away.")
        try:
            photos.keep(self.subject, self.cleaned_data["picture"])
        except pictures.PictureRefused as refusal:
            raise Refused(str(refusal.message), "picture") from None
        return gettext("Her photo was saved.")


DEEDS: dict[str, type[MemberDeedForm]] = {
    "leave": LeaveForm, "rejoin": RejoinForm, "transfer": TransferForm, "merge": MergeForm,
    "photo": PhotoForm,
}  # fmt: skip


def deeds_for(member: Member, user: User) -> list[str]:
    """The deeds that make sense for her today and that the user may do; `member` was read with its terms."""
    possible = ["leave", "transfer", "merge", "photo"] if member.village else ["rejoin", "merge", "photo"]
    return [name for name in possible if user.has_perm(DEEDS[name].permission)]


def place_of(member: Member) -> Council | None:
    """Her village with what lies above it; only of one she is in today."""
    village = member.village
    return Council.objects.select_related("parent__parent").get(pk=village.pk) if village else None
