"""What was sent, paid and objected, to be read; and how the bank wants its file."""

from typing import Any

from django import forms
from django.contrib import admin
from django.forms.renderers import get_default_renderer
from django.utils.html import format_html, format_html_join
from django.utils.safestring import SafeString, mark_safe
from django.utils.translation import gettext_lazy as _

from councils.admin.scoped import ReadOnlyAdmin, ScopedAdmin, TownshipFilter
from members.models import BankColumn, BankFile, BankLayout, Objection, Payment, ReturnFile
from members.models.bank_layout import layout_fault, usual_columns


class PairWidget(forms.MultiWidget):
    """A choice and a word beside it for each column, a line each."""

    def __init__(self, pairs: int) -> None:
        offered = [("", "–"), *BankColumn.choices]
        each = [
            (forms.Select(choices=offered, attrs={"aria-label": _("What it holds")}),
             forms.TextInput(attrs={"maxlength": 40, "aria-label": _("Heading")}))
            for _pair in range(pairs)
        ]  # fmt: skip
        super().__init__([widget for pair in each for widget in pair])

    def render(self, name: str, value: Any, attrs: Any = None, renderer: Any = None) -> SafeString:
        drawn = renderer or get_default_renderer()
        parts = [
            mark_safe(drawn.render(each["template_name"], {"widget": each}))  # noqa: S308 - by Django's own widgets
            for each in self.get_context(name, value, attrs)["widget"]["subwidgets"]
        ]
        lines = format_html_join("", "<li>{}{}</li>", zip(parts[::2], parts[1::2], strict=True))
        return format_html('<ol class="columns">{}</ol>', lines)

    def get_context(self, name: str, value: Any, attrs: Any) -> dict[str, Any]:
        """Django takes any list for one that is taken apart already; pairs are not."""
        pairs = isinstance(value, list) and any(isinstance(each, list | tuple) for each in value)
        return super().get_context(name, self.decompress(value) if pairs else value, attrs)

    def decompress(self, value: Any) -> list[Any]:
        return [part for pair in value or [] for part in pair]


class ColumnsField(forms.MultiValueField):
    """The ordered columns of a layout, [[what it holds, heading], …]; rows left empty are none."""

    def __init__(self, **options: Any) -> None:
        pairs = len(BankColumn)
        parts = [forms.CharField(required=False, max_length=40) for _part in range(2 * pairs)]
        super().__init__(parts, require_all_fields=False, widget=PairWidget(pairs), **options)

    def compress(self, data_list: list[Any]) -> list[list[str]]:
        words = [str(each or "").strip() for each in data_list]
        columns = [list(pair) for pair in zip(words[::2], words[1::2], strict=True) if any(pair)]
        if fault := layout_fault(columns):
            raise forms.ValidationError(fault)
        return columns


class LayoutForm(forms.ModelForm):
    columns = ColumnsField(
        label=_("columns"), initial=usual_columns,
        help_text=_("From left to right as the bank wants them. Rows left empty are left out."),
    )  # fmt: skip

    class Meta:
        model = BankLayout
        fields = [
            "county", "columns", "remark", "result_heading", "reason_heading", "success_words", "failure_words",
        ]  # fmt: skip


@admin.register(BankLayout)
class BankLayoutAdmin(ScopedAdmin):
    form = LayoutForm
    list_display = ["county", "remark", "result_heading", "reason_heading"]
    list_select_related = ["county"]


@admin.register(Payment)
class PaymentAdmin(ReadOnlyAdmin):
    """Every try to pay somebody; accounts masked."""

    list_display = ["name", "month", "amount", "state", "attempt", "bank_name", "bank_account", "day", "reason"]
    list_display_links = None
    list_filter = [TownshipFilter, "state", "month"]
    search_fields = ["name", "member__pinyin", "member__initials"]
    search_help_text = _("Name, pinyin or initials")
    exclude = ["bank_account_print"]


@admin.register(BankFile)
class BankFileAdmin(ReadOnlyAdmin):
    list_display = ["roster", "number", "at", "by", "rows", "total"]
    list_display_links = None
    list_filter = [TownshipFilter]
    list_select_related = ["roster__township", "by"]


@admin.register(ReturnFile)
class ReturnFileAdmin(ReadOnlyAdmin):
    list_display = ["name", "roster", "at", "by"]
    list_display_links = None
    list_filter = [TownshipFilter]
    list_select_related = ["roster__township", "by"]


@admin.register(Objection)
class ObjectionAdmin(ReadOnlyAdmin):
    list_display = ["day", "roster", "who", "text", "answer", "answered_by"]
    list_display_links = None
    list_filter = [TownshipFilter, ("answered_at", admin.EmptyFieldListFilter)]
    list_select_related = ["roster__township", "answered_by"]
