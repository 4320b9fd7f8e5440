import pytest

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
    assert "********" in page.inner_text("#content")
    page.fill("#reason", "核对本人身份证")
    page.click("text=查看 >> nth=-1")
    page.wait_for_load_state()
    assert page.locator("#content").inner_text().count("********") < 2


def test_initials_find_a_woman(open_as):
    page = open_as("county")
    page.goto("/members/member/?q=wg")
    names = page.locator("#result_list tbody a").all_inner_texts()
    assert names
    assert all(len(name) >= 2 for name in names)
