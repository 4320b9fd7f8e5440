import re

import pytest
from axe_playwright_python.sync_playwright import Axe
from playwright.sync_api import expect

PAGES = ["/tree/", "/tree/341226104/", "/tree/341226104206/", "/tree/341226104206/merge/", "/councils/zone/",
         "/councils/user/add/", "/councils/change/", "/tree/search/?q=江"]  # fmt: skip


def test_a_township_unfolds_where_it_stands(open_as):
    page = open_as("county")
    page.goto("/tree/")
    page.click("text=江口镇")
    page.wait_for_selector("text=汤圩村")
    expect(page.locator("details[open] tbody tr")).to_have_count(17)


def test_no_page_is_wider_than_the_screen_and_none_goes_against_the_policy(open_as):
    page = open_as("admin")
    for address in PAGES:
        page.goto(address)
        assert page.evaluate("document.documentElement.scrollWidth <= window.innerWidth"), address


@pytest.mark.parametrize("address", PAGES)
def test_a_page_can_be_used_without_seeing_it(open_as, address):
    page = open_as("admin", bypass_csp=True)  # the inspector styles the page to measure it
    page.goto(address)
    assert grave_faults(page) == []


def grave_faults(page):
    """What somebody who sees or moves little would stumble over, as (rule, place)."""
    # Django's own look-up widget names itself by what is chosen, and nothing is chosen yet.
    context = {"exclude": [[".select2-container"]]}
    found = Axe().run(page, context, {"runOnly": ["wcag2a", "wcag2aa"]}).response["violations"]
    grave = [each for each in found if each["impact"] in ("serious", "critical")]
    return [(each["id"], each["nodes"][0]["html"][:200]) for each in grave]


def test_a_village_is_renamed_with_a_look_before(open_as):
    page = open_as("county")
    page.goto("/tree/341226104214/rename/")
    name = page.input_value("#id_name")
    page.fill("#id_name", name + "新")
    page.click("button.default")
    expect(page.locator(".preview")).to_contain_text(name + "新")
    page.click("button.default")
    expect(page.locator(".facts")).to_contain_text(name + "新")
    page.goto("/tree/search/?q=" + name)
    assert page.url.endswith("/tree/341226104214/")


def test_a_form_is_given_back_as_it_was_typed(open_as):
    page = open_as("county")
    page.goto("/tree/341226104213/move/")
    page.select_option("#id_into", "341226105")
    page.click("button.default")
    expect(page.locator(".preview")).to_contain_text(re.compile(r"341226105\d{3}"))
    page.click("button[name=again]")
    assert page.input_value("#id_into") == "341226105"
    page.click("a.closelink")
    assert page.url.endswith("/tree/341226104213/")


def test_a_chair_finds_no_button_that_is_not_hers(open_as):
    page = open_as("chair")
    expect(page.locator("h1")).to_contain_text("江口镇")
    page.goto("/tree/341226104206/")
    assert page.locator(".deeds a[href^='/tree/']").count() == 0
    assert page.locator(".deeds a").all_inner_texts() == ["打印花名册"]
    assert page.request.get("/tree/341226105/").status == 404


def test_a_president_adds_a_zone_to_her_village(open_as):
    page = open_as("president")
    page.goto("/tree/")
    expect(page.locator("h1")).to_contain_text("汤圩村")
    before = page.locator("tbody tr").count()
    page.click("text=新增网格")
    page.fill("#id_number", str(50 + before))
    page.fill("#id_name", "新片")
    page.click("input[name=_save]")
    page.goto("/tree/341226104206/")
    expect(page.locator("tbody tr")).to_have_count(before + 1)


def test_the_other_language_is_one_click_away(open_as):
    page = open_as("auditor")
    page.click(".me summary")
    page.click("text=English")
    expect(page.locator("body")).to_contain_text("Organisation tree")
