"""Rows of a list, written fast: what a column needs is worked out once a page, not once a cell as by Django's admin."""

from collections.abc import Callable, Iterator
from functools import cached_property
from html import escape
from typing import Any, NamedTuple

from django.contrib.admin.templatetags.admin_list import result_headers
from django.contrib.admin.templatetags.admin_urls import add_preserved_filters
from django.contrib.admin.utils import display_for_field, display_for_value, label_for_field
from django.contrib.admin.views.main import ChangeList
from django.core.exceptions import FieldDoesNotExist
from django.utils.functional import Promise
from django.utils.html import conditional_escape
from django.utils.safestring import SafeString, mark_safe
from django.utils.text import capfirst

from cunsao.personal_data import Secret


class Column(NamedTuple):
    """One column: what stands before and after a cell's content, and how the content is read off a record."""

    opening: str
    closing: str
    content: Callable[[Any], str]
    links: bool


class ScopedList(ChangeList):
    """A page of a list. `body` is its lines as HTML."""

    @cached_property
    def headers(self) -> list[dict[str, Any]]:
        return list(result_headers(self))

    @property
    def sorted_by(self) -> int:
        """How many columns the reader sorts by."""
        return sum(1 for header in self.headers if header["sortable"] and header["sorted"])

    @property
    def body(self) -> SafeString:
        """The rows of the page."""
        return mark_safe("\n".join(self._rows()))  # noqa: S308 - each content is escaped where it is read

    def _rows(self) -> Iterator[str]:
        columns = list(self._columns())
        before = after = ""
        for at, record in enumerate(self.result_list):
            if not at:  # the addresses of a page differ by their key alone
                before, after = self._address(record)
            link = f'<a href="{before}{record.pk}{after}">'
            cells = [
                f"{opening}{link}{content(record)}</a>{closing}" if links else f"{opening}{content(record)}{closing}"
                for opening, closing, content, links in columns
            ]
            yield f"<tr>{''.join(cells)}</tr>"

    def address(self, record: Any) -> str:
        """Where a row leads; it ends in or contains the record's key between slashes."""
        kept: Any = {"preserved_filters": self.preserved_filters, "opts": self.opts}
        return str(add_preserved_filters(kept, self.url_for_result(record)))

    def _address(self, record: Any) -> tuple[str, str]:
        before, _key, after = self.address(record).partition(f"/{record.pk}/")
        return f"{conditional_escape(before)}/", f"/{conditional_escape(after)}"

    def _columns(self) -> Iterator[Column]:
        links = self.list_display_links
        for at, name in enumerate(self.list_display):
            linked = links is not None and (name in links or (not links and at == 0))
            tag = "th" if linked and at == 0 else "td"
            label = conditional_escape(capfirst(str(label_for_field(name, self.model, self.model_admin))))
            field = name if isinstance(name, str) else name.__name__
            yield Column(
                f'<{tag} class="field-{field}" data-label="{label}">', f"</{tag}>", self._content(name), linked
            )

    def _content(self, name: Any) -> Callable[[Any], str]:
        """How one column is read off a record, as safe HTML."""
        try:
            field: Any = self.lookup_opts.get_field(name) if isinstance(name, str) else None
        except FieldDoesNotExist:
            field = None
        empty = self.model_admin.get_empty_value_display()
        if field is None:
            return _of_deed(_deed(name, self.model_admin, self.model), empty)
        if field.is_relation:
            return lambda record: _safe(getattr(record, field.name), empty)
        if choices := getattr(field, "flatchoices", None):
            labels = {value: conditional_escape(str(label)) for value, label in choices}
            return lambda record: labels.get(getattr(record, field.attname)) or empty
        return lambda record: _of_field(getattr(record, field.attname), field, empty)


def _deed(name: Any, model_admin: Any, model: Any) -> Any:
    """What stands behind a column that is no field: a function, or a method or property of admin or model."""
    if callable(name):
        return name
    return getattr(model_admin, name) if hasattr(model_admin, name) and name != "__str__" else getattr(model, name)


def _of_deed(deed: Any, empty: str) -> Callable[[Any], str]:
    read: Any = deed.fget if isinstance(deed, property) else deed
    empty = getattr(read, "empty_value_display", empty)
    if getattr(read, "boolean", False):
        return lambda record: conditional_escape(display_for_value(read(record), empty, boolean=True))
    return lambda record: _safe(read(record), empty)


def _of_field(value: Any, field: Any, empty: str) -> str:
    if type(value) is str or isinstance(value, Secret):
        return escape(str(value)) or empty
    return conditional_escape(display_for_field(value, field, empty))


def _safe(value: Any, empty: str) -> str:
    if type(value) is str:
        return escape(value) if value else empty
    if value is None or value == "":
        return empty
    if isinstance(value, Promise):  # a label in the reader's language
        return escape(str(value))
    if isinstance(value, str):
        return conditional_escape(value)
    return conditional_escape(display_for_value(value, empty))
