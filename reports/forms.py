"""One record of work on a form: the fields that its kind needs and no others, out of the catalogue of kinds."""

import uuid
from datetime import timedelta
from typing import Any

from django import forms
from django.core.exceptions import ValidationError
from django.db.models import Q
from django.utils import timezone
from django.utils.datastructures import MultiValueDict
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from councils.deeds import day_field
from councils.models import Council, Zone
from cunsao import pictures
from members.models import Membership
from reports import activities, photos
from reports.activities import WorkRefused
from reports.entering import Entry
from reports.kinds import KINDS, Kind, Particular
from reports.models import Activity, Source
from reports.models.activity import MOST
from reports.models.photo import MOST_PHOTOS

LEFT = timedelta(days=92)  # so long are members offered who are members no more: work is entered afterwards
SAID_AS = {"zone_id": "zone"}  # what a rule calls otherwise than the form


class PhotosInput(forms.FileInput):
    """Several pictures at once."""

    allow_multiple_selected = True

    def value_from_datadict(self, data: Any, files: Any, name: str) -> list[Any]:
        return files.getlist(name) if isinstance(files, MultiValueDict) else []

    def value_omitted_from_data(self, data: Any, files: Any, name: str) -> bool:
        return name not in files


class PhotosField(forms.Field):
    widget = PhotosInput(attrs={"accept": pictures.ACCEPTED, "multiple": True})

    def clean(self, value: Any) -> list[Any]:
        return list(value or ())


class WorkForm(forms.Form):
    """One record of `kind` in `village`; of `record`, if one is mended. `client_key` makes twice sent once stored."""

    client_key = forms.UUIDField(widget=forms.HiddenInput)
    version = forms.IntegerField(widget=forms.HiddenInput, required=False)
    day = day_field(gettext_lazy("Day"))
    members = forms.MultipleChoiceField(label=gettext_lazy("Who did it"), widget=forms.CheckboxSelectMultiple)
    quantity = forms.IntegerField(
        label=gettext_lazy("How many"), min_value=1, max_value=MOST, initial=1,
        widget=forms.NumberInput(attrs={"inputmode": "numeric"}),
    )  # fmt: skip
    household = forms.CharField(label=gettext_lazy("Head of household"), max_length=60)
    zone: Any = forms.ModelChoiceField(label=gettext_lazy("Grid zone"), queryset=None, required=False)
    place = forms.CharField(label=gettext_lazy("Place"), max_length=60, required=False)
    text = forms.CharField(
        label=gettext_lazy("In words"), max_length=1000, required=False, widget=forms.Textarea(attrs={"rows": 3})
    )
    photos = PhotosField(label=gettext_lazy("Photos"), required=False)

    def __init__(
        self, kind: Kind, village: Council, user: Any, typed: Any = None, files: Any = None,
        record: Activity | None = None,
    ) -> None:  # fmt: skip
        self.kind, self.village, self.user, self.record = kind, village, user, record
        super().__init__(typed, files, initial={"client_key": uuid.uuid4()} | (said_of(record) if record else {}))
        if not record:
            self.fields["day"].initial = timezone.localdate()
        self.fields["day"].widget.attrs["max"] = f"{timezone.localdate():%Y-%m-%d}"
        self._offer_people()
        self._ask_what_the_kind_asks()

    @property
    def particulars(self) -> list[Any]:
        return [self[f"p-{each.key}"] for each in self.kind.particulars]

    def save(self) -> Activity:
        """The record as it stands now. Raises WorkRefused."""
        said = self.cleaned_data
        members, particulars = [int(key) for key in said["members"]], self._said_particulars()
        zone = said["zone"].pk if said["zone"] else None
        if self.record is not None:
            return activities.change(
                self.record, self.user, said["version"] or 0, members, day=said["day"], kind=self.kind.key,
                quantity=said["quantity"], household=said.get("household", ""), place=said["place"], text=said["text"],
                particulars=particulars, zone_id=zone,
            )  # fmt: skip
        entry = Entry(
            self.village.pk, said["day"], self.kind.key, members, said["quantity"], zone, said.get("household", ""),
            said["place"], said["text"], particulars, said["client_key"],
        )  # fmt: skip
        return activities.record(entry, self.user, Source.PAGE)

    def keep_photos(self, activity: Activity) -> list[str]:
        """Keeps the pictures beside the record; why one was not taken, in a sentence each."""
        return photos.keep_all(activity, self.cleaned_data["photos"], self.user, self.cleaned_data["client_key"])

    def tell(self, refusal: WorkRefused) -> None:
        """Puts a rule's sentence beside its field."""
        name = SAID_AS.get(refusal.field, refusal.field)
        self.add_error(name if name in self.fields else None, str(refusal))

    def clean(self) -> dict[str, Any]:
        said: dict[str, Any] = super().clean() or self.cleaned_data
        for particular in self.kind.particulars:
            try:
                particular.read(said.get(f"p-{particular.key}"))
            except ValidationError as fault:
                self.add_error(f"p-{particular.key}", fault)
        there = self.record.photos.count() if self.record else 0
        if len(said.get("photos", ())) + there > MOST_PHOTOS:
            self.add_error("photos", _("An activity has six photos at most."))
        return said

    def _offer_people(self) -> None:
        members: Any = self.fields["members"]
        members.choices = people_of(self.village, self.record)
        zone: Any = self.fields["zone"]
        zone.queryset = Zone.objects.filter(village=self.village, closed=None)

    def _ask_what_the_kind_asks(self) -> None:
        kind = self.kind
        quantity = self.fields["quantity"]
        quantity.label = _("How many (%(unit)s)") % {"unit": kind.unit.label}
        if kind.household:
            quantity.widget, quantity.initial = forms.HiddenInput(), 1
        else:
            del self.fields["household"]
        for each in kind.particulars:
            self.fields[f"p-{each.key}"] = _field_of(each)
        if self.record:
            for key, value in self.record.particulars.items():
                self.initial[f"p-{key}"] = value

    def _said_particulars(self) -> dict[str, Any]:
        return {each.key: self.cleaned_data.get(f"p-{each.key}", "") for each in self.kind.particulars}


