"""Hazards, disputes, campaigns and points in a browser: what can be done on a phone too, and seen without seeing."""

import re

import pytest
from playwright.sync_api import expect

from tests.browser.test_tree import grave_faults

PAGES = {
    "president": ["/hazards/?show=open", "/disputes/bring/", "/disputes/", "/campaigns/", "/ranking/"],
    "chair": ["/hazards/enter/report/", "/ranking/341226104/2022-08/", "/ranking/341226104/schemes/introduce/"],
    "county": ["/campaigns/set/", "/disputes/numbers/", "/ranking/"],
}  # fmt: skip


def fits(page):
    return page.evaluate("document.documentElement.scrollWidth <= window.innerWidth")


@pytest.mark.parametrize("role", PAGES)
def test_the_pages_fit_the_screen_and_can_be_used_without_seeing_them(open_as, role):
    page = open_as(role, bypass_csp=True)
    for address in PAGES[role]:
        assert page.goto(address).status == 200, address
        assert fits(page), address
        assert grave_faults(page) == [], address


def test_a_hazard_goes_from_the_village_to_the_township_that_takes_it_on(open_as):
    page = open_as("president", bypass_csp=True)
    page.goto("/hazards/enter/report/")
    page.check("input[name=severity][value=grave]")
    place = f"东桥{page.viewport_size['width']}号墩"  # both sizes report to the same county
    page.fill("[name=place_found]", place)
    page.fill("[name=text]", "护栏断了一截")
    page.locator("[name=members]").first.check()
    page.click("button.default")
    page.wait_for_url(re.compile(r"/hazards/\d+/$"))
    expect(page.get_by_role("heading", name=place)).to_be_visible()
    expect(page.locator(".timeline li")).to_have_count(1)
    assert fits(page)
    assert grave_faults(page) == []
    address = page.url
    chair = open_as("chair")
    chair.goto(address)
    chair.click("a.forward >> nth=0")
    chair.fill("[name=text]", "镇里已去看过")
    chair.click("button.default")
    expect(chair.locator(".timeline li")).to_have_count(2)
    expect(chair.get_by_text("镇里已去看过")).to_be_visible()
