"""How the cells of ledgers are read: each widget knows the text that exports write and the value that a record has."""

import re
from collections.abc import Collection, Mapping, Sequence
from datetime import date
from decimal import Decimal
from typing import Any

from django.core.exceptions import ValidationError
from import_export.widgets import Widget

from councils.intake import widgets
from councils.intake.widgets import NOTHING, line_of
from cunsao.personal_data import NumberRefused, masks
from cunsao.workbook import Cell
from cunsao.workbook.cells import amount, day, whole_number
from cunsao.workbook.writing import Kind

BETWEEN = re.compile(r"[、，,;；/\s]+")
RECORD = re.compile(r"([A-Z]{2})0*(\d{1,18})")


class Valued(Widget):
    """Cell → text by `clean`, text → a record's value by `value`, and back by `word`. Empty text is `nothing`."""

    kind: Kind = "text"  # of the column that exports write
    nothing: Any = None

    def value(self, text: str) -> Any:
        return text or self.nothing

    def word(self, value: Any) -> str:
        return "" if value is None else str(value)

    def exported(self, value: Any) -> Any:
        """What stands in an export's cell."""
        return self.word(value)


class Text(Valued, widgets.TextWidget):
    nothing = ""


class Name(Valued, widgets.NameWidget):
    nothing = ""


class Choice(Valued, widgets.ChoiceWidget):
    """One of a model's choices; the first word of each is what exports write."""

    nothing = ""

    def value(self, text: str) -> str:
        return widgets.ChoiceWidget.value(self, text)

    def word(self, value: Any) -> str:
        return widgets.ChoiceWidget.word(self, value)


class Choices(Valued):
    """Several of a model's choices in one cell, kept as one text between commas; `whole` is a word for all of them."""

    def __init__(self, words: Mapping[str, Sequence[str]], whole: Sequence[str] = ()) -> None:
        super().__init__()
        self.one, self.whole = Choice(words), whole

    def clean(self, value: Any, row: Any = None, **options: Any) -> str:
        said = line_of(value, "invalid_choice")
        if said in self.whole:
            return self.word(",".join(self.one.words))
        return self._listed({self.one.clean(part) for part in BETWEEN.split(said) if part})

    def value(self, text: str) -> str:
        return ",".join(self.one.value(part) for part in text.split("、") if part)

    def word(self, value: Any) -> str:
        return self._listed({self.one.word(part) for part in value.split(",")})

    def _listed(self, words: Collection[str]) -> str:
        """In the order of the model's choices, so that the same choices are the same text."""
        return "、".join(known[0] for known in self.one.words.values() if known[0] in words)


class Yes(Choice):
    """Whether something is so."""

    def __init__(self) -> None:
        super().__init__({"yes": ["是", "在聘", "有"], "no": ["否", "不再聘", "无"]})

    def value(self, text: str) -> Any:
        return super().value(text) == "yes"

    def word(self, value: Any) -> str:
        return super().word("yes" if value else "no")


class Day(Valued):
    """A day; whether it may lie in the future is the record's to say."""

    kind: Kind = "day"
    month_alone = False

    def clean(self, value: Any, row: Any = None, **options: Any) -> str:
        if isinstance(value, str) and value.strip() in NOTHING:
            return ""
        try:
            return day(value, month_alone=self.month_alone).isoformat()
        except ValueError as fault:
            raise ValidationError(str(fault), code="invalid_date") from fault

    def value(self, text: str) -> date | None:
        return date.fromisoformat(text) if text else None

    def exported(self, value: Any) -> Any:
        return value


class Month(Day):
    """A day, or a month as its first."""

    month_alone = True


class Amount(Valued):
    """Yuan, or any quantity with two places."""

    kind: Kind = "amount"

    def clean(self, value: Any, row: Any = None, **options: Any) -> str:
        return _quantity(value, amount)

    def value(self, text: str) -> Decimal | None:
        return Decimal(text) if text else None

    def word(self, value: Any) -> str:
        return "" if value is None else f"{value:.2f}"

    def exported(self, value: Any) -> Any:
        return value


class Hours(Amount):
    """Hours with one place; more places stay, for the record to refuse."""

    def value(self, text: str) -> Decimal | None:
        said = super().value(text)
        return said if said is None or said % Decimal("0.1") else round(said, 1)


class Count(Valued):
    """A whole number from `least` on; "年" or another unit behind it is read over."""

    kind: Kind = "number"

    def __init__(self, least: int = 0, most: int = 10**9, units: str = "") -> None:
        super().__init__()
        self.least, self.most, self.units = least, most, units

    def clean(self, value: Any, row: Any = None, **options: Any) -> str:
        if isinstance(value, str):
            value = value.strip().rstrip(self.units)
        said = _quantity(value, whole_number)
        if said and not self.least <= int(said) <= self.most:
            raise widgets.refuse("out_of_range", least=self.least, most=self.most)
        return said

    def value(self, text: str) -> int | None:
        return int(text) if text else None

    def exported(self, value: Any) -> Any:
        return value


class RecordNumber(Valued):
    """By which an export's row is known again: two letters of the ledger and the record's own number."""

    def clean(self, value: Any, row: Any = None, **options: Any) -> str:
        said = line_of(value, "unknown_record").upper()
        return "" if said in NOTHING else said


class MemberNumber(widgets.NationalIdWidget):
    """An ID number; a masked one stays as it is, and counts where the record number says whose it is."""

    def clean(self, value: Any, row: Any = None, **options: Any) -> str:
        if isinstance(value, str) and masks.is_mask(value):
            return value.strip()
        return super().clean(value, row, **options)

    def read(self, value: Any, **options: Any) -> str:
        """Also of a man or a child, who may be a villager: that it is no member's number is told where it counts."""
        try:
            return super().read(value, **options)
        except NumberRefused as refusal:
            if refusal.code in ("not_female", "under_age"):
                return line_of(value, "invalid_id").replace(" ", "").upper()
            raise


def _quantity(cell: Cell, reading: Any) -> str:
    if isinstance(cell, str) and cell.strip() in NOTHING:
        return ""
    try:
        return str(reading(cell))
    except ValueError as fault:
        raise ValidationError(str(fault), code="invalid_number") from fault