class PhoneForm(forms.Form):
    """The usual case in ten seconds: who, what, how many, a photo. Kinds that need more have the form of their role."""

    client_key = forms.UUIDField(widget=forms.HiddenInput)
    members = forms.MultipleChoiceField(label=gettext_lazy("Who did it"), widget=forms.CheckboxSelectMultiple)
    kind = forms.ChoiceField(label=gettext_lazy("What was done"), widget=forms.RadioSelect)
    quantity = forms.IntegerField(label=gettext_lazy("How many"), min_value=1, max_value=MOST, initial=1)
    photos = PhotosField(label=gettext_lazy("Photos"), required=False)
    day = day_field(gettext_lazy("Day"))
    place = forms.CharField(label=gettext_lazy("Place"), max_length=60, required=False)
    text = forms.CharField(
        label=gettext_lazy("In words"), max_length=1000, required=False, widget=forms.Textarea(attrs={"rows": 2})
    )

    def __init__(self, village: Council, user: Any, typed: Any = None, files: Any = None) -> None:
        self.village, self.user = village, user
        super().__init__(typed, files, initial={"client_key": uuid.uuid4(), "day": timezone.localdate()})
        members: Any = self.fields["members"]
        members.choices = people_of(village)
        kind: Any = self.fields["kind"]
        kind.choices = [(each.key, each.label) for each in KINDS.values() if each.in_sheet]

    def save(self) -> Activity:
        """The record, stored once however often it is sent. Raises WorkRefused."""
        said = self.cleaned_data
        entry = Entry(
            self.village.pk, said["day"], said["kind"], [int(key) for key in said["members"]], said["quantity"],
            place=said["place"], text=said["text"], client_key=said["client_key"],
        )  # fmt: skip
        return activities.record(entry, self.user, Source.PHONE)

    def faults(self) -> str:
        """What is wrong, in one line."""
        named = [(self.fields[name].label if name in self.fields else "", each) for name, each in self.errors.items()]
        said = [(label, " ".join(map(str, sentences))) for label, sentences in named]
        return " ".join(f"{label}: {sentence}" if label else sentence for label, sentence in said)


def people_of(village: Council, record: Activity | None = None) -> list[tuple[int, str]]:
    """The village's members by name, who left lately too, and who stands in the record."""
    today = timezone.localdate()
    theirs = Q(end=None) | Q(end__gte=today - LEFT)
    if record:
        theirs |= Q(member__in=record.taking_part.values("member"))
    ours = Membership.objects.filter(theirs, village=village, start__lte=today)
    return list(dict.fromkeys(ours.order_by("member__pinyin", "member").values_list("member", "member__name")))


def said_of(record: Activity) -> dict[str, Any]:
    """A record as its form shows it at first."""
    return {
        "version": record.version, "day": record.day, "quantity": record.quantity, "household": record.household,
        "members": list(record.taking_part.order_by("pk").values_list("member", flat=True)), "zone": record.zone_id,
        "place": record.place, "text": record.text,
    }  # fmt: skip


def _field_of(particular: Particular) -> forms.Field:
    """What is stored is read by the kind itself; the field only asks."""
    if particular.choices:
        choices = [("", _("not said"))] if not particular.required else [("", "—")]
        return forms.ChoiceField(
            label=particular.label, required=particular.required, choices=[*choices, *particular.choices.items()]
        )
    if particular.number:
        return forms.CharField(
            label=particular.label, required=particular.required, max_length=5,
            widget=forms.TextInput(attrs={"inputmode": "numeric"}),
        )  # fmt: skip
    return forms.CharField(label=particular.label, required=particular.required, max_length=particular.longest)
