"""How the cells of a list of activities are read."""

from typing import Any

from django.core.exceptions import ValidationError
from import_export.widgets import Widget

from councils.intake.widgets import TextWidget, refuse
from cunsao.workbook.cells import whole_number
from reports.imports.words import chinese, kind_words, names_said
from reports.kinds import KINDS


class KindWidget(TextWidget):
    """A kind by its name; kept as exports write it."""

    def clean(self, value: Any, row: Any = None, **options: Any) -> str:
        said = super().clean(value, row, **options)
        if not said:
            return ""
        key = kind_words().get(said)
        if key is None:
            known = "、".join(chinese(kind.label) for kind in KINDS.values() if not kind.its_own)
            raise refuse("invalid_choice", text=said[:20], choices=known)
        return chinese(KINDS[key].label)


class CountWidget(Widget):
    """A whole number."""

    def clean(self, value: Any, row: Any = None, **options: Any) -> str:
        try:
            return str(whole_number(value))
        except ValueError as fault:
            raise ValidationError(str(fault), code="invalid_number") from fault


class NamesWidget(TextWidget):
    """Several names in one cell, however they are divided."""

    def clean(self, value: Any, row: Any = None, **options: Any) -> str:
        return names_said(super().clean(value, row, **options))
