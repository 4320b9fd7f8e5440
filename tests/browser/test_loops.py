"""Hazards, disputes, campaigns and points in a browser: what can be done on a phone too, and seen without seeing."""

import pytest

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
