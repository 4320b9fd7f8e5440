"""The main menu: groups of pages and lists that each floor announces in its module `menu`, found at the start.

A page is one line: `menu.add("work", menu.Page(_("What was done"), "activities", "activity"))`.
"""

from collections.abc import Iterable, Iterator
from dataclasses import dataclass, field
from typing import Any, NamedTuple

from django.urls import reverse
from django.utils.translation import gettext_lazy as _


class Page(NamedTuple):
    """A page of our own: its label, the name of its address, its icon, and the right that opens it ("" for all)."""

    label: Any
    name: str
    icon: str
    permission: str = ""


class Table(NamedTuple):
    """A list of the admin, "app.Model", under its own name and with an icon of the model's name."""

    model: str


@dataclass
class Group:
    """What stands under one heading; without a label it stands open above all others. `place` orders the groups."""

    label: Any
    place: int
    lines: list[Page | Table] = field(default_factory=list)


class Entry(NamedTuple):
    """One line as it is shown."""

    label: Any
    url: str
    icon: str
    here: bool = False


class Section(NamedTuple):
    """A group as it is shown: open where the page lies that is being read."""

    label: Any
    entries: list[Entry]
    here: bool


GROUPS: dict[str, Group] = {}
REST = Group(_("Further lists"), 1_000)  # what nobody announced is found all the same


def group(key: str, label: Any, place: int, *lines: Page | Table) -> None:
    """Announces a group; floors above may `add` to it."""
    GROUPS[key] = Group(label, place, list(lines))


def add(key: str, *lines: Page | Table, first: bool = False) -> None:
    """More lines in a group that stands already, at its end or at its head."""
    before = GROUPS[key].lines
    GROUPS[key].lines = [*lines, *before] if first else [*before, *lines]


def open_to(user: Any, apps: Iterable[dict[str, Any]]) -> list[tuple[Any, list[Entry]]]:
    """(label, entries) of every group in which `user` may open something; `apps` are the admin's lists for her."""
    tables = {
        f"{app['app_label']}.{each['object_name']}": Entry(each["name"], each["admin_url"], each["object_name"].lower())
        for app in apps
        for each in app["models"]
        if each["admin_url"]
    }
    found = []
    for each in sorted(GROUPS.values(), key=lambda group: group.place):
        if entries := list(_entries(each, user, tables)):
            found.append((each.label, entries))
    return [*found, (REST.label, list(tables.values()))] if tables else found


def shown(groups: Iterable[tuple[Any, list[Entry]]], path: str) -> list[Section]:
    """The menu beside the page `path`: its own line is marked, the longest address where several lead to it."""
    groups = list(groups)
    addresses = (entry.url for _label, entries in groups for entry in entries if path.startswith(entry.url))
    here = max(addresses, key=len, default="")
    sections = []
    for label, entries in groups:
        marked = [entry._replace(here=entry.url == here) for entry in entries]
        sections.append(Section(label, marked, any(entry.here for entry in marked)))
    return sections


def _entries(group: Group, user: Any, tables: dict[str, Entry]) -> Iterator[Entry]:
    """The lines of a group that `user` may open; its tables are taken out of `tables`."""
    for line in group.lines:
        if isinstance(line, Table):
            if line.model in tables:
                yield tables.pop(line.model)
        elif not line.permission or user.has_perm(line.permission):
            yield Entry(line.label, reverse(line.name), line.icon)
