"""Sign-in, first password, the upload of a list, and the forms that reshape the tree."""

from collections import defaultdict
from typing import Any

from django import forms
from django.contrib.admin.forms import AdminAuthenticationForm
from django.contrib.auth.forms import SetPasswordForm
from django.core.exceptions import ValidationError
from django.urls import reverse
from django.utils.translation import gettext
from django.utils.translation import gettext_lazy as _

from councils import audit, tree
from councils.deeds import DeedForm, Preview, day_field
from councils.models import BELOW, VILLAGES, Action, Council, Level, User
from councils.tree_rules import free_code
from cunsao import workbook
from cunsao.security import address


class SignInForm(AdminAuthenticationForm):
    """One answer for a wrong name, a wrong password, a closed account and a locked name."""

    error_messages = {
        "invalid_login": _(
            "User name or password is not right. After five wrong tries a name is locked for 15 minutes; wait, "
            "or ask your system administrator for a new password."
        ),
        "inactive": _(
            "User name or password is not right. After five wrong tries a name is locked for 15 minutes; wait, "
            "or ask your system administrator for a new password."
        ),
    }

    def clean(self) -> dict[str, Any]:
        try:
            cleaned = super().clean()
        except ValidationError:
            # Only for a name that exists: what else was typed may be a password.
            if account := User.objects.filter(username=self.cleaned_data.get("username", "")).first():
                audit.note(Action.SIGN_IN_REFUSED, account, account.council_id)
            raise
        if account := self.get_user():
            audit.note(
                Action.SIGNED_IN,
                account,
                account.council_id,
                actor=audit.Actor(account.pk, account.username, address(self.request) if self.request else ""),
            )
        return cleaned


class FirstPasswordForm(SetPasswordForm):
    """The password nobody else knows."""

    def clean_new_password2(self) -> str:
        password: str = self.cleaned_data.get("new_password2", "")
        if self.user.check_password(password):
            raise ValidationError(gettext("This is the password you were given. Think of one of your own."))
        return password

    def save(self, commit: bool = True) -> Any:
        self.user.must_change_password = False
        return super().save(commit)


class UploadForm(forms.Form):
    """A file, and whether it is said to be whole, and of what."""

    PART, NAMED = "", "named"

    file = forms.FileField(
        label=_("File"), allow_empty_file=True,  # the reader says it better
        error_messages={"required": _("Choose a file first.")},
        widget=forms.FileInput(attrs={"accept": ".xlsx,.xlsm,.xls,.et,.csv,.txt"}),
    )  # fmt: skip
    whole = forms.ChoiceField(
        label=_("Is the list whole?"), required=False,
        help_text=_("Of a whole list you are told who is missing from it. Nothing is done about them."),
    )  # fmt: skip

    def __init__(self, user: User, finds_absent: bool, *args: Any, **options: Any) -> None:
        super().__init__(*args, **options)
        # So that the browser says it before twenty minutes of uploading
        limit = {"data-most": workbook.MOST_UPLOADED, "data-too-large": workbook.over_cap().message}
        self.fields["file"].widget.attrs |= limit
        if not finds_absent:
            del self.fields["whole"]
            return
        visible = Council.objects.visible_to(user).filter(closed=None).exclude(level__in=VILLAGES)
        self.places = {each.code: each for each in visible} or {user.council.code: user.council}
        offered = [(code, gettext("All of %(place)s") % {"place": place}) for code, place in self.places.items()]
        field = self.fields["whole"]
        assert isinstance(field, forms.ChoiceField)  # noqa: S101 - says to the type checker what the class declares
        field.choices = [
            (self.PART, gettext("No, only some people")),
            (self.NAMED, gettext("Yes, of all villages in it")),
            *offered,
        ]

    @property
    def place(self) -> Council | None:
        """Of which council the list is whole, where one was chosen."""
        return self.places.get(self.cleaned_data["whole"]) if "whole" in self.fields else None


class TreeDeedForm(DeedForm):
    """A form that says what is to be done to one council."""

    permission = "councils.reshape_council"

    def deed(self) -> tree.Deed:
        raise NotImplementedError

    def look(self) -> Preview:
        return self.deed().look()

    def do(self) -> str:
        self.subject = tree.carry_out(self.deed())
        return gettext("Done: %(name)s.") % {"name": self.subject}

    def home(self) -> str:
        return reverse("council", args=[self.subject.code])

    def place(self) -> Council:
        council: Council = self.subject
        return council


