"""Two columns a personal number: one holds it sealed, the other its fingerprint to find it by.

    phone = EncryptedTextField(_("phone"), null=True, blank=True, mask=masks.masked_phone, reading=numbers.phone)
    phone_print = FingerprintField(of="phone", null=True)
    ...filter(phone_print=fingerprint("13800000000", "phone"))

`update()` and `bulk_update()` do not fill a fingerprint, and `save(update_fields=[...])` must name both columns.
"""

from collections.abc import Callable, Iterable
from typing import Any, NoReturn

from django import forms
from django.core import checks
from django.core.exceptions import FieldError, ValidationError
from django.db import models
from django.db.models.query_utils import DeferredAttribute
from django.utils.translation import gettext_lazy as _

from cunsao.personal_data import cipher, masks
from cunsao.personal_data.secret import Mask, Secret

Reading = Callable[[str], str]  # a typed text to its normal form; raises ValidationError
MASKED = _("This is a masked number. Type the whole number, or leave it as it was.")


def prepared(
    field: "EncryptedTextField | FingerprintField", values: Iterable[str | Secret | None]
) -> list[bytes | None]:
    """What the column of `field` stores for `values`, in their order; a fingerprint's values are those of its source.

    For bulk writing that goes round save(). The texts are taken as they are: normalise them first.
    """
    of_one, of_text = field.encoder(), field.text_encoder()
    return [(of_text(value) if isinstance(value, str) else of_one(value)) if value else None for value in values]


class SecretAttribute(DeferredAttribute):
    """Wraps what is assigned, so that no plain number ever stands on an instance."""

    def __set__(self, instance: models.Model, value: object) -> None:
        instance.__dict__[self.field.attname] = self.field.to_python(value)


class EncryptedTextField(models.BinaryField):
    """A text stored sealed; in Python a Secret, or None where there is none (an empty text is none).

    `mask` shows it; `reading` normalises and checks what a form or clean() is given. Neither concerns the table, so
    migrations do not know them. Values are bound to `context`, by default app.model.column: before a model or a column
    is renamed, its old name must be given here, or nothing opens any more.
    """

    empty_strings_allowed = False
    empty_values = [None, "", b""]
    descriptor_class = SecretAttribute

    def __init__(
        self, *args: Any, mask: Mask = masks.hidden, reading: Reading | None = None, context: str = "", **kwargs: Any
    ) -> None:
        kwargs.setdefault("editable", True)
        super().__init__(*args, **kwargs)
        self.mask, self.reading, self.given_context = mask, reading, context

    def contribute_to_class(self, cls: type[models.Model], name: str, private_only: bool = False) -> None:
        super().contribute_to_class(cls, name, private_only)
        self.context = self.given_context or f"{cls._meta.label_lower}.{name}"

    def deconstruct(self) -> tuple[str, str, list[Any], dict[str, Any]]:
        name, path, args, kwargs = super().deconstruct()
        kwargs.pop("editable", None)
        if not self.editable:
            kwargs["editable"] = False
        if self.given_context:
            kwargs["context"] = self.given_context
        return name, path, list(args), kwargs

    def check(self, **kwargs: Any) -> list[checks.CheckMessage]:
        found = super().check(**kwargs)
        if self.unique or self.db_index:  # type: ignore[attr-defined]
            hint = "Put unique=True on a FingerprintField of it."
            found.append(
                checks.Error("The same text is sealed differently each time.", hint, self, "personal_data.E001")
            )
        return found

    # Values

    def to_python(self, value: object) -> Secret | None:
        if isinstance(value, Secret):
            return value.masked_by(self.mask)
        if value is None or isinstance(value, str):
            text = (value or "").strip()
            if masks.is_mask(text):
                raise ValidationError(MASKED, code="masked")
            return Secret(text, self.mask) if text else None
        raise TypeError(f"{self.name} takes a text or a Secret, not {type(value).__name__}.")

    def clean(self, value: Any, model_instance: models.Model | None) -> Secret | None:
        secret = self.to_python(value)
        if secret and self.reading and not secret.is_stored:
            secret = Secret(self.reading(secret.clear), self.mask)
        return super().clean(secret, model_instance)

    def run_validators(self, value: Any) -> None:
        super().run_validators(value.clear if isinstance(value, Secret) else value)

    def value_to_string(self, obj: models.Model) -> str:
        """The mask: serialised rows are for reading, never a backup."""
        secret = self.to_python(self.value_from_object(obj))
        return "" if secret is None else str(secret)

    # Table

    def from_db_value(self, value: bytes | None, expression: object, connection: object) -> Secret | None:
        return None if value is None else Secret.of_column(bytes(value), self.context, self.mask)

    def get_prep_value(self, value: Any) -> bytes | None:
        secret = self.to_python(value)
        return None if secret is None else secret.sealed_for(self.context)

    def encoder(self) -> Callable[[str | Secret], bytes]:
        seal, context = self.text_encoder(), self.context
        return lambda value: value.sealed_for(context) if isinstance(value, Secret) else seal(value)

    def text_encoder(self) -> Callable[[str], bytes]:
        return cipher.sealer(self.context)

    def get_lookup(self, lookup_name: str) -> Any:
        return super().get_lookup(lookup_name) if lookup_name == "isnull" else _refuse()

    def get_transform(self, lookup_name: str) -> NoReturn:
        _refuse()

    # Form

    def formfield(self, form_class: Any = None, choices_form_class: Any = None, **kwargs: Any) -> forms.Field | None:
        given = {"mask": self.mask, "reading": self.reading} | kwargs
        return super().formfield(form_class or SecretFormField, choices_form_class, **given)


