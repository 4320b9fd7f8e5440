"""What deeds of work share: refusals at their field, the women to choose from, a key against sending twice."""

import uuid
from collections.abc import Callable
from typing import Any

from django import forms
from django.urls import reverse
from django.utils.translation import gettext_lazy as _

from councils.deeds import DeedForm, Refused
from councils.models import VILLAGES, Council, Zone
from members.models import Member, Membership
from reports.refusing import WorkRefused

__all__ = ["VillageDeedForm", "WorkDeedForm", "open_villages", "who", "women", "words"]


def words(rows: int = 3) -> forms.Textarea:
    return forms.Textarea(attrs={"rows": rows})


def open_villages(user: Any) -> Any:
    """Villages that the user may enter something for, with their townships."""
    known = Council.objects.visible_to(user).at_level(*VILLAGES).filter(closed=None)
    return known.select_related("parent")


def who(label: Any) -> forms.TypedMultipleChoiceField:
    return forms.TypedMultipleChoiceField(label=label, coerce=int, widget=forms.CheckboxSelectMultiple)


class WorkDeedForm(DeedForm):
    """A deed of work, done at the first press."""

    looks_first = False
    button: Any = _("Save")

    def carry_out(self, deed: Callable[..., Any], *said: Any, **named: Any) -> Any:
        """What the rule's door gives. Raises Refused with its sentence, at the field that it is about."""
        try:
            return deed(*said, **named)
        except WorkRefused as refusal:
            raise Refused(str(refusal), refusal.field) from None


class VillageDeedForm(WorkDeedForm):
    """Something new of one village, which is the subject: by whom of its women, and in which zone if it asks.

    `pages` names the page of one and that of their list, which begins with the oldest or with what lies on another
    desk: what was just `made` is shown by itself.
    """

    pages: tuple[str, str]
    made: Any = None
    client_key = forms.UUIDField(widget=forms.HiddenInput, required=False)
    members = who(_("Who did it"))

    def prepare(self) -> None:
        self.fields["client_key"].initial = uuid.uuid4()
        self.offer("members", women(self.subject, self.user))
        if "zone" in self.fields:
            self.offer("zone", Zone.objects.visible_to(self.user).filter(village=self.subject, closed=None))

    def home(self) -> str:
        one, listed = self.pages
        return reverse(one, args=[self.made.pk]) if self.made else reverse(listed)

    def place(self) -> Council:
        village: Council = self.subject
        return village


def women(village: Council, user: Any) -> list[tuple[int, str]]:
    """The members of a village today, by name."""
    running = Membership.objects.visible_to(user).filter(village=village, end=None).order_by().values("member")
    found = Member.objects.visible_to(user).filter(pk__in=running).order_by("pinyin", "pk")
    return list(found.values_list("pk", "name"))
