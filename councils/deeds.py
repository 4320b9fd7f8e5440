"""What a deed is: a form that says what is to be done, looks what it will change, and does it.

`councils.views.deeds.answer` shows it, with a look at what will change before anything does.
"""

from collections.abc import Iterable
from typing import Any

from django import forms
from django.db import models
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from councils.foretelling import Preview, Refused
from councils.models import Council, User

__all__ = ["DeedForm", "Preview", "Refused", "calendar", "day_field"]


def calendar() -> forms.DateInput:
    """The browser's own calendar: no script, and the one she knows from her phone."""
    return forms.DateInput(attrs={"type": "date"}, format="%Y-%m-%d")


def day_field(label: Any, required: bool = True, **options: Any) -> forms.DateField:
    return forms.DateField(label=label, widget=calendar(), required=required, **options)


class DeedForm(forms.Form):
    """What is to be done to one record.

    A deed says `title`, who may do it, and its fields; `look` tells what it will change and `do` does it, both may
    raise Refused. `home` is the page to go back to. A deed that is undone as easily sets `looks_first` to False and is
    done at the first press of `button`.
    """

    title: Any = ""
    explained: Any = ""
    permission = ""  # "app.permission"
    looks_first = True
    button: Any = _("Do it")

    def __init__(self, subject: models.Model, user: User, *args: Any, **options: Any) -> None:
        super().__init__(*args, **options)
        self.subject: Any = subject
        self.user = user
        self.visible = Council.objects.visible_to(user)
        if "day" in self.fields:
            self.fields["day"].initial = timezone.localdate()
        self.prepare()

    def prepare(self) -> None:
        """Sets choices and first values out of the subject."""

    def look(self) -> Preview:
        """What `do` would change. Raises Refused."""
        return Preview()

    def do(self) -> str:
        """Does it, in a transaction of its own; what was done, in a sentence. Raises Refused."""
        raise NotImplementedError

    def home(self) -> str:
        """The address of the page that the deed belongs to, asked before and after it is done."""
        raise NotImplementedError

    def place(self) -> Council | None:
        """The council that the way down to this page ends with; the reader's own if there is none."""
        return None

    def offer(self, name: str, choices: Iterable[Any]) -> None:
        """What the field `name` lets choose: a queryset, or pairs of value and label."""
        field: Any = self.fields[name]
        if isinstance(choices, models.QuerySet):
            field.queryset = choices
        else:
            field.choices = list(choices)
