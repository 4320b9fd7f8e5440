"""What pages of councils share."""

from collections.abc import Sequence
from html import escape
from typing import Any

from django import template
from django.utils.encoding import iri_to_uri
from django.utils.html import format_html
from django.utils.safestring import SafeString, mark_safe

from councils.counting import FURTHER, Counts
from councils.models import Council
from cunsao.menu import Section

register = template.Library()
SELECTED = ('<li><a href="%s">%s</a></li>', '<li class="selected"><a href="%s">%s</a></li>')


@register.inclusion_tag("councils/_breadcrumbs.html", takes_context=True)
def breadcrumbs(context: dict[str, Any], council: Council, here: str = "") -> dict[str, Any]:
    """From the county down to `council`; a link where the reader may go, plain text above her own council."""
    reader = context["request"].user
    way: list[Council] = []
    place: Council | None = council
    while place is not None:
        way.insert(0, place)
        place = place.parent
    own = reader.council.code
    return {"steps": [(each, each.code.startswith(own)) for each in way], "here": here}


@register.filter
def icon(name: str) -> SafeString:
    """A picture of our own before a word; drawn by the style sheet, silent for a screen reader."""
    return format_html('<span class="icon icon-{}" aria-hidden="true"></span>', name)


@register.filter
def figure(number: int | None) -> str:
    """A count as it is read: 1,243,917; a dash where nobody counted."""
    return "–" if number is None else f"{number:,}"


@register.filter
def marked(menu: Sequence[Section]) -> str:
    """The address of the menu's line for this page: with the reader's role, level and language it says how it looks."""
    return next((entry.url for section in menu if section.here for entry in section.entries if entry.here), "")


@register.filter
def choice_links(choices: list[dict[str, Any]]) -> SafeString:
    """What a list can be narrowed by, a link each; in one go, since there are hundreds on a page."""
    links = (
        SELECTED[each["selected"]] % (escape(str(iri_to_uri(each["query_string"]))), escape(str(each["display"])))
        for each in choices
    )
    return mark_safe("\n".join(links))  # noqa: S308 - address and words are escaped above


@register.filter
def chosen(choices: list[dict[str, Any]]) -> str:
    """What a list is narrowed by now; nothing where it is not."""
    return next((str(each["display"]) for each in choices[1:] if each["selected"]), "")


@register.simple_tag
def further_labels() -> list[Any]:
    """Headings of the figures that other floors add to councils."""
    return [figure.label for figure in FURTHER.values()]


@register.simple_tag(takes_context=True)
def further_figures(context: dict[str, Any], council: Council, counted: Counts) -> list[tuple[Any, int, str]]:
    """(label, number, address) of each; no address for who may not open the list."""
    reader = context["request"].user
    return [
        (each.label, counted.more.get(name, 0), each.address(council) if reader.has_perm(each.permission) else "")
        for name, each in FURTHER.items()
    ]
