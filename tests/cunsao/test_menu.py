import re
from pathlib import Path

import pytest
from django.contrib import admin
from django.contrib.staticfiles import finders
from django.urls import reverse

from cunsao import menu
from tests.factories import make_account, make_chair, make_county, make_staff, make_township, make_village

pytestmark = pytest.mark.django_db


@pytest.fixture
def shown(client, rf):
    """The menu as an account sees it beside a page: {label: [address]}, and the marked address."""

    def of(account, path="/"):
        request = rf.get(path)
        request.user = account
        sections = admin.site.each_context(request)["menu"]
        marked = [entry.url for section in sections for entry in section.entries if entry.here]
        return {str(each.label): [entry.url for entry in each.entries] for each in sections}, marked

    return of


def test_every_list_stands_in_a_group():
    told = {line.model for group in menu.GROUPS.values() for line in group.lines if isinstance(line, menu.Table)}
    assert {model._meta.label for model in admin.site._registry} == told


def test_every_line_has_a_picture_of_its_own():
    drawn = Path(finders.find("cunsao/theme.css")).read_text(encoding="utf-8")
    lines = [line for group in menu.GROUPS.values() for line in group.lines]
    icons = {line.icon if isinstance(line, menu.Page) else line.model.split(".")[1].lower() for line in lines}
    assert {icon for icon in icons if not re.search(rf"\.icon-{icon}[ ,{{]", drawn)} == set()


def test_the_groups_stand_in_their_order(shown):
    labels = list(shown(make_staff(make_county()))[0])
    assert labels == ["", *(str(group.label) for group in sorted(menu.GROUPS.values(), key=lambda g: g.place)[1:])]


def test_only_what_her_role_opens_is_there(shown):
    township = make_township(villages=1)
    chair, _marked = shown(make_chair(township))
    addresses = [address for group in chair.values() for address in group]
    assert reverse("months") in addresses
    assert reverse("admin:members_budget_changelist") not in addresses
    president, _marked = shown(make_account(make_village(township)))
    assert reverse("payments") not in [address for group in president.values() for address in group]


def test_the_line_of_the_page_is_marked_and_no_other(shown):
    staff = make_staff(make_county())
    assert shown(staff, reverse("admin:members_member_changelist"))[1] == [reverse("admin:members_member_changelist")]
    assert shown(staff, reverse("tree_search"))[1] == [reverse("tree")]
    assert shown(staff, "/language/")[1] == []


def test_the_group_of_the_page_is_open(client):
    client.force_login(make_staff(make_county()))
    page = client.get(reverse("admin:members_member_changelist")).content.decode()
    assert page.count("<details open><summary>") == 1


def test_a_list_that_nobody_announced_is_found_at_the_end(shown, monkeypatch):
    group = menu.GROUPS["people"]
    monkeypatch.setitem(menu.GROUPS, "people", menu.Group(group.label, group.place, group.lines[1:]))
    admin.site._menus.clear()
    sections, _marked = shown(make_staff(make_county()))
    admin.site._menus.clear()
    assert list(sections.items())[-1][1] == [reverse("admin:members_member_changelist")]
