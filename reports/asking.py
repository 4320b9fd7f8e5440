"""Of which place and which time something is to be told: a name as people write it, and a month, quarter or year."""

from collections.abc import Callable
from datetime import date
from typing import Any

from django import forms
from django.core.exceptions import ValidationError
from django.utils import timezone
from django.utils.translation import gettext
from django.utils.translation import gettext_lazy as _

from councils.deeds import day_field
from councils.matching import Ambiguous, NotFound, OutOfScope, Places
from councils.models import VILLAGES, Council, Level
from cunsao import months
from reports.models import ReportKind
from reports.periods import Period

FIRST = date(2000, 1, 1)
PERIODS: dict[str, Callable[[date], Period]] = {
    ReportKind.MONTH: Period.month,
    ReportKind.QUARTER: Period.quarter,
    ReportKind.YEAR: lambda day: Period.year(day.year),
}  # fmt: skip


class MonthField(forms.CharField):
    """A month in the browser's own picker; its first day."""

    widget = forms.TextInput(attrs={"type": "month", "placeholder": "2022-08"})

    def to_python(self, value: Any) -> Any:
        try:
            month = months.read(super().to_python(value))
        except months.NotAMonth as fault:
            raise ValidationError(str(fault)) from fault
        if not FIRST <= month <= timezone.localdate():
            raise ValidationError(gettext("This month has not come yet."))
        return month


class PlaceForm(forms.Form):
    """A council of the reader's, by name or code; her own where nothing is written."""

    place = forms.CharField(
        label=_("Of which council"), required=False, max_length=60, widget=forms.TextInput(attrs={"list": "places"}),
        help_text=_("Name of a township or a village; your own place if left empty."),
    )  # fmt: skip

    def __init__(self, user: Any, *args: Any, **options: Any) -> None:
        super().__init__(*args, **options)
        self.user = user
        if user.council.is_village:
            del self.fields["place"]

    @property
    def offered(self) -> list[str]:
        """Names to pick from: the councils directly below the reader's."""
        below = Council.objects.visible_to(self.user).filter(parent=self.user.council.code, closed=None)
        return [str(each) for each in below]

    def clean_place(self) -> Council:
        return place_called(self.cleaned_data["place"], self.user)

    @property
    def council(self) -> Council:
        """What was chosen, with those above it."""
        found: Council = self.cleaned_data.get("place") or self.user.council
        return found


class PeriodForm(PlaceForm):
    """A place, and the month, quarter or year in which a month lies."""

    kind = forms.ChoiceField(label=_("Kind of report"), choices=ReportKind.choices)
    month = MonthField(label=_("The period in which this month lies"))

    @property
    def period(self) -> Period:
        return PERIODS[self.cleaned_data["kind"]](self.cleaned_data["month"])


class DayForm(PlaceForm):
    """A place, and the day until which is counted."""

    day = day_field(_("As of"))

    def clean_day(self) -> date:
        day: date = self.cleaned_data["day"]
        if not FIRST <= day <= timezone.localdate():
            raise ValidationError(gettext("This day has not come yet."))
        return day


class UploadForm(DayForm):
    """A form from above, to be filled in for a place and a day."""

    file = forms.FileField(label=_("Excel workbook (.xlsx) with marks"))


def place_called(name: str, user: Any) -> Council:
    """The council of hers that is called so. Raises ValidationError in words."""
    text = name.strip()
    if not text or text in (user.council.code, user.council.name, user.council.short_name):
        own: Council = user.council
        return own
    try:
        found = Places(user).find(text, None, (Level.TOWNSHIP, *VILLAGES))
    except Ambiguous as fault:
        where = "、".join(f"{each.parent_id} {each}" for each in fault.which[:5])
        raise ValidationError(
            gettext("Several places are called so. Write its code: %(which)s") % {"which": where}
        ) from fault
    except (NotFound, OutOfScope) as fault:
        near = "、".join(getattr(fault, "near", []))
        hint = gettext("Did you mean %(near)s?") % {"near": near} if near else ""
        raise ValidationError(gettext("No place of yours is called so.") + hint) from fault
    if not found.code.startswith(user.council.code):  # one that stands above her
        raise ValidationError(gettext("No place of yours is called so."))
    return found
