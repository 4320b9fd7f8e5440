"""Admission of a woman, and change of her record."""

from typing import Any

from django import forms
from django.core.exceptions import ValidationError
from django.utils import timezone
from django.utils.translation import gettext
from django.utils.translation import gettext_lazy as _

from councils.deeds import day_field
from councils.models import VILLAGES, Council, User, Zone
from cunsao.personal_data import bank_account, fingerprint
from cunsao.personal_data.secret import Secret
from members import joining
from members.models import Member, Position
from members.refusing import elsewhere


class Doubting:
    """A form with numbers that are taken though something speaks against them."""

    cleaned_data: dict[str, Any]
    changed_data: list[str]

    def doubts(self) -> list[str]:
        """What to compare again, in sentences, of the numbers that were typed."""
        account = self.cleaned_data.get("bank_account") if "bank_account" in self.changed_data else None
        doubt = bank_account(account.clear).doubt if account else None
        return [doubt.message] if doubt else []


class MemberForm(Doubting, forms.ModelForm):
    class Meta:
        model = Member
        fields = [
            "name", "national_id", "phone", "bank_name", "bank_account", "political_status", "education", "ethnicity",
            "remark",
        ]  # fmt: skip

    def clean_national_id(self) -> Secret:
        """One record a number, in the whole county; who has it is not said."""
        number: Secret = self.cleaned_data["national_id"]
        same = Member.objects.filter(national_id_print=fingerprint(number.clear, "national_id"))
        if same.exclude(pk=self.instance.pk).exists():
            raise ValidationError(str(elsewhere()))
        return number


class AdmitForm(Doubting, forms.ModelForm):
    """A woman who becomes a member, or comes back."""

    village: Any = forms.ModelChoiceField(label=_("Village"), queryset=None)
    zone: Any = forms.ModelChoiceField(
        label=_("Grid zone"), queryset=None, required=False, help_text=_("Can be given later on her page.")
    )
    position = forms.ChoiceField(label=_("Position"), choices=Position, initial=Position.MEMBER)
    joined_on = day_field(_("Joined on"))

    class Meta(MemberForm.Meta):
        pass

    def __init__(self, user: User, village: Council | None, *args: Any, **options: Any) -> None:
        super().__init__(*args, **options)
        self.user = user
        villages: Any = self.fields["village"]
        villages.queryset = Council.objects.visible_to(user).at_level(*VILLAGES).filter(closed=None)
        zones: Any = self.fields["zone"]
        zones.queryset = Zone.objects.visible_to(user).filter(village=village, closed=None)
        if village is None:  # whose zones are not known before it is chosen
            del self.fields["zone"]
        villages.initial = village
        self.fields["joined_on"].initial = timezone.localdate()

    def clean_joined_on(self) -> Any:
        day = self.cleaned_data["joined_on"]
        if day > timezone.localdate():
            raise ValidationError(gettext("The day lies in the future. Enter it when the day has come."))
        return day

    def admit(self) -> int:
        """Her key. Raises JoiningRefused."""
        said = self.cleaned_data
        zone = said.get("zone")
        row = joining.Admission(
            name=said["name"], national_id=said["national_id"].clear, phone=_clear(said["phone"]),
            village_id=said["village"].pk, zone_id=zone.pk if zone else None, position=said["position"],
            political_status=said["political_status"], education=said["education"], ethnicity=said["ethnicity"],
            joined_on=said["joined_on"], bank_name=said["bank_name"], bank_account=_clear(said["bank_account"]),
            remark=said["remark"],
        )  # fmt: skip
        done = joining.admit([row], said["joined_on"], self.user)
        if done.refused:
            raise done.refused[0]
        return (done.created | done.returned)[0]

    def _post_clean(self) -> None:
        """The instance is not what is saved, so nothing is put into it: admit() looks for duplicates itself."""


def _clear(number: Secret | None) -> str | None:
    return number.clear if number else None
