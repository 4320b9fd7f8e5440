"""The first page after signing in, on every level, and what is told upward, in a browser."""

import re

import pytest
from playwright.sync_api import expect

from tests.browser.test_tree import grave_faults

NARROW = "document.documentElement.scrollWidth <= window.innerWidth"


@pytest.mark.parametrize("role", ["county", "chair", "president"])
def test_ones_own_dashboard_is_the_first_page_fits_the_screen_and_can_be_used_without_seeing_it(open_as, role):
    page = open_as(role, bypass_csp=True)
    assert "/board/" in page.url
    assert page.evaluate(NARROW)
    assert grave_faults(page) == []
    waiting, figures = (page.locator(name).bounding_box()["y"] for name in (".waiting", ".hero"))
    assert waiting < figures


def test_the_dashboard_can_be_read_in_the_dark(open_as):
    page = open_as("chair", bypass_csp=True, color_scheme="dark")
    assert grave_faults(page) == []


def test_a_row_leads_down_and_a_number_to_its_records(open_as):
    page = open_as("county")
    page.locator(".below tbody th a").first.click()
    page.wait_for_selector(".below")
    number = page.locator(".hero .big a").first
    told = int(number.inner_text().replace(",", ""))
    number.click()
    page.wait_for_selector("#result_list")
    expect(page.locator(".paginator")).to_contain_text(re.compile(",?".join(str(told))))


def test_pages_for_paper_and_forms_fit_and_can_be_used_without_seeing_them(open_as):
    page = open_as("chair", bypass_csp=True)
    for address in ("/telling/reports/", "/telling/forms/", "/telling/case/?day=2022-08-31"):
        page.goto(address)
        assert page.evaluate(NARROW), address
        assert grave_faults(page) == [], address