class CreateForm(TreeDeedForm):
    title = _("Add a council below")
    level = forms.ChoiceField(label=_("Level"))
    code = forms.CharField(
        label=_("Official code"), max_length=12, help_text=_("Begins with the code of the council above.")
    )
    name = forms.CharField(label=_("Name"), max_length=60)
    short_name = forms.CharField(label=_("Short name"), max_length=30, required=False)
    opened = day_field(_("Opened on"), required=False)

    def prepare(self) -> None:
        self.offer("level", [(level, level.label) for level in BELOW[Level(self.subject.level)]])
        self.fields["code"].initial = self.subject.code

    def deed(self) -> tree.Deed:
        said = self.cleaned_data
        return tree.Create(Level(said["level"]), said["code"], said["name"], said["opened"], said["short_name"])


class RenameForm(TreeDeedForm):
    title = _("Change name or code")
    explained = _("The old name and the old code are kept: the council is still found by them.")
    name = forms.CharField(label=_("Name"), max_length=60)
    short_name = forms.CharField(label=_("Short name"), max_length=30, required=False)
    code = forms.CharField(label=_("Official code"), max_length=12)
    day = day_field(_("From which day"))

    def prepare(self) -> None:
        for name in ("name", "short_name", "code"):
            self.fields[name].initial = getattr(self.subject, name)

    def deed(self) -> tree.Deed:
        said = self.cleaned_data
        return tree.Rename(self.subject.code, said["name"], said["code"], said["day"], said["short_name"])


class MoveForm(TreeDeedForm):
    title = _("Move to another township")
    explained = _("Zones, members and accounts come along. The village gets a new official code.")
    into: Any = forms.ModelChoiceField(label=_("New township"), queryset=None, to_field_name="code")
    code = forms.CharField(
        label=_("New official code"), max_length=12, required=False,
        help_text=_(
            "Leave it empty to see the next free code of that township; change it if the official one differs."
        ),
    )  # fmt: skip
    day = day_field(_("From which day"))

    def prepare(self) -> None:
        townships = self.visible.at_level(Level.TOWNSHIP).filter(closed=None).exclude(code=self.subject.code[:9])
        self.offer("into", townships)

    def clean(self) -> dict[str, Any]:
        said = super().clean() or self.cleaned_data
        if said.get("into") and not said.get("code"):
            said["code"] = free_code(said["into"], self.subject.code)
            self.data = {**self.data.dict(), "code": said["code"]}  # type: ignore[attr-defined]
        return said

    def deed(self) -> tree.Deed:
        said = self.cleaned_data
        return tree.Move(self.subject.code, said["into"].code, said["code"], said["day"])


class CloseForm(TreeDeedForm):
    title = _("Close this council")
    explained = _("It stays in every record of the time before. Use “merge” if another village takes over its people.")
    day = day_field(_("From which day"))

    def deed(self) -> tree.Deed:
        return tree.Close(self.subject.code, self.cleaned_data["day"])


class MergeForm(TreeDeedForm):
    title = _("Merge into another village")
    explained = _("Everything that belongs to this village moves to the other one. Nothing is deleted.")
    kept = forms.ChoiceField(label=_("The village that stays"))
    day = day_field(_("From which day"))

    def prepare(self) -> None:
        """Villages by township, her own township first."""
        own = self.subject.code[:9]
        groups: dict[str, list[tuple[str, str]]] = defaultdict(list)
        names: dict[str, str] = {}
        for each in self.visible.filter(closed=None).exclude(pk=self.subject.pk):
            if each.level in VILLAGES:
                groups[each.code[:9]].append((each.code, f"{each} ({each.code})"))
            else:
                names[each.code] = str(each)
        ordered = sorted(groups, key=lambda code: (code != own, code))
        self.offer("kept", [("", "––––"), *((names.get(code, code), groups[code]) for code in ordered)])

    def deed(self) -> tree.Deed:
        return tree.Merge(self.subject.code, self.cleaned_data["kept"], self.cleaned_data["day"])


DEEDS: dict[str, type[TreeDeedForm]] = {
    "create": CreateForm, "rename": RenameForm, "move": MoveForm, "close": CloseForm, "merge": MergeForm,
}  # fmt: skip


def deeds_for(council: Council) -> list[str]:
    """The deeds that make sense for a council as it stands."""
    if not council.is_open:
        return ["rename"]
    if council.is_village:
        return ["rename", "move", "merge", "close"]
    return ["create", "rename"] + (["close"] if council.level == Level.TOWNSHIP else [])
