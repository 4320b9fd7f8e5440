"""How pages show a figure: as a number that opens its records."""

from typing import Any

from django import template
from django.utils.html import format_html
from django.utils.safestring import SafeString

register = template.Library()


@register.filter
def opened(figure: Any) -> str | SafeString:
    """The value with thousands marked, a link where the reader may open the list; in one go, for there are hundreds."""
    shown = SafeString(f"{figure.value:,}")
    return format_html('<a href="{}">{}</a>', figure.address, shown) if figure.address else shown