class FingerprintField(models.BinaryField):
    """32 bytes by which the number in the field `of` is found; filled from it by save() and clean(), never by hand.

    Fields of the same `purpose` (by default the source's name) give the same number the same fingerprint.
    """

    empty_strings_allowed = False

    def __init__(self, *args: Any, of: str, purpose: str = "", **kwargs: Any) -> None:
        kwargs["editable"] = False
        super().__init__(*args, **kwargs)
        self.of, self.purpose = of, purpose or of

    def deconstruct(self) -> tuple[str, str, list[Any], dict[str, Any]]:
        name, path, args, kwargs = super().deconstruct()
        kwargs["of"] = self.of
        if self.purpose != self.of:
            kwargs["purpose"] = self.purpose
        return name, path, list(args), kwargs

    def pre_save(self, model_instance: models.Model, add: bool) -> bytes | None:
        source = getattr(model_instance, self.of)
        value = cipher.fingerprint(source.clear, self.purpose) if source else None
        setattr(model_instance, self.attname, value)
        return value

    def clean(self, value: Any, model_instance: models.Model | None) -> Any:
        # Models that are cleaned by themselves meet their unique constraints with the value that save() will write.
        return value if model_instance is None else self.pre_save(model_instance, add=False)

    def from_db_value(self, value: bytes | None, expression: object, connection: object) -> bytes | None:
        return None if value is None else bytes(value)

    def get_prep_value(self, value: Any) -> bytes | None:
        if value is not None and not isinstance(value, bytes):
            raise TypeError(f"{self.name} is searched by fingerprint(), not by {type(value).__name__}.")
        return value

    def encoder(self) -> Callable[[str | Secret], bytes]:
        of_text = self.text_encoder()
        return lambda value: of_text(value.clear if isinstance(value, Secret) else value)

    def text_encoder(self) -> Callable[[str], bytes]:
        return cipher.fingerprinter(self.purpose)

    def get_lookup(self, lookup_name: str) -> Any:
        return super().get_lookup(lookup_name) if lookup_name in {"exact", "in", "isnull"} else _refuse()


class SecretFormField(forms.CharField):
    """Shows a stored number's mask; the mask sent back unchanged keeps the number, an empty field removes it."""

    def __init__(self, *, mask: Mask = masks.hidden, reading: Reading | None = None, **kwargs: Any) -> None:
        kwargs.setdefault("widget", forms.TextInput(attrs={"autocomplete": "off"}))
        kwargs["empty_value"] = None
        super().__init__(**kwargs)
        self.mask, self.reading = mask, reading

    def prepare_value(self, value: Any) -> Any:
        return str(value) if isinstance(value, Secret) else value

    def to_python(self, value: Any) -> Any:
        if value is None or isinstance(value, Secret):
            return value
        text = super().to_python(value)
        if text is None:
            return None
        if masks.is_mask(text):
            raise ValidationError(MASKED, code="masked")
        return Secret(self.reading(text) if self.reading else text, self.mask)

    def run_validators(self, value: Any) -> None:
        super().run_validators(value.clear if isinstance(value, Secret) else value)

    def has_changed(self, initial: Any, data: Any) -> bool:
        return not _is_kept(initial, data) and super().has_changed(initial, data)

    def _clean_bound_field(self, bf: forms.BoundField) -> Any:
        return bf.initial if self.disabled or _is_kept(bf.initial, bf.data) else self.clean(bf.data)


def _is_kept(stored: Any, sent: Any) -> bool:
    return isinstance(stored, Secret) and isinstance(sent, str) and sent.strip() == str(stored)


def _refuse() -> NoReturn:
    raise FieldError("A personal number is not searched or compared: filter its whole fingerprint.")
