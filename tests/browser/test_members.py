import re

import pytest
from PIL import Image
from playwright.sync_api import expect

from tests.browser.test_tree import grave_faults

PAGES = ["/members/member/", "/members/gaps/", "/members/admit/", "/members/transfers/"]


@pytest.mark.parametrize("address", PAGES)
def test_a_page_of_people_fits_the_screen_and_can_be_used_without_seeing_it(open_as, address):
    page = open_as("chair", bypass_csp=True)
    page.goto(address)
    assert page.evaluate("document.documentElement.scrollWidth <= window.innerWidth")
    assert grave_faults(page) == []


def test_a_number_is_masked_until_a_reason_is_given(open_as):
    page = open_as("chair")
    page.goto("/members/member/")
    page.click("#result_list tbody a >> nth=0")
    expect(page.locator("#content")).to_contain_text("********")
    page.fill("#reason", "核对本人身份证")
    page.click("text=查看 >> nth=-1")
    expect(page.locator("#content")).to_contain_text(re.compile(r"[0-9]{17}[0-9X]"))
    page.wait_for_load_state()
    assert page.locator("#content").inner_text().count("********") < 2


def test_initials_find_a_woman(open_as):
    page = open_as("county")
    page.goto("/members/member/?q=wg")
    names = page.locator("#result_list tbody a").all_inner_texts()
    assert names
    assert all(len(name) >= 2 for name in names)


def first_member(page):
    page.goto("/members/member/")
    page.click("#result_list tbody a >> nth=0")
    page.wait_for_selector(".timeline")


def test_her_page_fits_the_screen_and_shows_her_photo(open_as, tmp_path):
    page = open_as("chair", bypass_csp=True)
    first_member(page)
    Image.new("RGB", (900, 1200), "#d9c3a5").save(tmp_path / "face.jpg")
    page.click(".person figcaption a")
    page.set_input_files("#id_picture", tmp_path / "face.jpg")
    page.click("button.default")
    page.wait_for_selector(".person img")
    page.wait_for_function("document.querySelector('.person img').naturalHeight == 720")
    assert page.evaluate("document.documentElement.scrollWidth <= window.innerWidth")
    assert grave_faults(page) == []


def test_what_was_typed_before_the_session_ended_is_there_after_signing_in(open_as, county):
    page = open_as("chair", bypass_csp=True)
    first_member(page)
    address = page.url
    page.goto(address + "leave/")
    page.select_option("#id_reason", "resigned")
    page.fill("#id_day", "2025-06-30")
    for held in page.locator("form.deed select[required]:not(#id_reason)").all():  # what she still holds
        held.select_option(index=1)
    page.context.clear_cookies(name="cunsao_session")
    page.click("button.default")
    page.fill("#id_username", "chair")
    page.fill("#id_password", county.sign_ins["chair"])
    page.click("button.default")
    page.wait_for_url(address + "leave/")
    assert (page.input_value("#id_day"), page.input_value("#id_reason")) == ("2025-06-30", "resigned")
