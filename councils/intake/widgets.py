"""How one cell is read into the text that the register keeps: names, choices, numbers of persons, days."""

import re
from collections.abc import Callable, Mapping, Sequence
from datetime import date
from typing import Any

from django.core.exceptions import ValidationError
from django.utils.translation import gettext as _
from import_export.widgets import Widget

from councils.intake.findings import sentence
from cunsao.personal_data import NumberRefused, masks, numbers
from cunsao.workbook import Cell
from cunsao.workbook.cells import day, text

MOST_TOLD = 12  # choices in one sentence
NOTHING = frozenset({"无", "暂无", "没有", "空", "未知", "不详", "待补", "-", "--", "—", "——", "/", "\\", "、", "N/A"})
TYPED = (str, int, float)  # as readings take them; a union would be made anew for each cell
HAN = "㐀-䶿一-鿿豈-﫿\U00020000-\U0003ffff〇\ue000-\uf8ff"
DOTS = re.compile(r" ?[·•・‧∙⋅.．] ?")
PERSON = re.compile(rf"[{HAN}]{{2,20}}|[{HAN}]{{1,15}}(?:·[{HAN}]{{1,15}}){{1,3}}")
SPACES_BETWEEN_HAN = re.compile(rf"(?<=[{HAN}]) +(?=[{HAN}])")


def refuse(code: str, **words: object) -> ValidationError:
    return ValidationError(sentence(code, **words), code=code)


def line_of(cell: Cell, code: str) -> str:
    """The cell as one line; a fault in it is told under `code`."""
    try:
        return text(cell)
    except ValueError as fault:
        raise ValidationError(str(fault), code=code) from fault


class TextWidget(Widget):
    """Free text up to a length."""

    def __init__(self, longest: int, code: str = "too_long") -> None:
        super().__init__()
        self.longest, self.code = longest, code

    def clean(self, value: Any, row: Any = None, **options: Any) -> str:
        said = line_of(value, self.code)
        if len(said) > self.longest:
            raise refuse("too_long", length=self.longest)
        return "" if said in NOTHING else said


class NameWidget(Widget):
    """A person's name in Chinese characters; spaces between them fall out."""

    def clean(self, value: Any, row: Any = None, **options: Any) -> str:
        said = line_of(value, "invalid_name")
        if not said.isalpha():
            said = DOTS.sub("·", SPACES_BETWEEN_HAN.sub("", said))
        if said and not PERSON.fullmatch(said):
            raise refuse("invalid_name")
        return said


class PlaceWidget(Widget):
    """A village or township as it is written; what it means is found for whole lists at once."""

    def clean(self, value: Any, row: Any = None, **options: Any) -> str:
        return line_of(value, "unknown_village")


class NumberWidget(Widget):
    """A personal number by one of the readings of personal_data. A masked one changes nothing and is told.

    A cell that shows a fault is told under `code`; with `doubt_only` whatever `reading` refuses is, which as a warning
    leaves the number out and takes the row.
    """

    def __init__(self, reading: Callable[[Any], str], code: str, doubt_only: bool = False) -> None:
        super().__init__()
        self.reading, self.code, self.doubt_only = reading, code, doubt_only

    def clean(self, value: Any, row: Any = None, **options: Any) -> str:
        if not isinstance(value, TYPED):
            value = line_of(value, self.code)
        if isinstance(value, str) and not value.isdecimal():
            value = value.strip()
            if value in NOTHING:
                return ""
            if masks.is_mask(value):
                raise refuse("masked_number")
        return self.read(value, **options)

    def read(self, value: Any, **options: Any) -> str:
        try:
            return self.reading(value)
        except NumberRefused as refusal:
            if refusal.code == "missing" or not self.doubt_only:
                raise
            message = _("%(why)s Her row is taken, this number is not.") % {"why": refusal}
            raise ValidationError(message, code=self.code) from refusal


class NationalIdWidget(NumberWidget):
    """An ID number; her age is counted on the day of the import. A masked one names nobody."""

    def __init__(self) -> None:
        super().__init__(numbers.national_id, "invalid_id")

    def clean(self, value: Any, row: Any = None, **options: Any) -> str:
        try:
            return super().clean(value, row, **options)
        except ValidationError as refusal:
            if refusal.code == "masked_number":
                raise ValidationError(sentence("masked_id"), code="invalid_id") from refusal
            raise

    def read(self, value: Any, **options: Any) -> str:
        return numbers.national_id(value, options.get("on"))


class DayWidget(Widget):
    """A day, or a month as its first; kept as 2020-01-02. No day to come is taken."""

    def clean(self, value: Any, row: Any = None, **options: Any) -> str:
        if isinstance(value, str) and value.strip() in NOTHING:
            return ""
        try:
            found = day(value, month_alone=True)
        except ValueError as fault:
            raise ValidationError(str(fault), code="invalid_date") from fault
        if found > (options.get("on") or date.max):
            raise ValidationError(sentence("future_date"), code="invalid_date")
        return found.isoformat()


class ChoiceWidget(Widget):
    """One of a model's choices by any of its words; the first word of each is what exports write."""

    def __init__(self, words: Mapping[str, Sequence[str]], none: bool = True) -> None:
        super().__init__()
        self.words = words
        self.value_of = {word: value for value, known in words.items() for word in known}
        self.none = none

    def clean(self, value: Any, row: Any = None, **options: Any) -> str:
        said = line_of(value, "invalid_choice").replace(" ", "")
        found = self.value_of.get(said)
        if found is not None:
            return self.words[found][0]
        if not said or (self.none and said in NOTHING):
            return ""
        choices = "、".join(known[0] for known in list(self.words.values())[:MOST_TOLD])
        raise refuse("invalid_choice", text=said[:20], choices=choices)

    def value(self, word: str) -> str:
        """The model's value for a word that clean() gave; "" for none."""
        return self.value_of.get(word, "")

    def word(self, value: str) -> str:
        """The word for a model's value, as exports write it; "" for none."""
        return self.words[value][0] if value in self.words else ""
