"""The month's sheet in a browser: keys, paste, two at once, a line that is cut, and the way to submitted.

The chair of 江口镇 opens the next month, which takes in everybody; each test types into rows of its own.
"""

import re

import pytest
from playwright.sync_api import expect

from tests.browser.test_tree import grave_faults

PLACE = "/months/341226104/2022-09/"


@pytest.fixture
def sheet(open_as):
    """A page with the open sheet of the chair's township."""

    def opened(name="chair", **settings):
        page = open_as(name, **settings)
        page.goto(PLACE)
        if page.locator("form[action$='/open/'] button.main").count() and not page.locator("#sheet").count():
            page.click("form[action$='/open/'] button.main")
        page.wait_for_selector("#sheet")
        return page

    return opened


def amount(page, number):
    return page.locator("#sheet input[name^='p-']").nth(number)


def note(page, number):
    return page.locator("#sheet input[name^='n-']").nth(number)


def saved(page):
    page.wait_for_selector("#saving.saved")


def paste(page, cell, text):
    cell.focus()
    cell.evaluate(
        """(cell, text) => {
            const data = new DataTransfer();
            data.setData("text/plain", text);
            cell.dispatchEvent(new ClipboardEvent("paste", { clipboardData: data, bubbles: true, cancelable: true }));
        }""",
        text,
    )


@pytest.mark.parametrize("address", ["/months/", "/months/341226104/2022-08/", PLACE])
def test_a_page_of_the_month_fits_the_screen_and_can_be_used_without_seeing_it(sheet, address):
    page = sheet(bypass_csp=True)
    page.goto(address)
    assert page.evaluate("document.documentElement.scrollWidth <= window.innerWidth")
    assert grave_faults(page) == []


def test_the_countys_months_fit_the_screen(open_as):
    page = open_as("county", bypass_csp=True)
    page.goto("/months/")
    assert page.evaluate("document.documentElement.scrollWidth <= window.innerWidth")
    assert grave_faults(page) == []


def test_what_is_typed_is_saved_summed_and_there_again(sheet):
    page = sheet()
    total = page.locator(".sums [data-sum=total]")
    before = float(total.inner_text().replace(",", ""))
    was = float(amount(page, 0).input_value())
    now = 61 if was != 61 else 62
    amount(page, 0).fill(str(now))
    amount(page, 0).press("Enter")
    assert amount(page, 1).evaluate("cell => cell === document.activeElement")
    saved(page)
    assert float(total.inner_text().replace(",", "")) == before - was + now
    page.keyboard.press("ArrowUp")
    page.keyboard.press("ArrowRight")
    assert note(page, 0).evaluate("cell => cell === document.activeElement")
    page.keyboard.type("值班")
    page.keyboard.press("Tab")
    saved(page)
    page.reload()
    assert (float(amount(page, 0).input_value()), note(page, 0).input_value()) == (now, "值班")


def test_escape_takes_back_what_was_typed(sheet):
    page = sheet()
    was = amount(page, 2).input_value()
    amount(page, 2).focus()
    page.keyboard.type("999")
    page.keyboard.press("Escape")
    assert amount(page, 2).input_value() == was


def test_a_column_is_pasted_from_a_spreadsheet(sheet):
    page = sheet()
    paste(page, amount(page, 4), "71\t帮扶\r\n72\t\r\n73.5\t巡河\r\n")
    saved(page)
    page.reload()
    assert [amount(page, at).input_value() for at in (4, 5, 6)] == ["71.00", "72.00", "73.50"]
    assert [note(page, at).input_value() for at in (4, 6)] == ["帮扶", "巡河"]


def test_a_value_that_cannot_stand_is_marked_and_stays_to_be_corrected(sheet):
    page = sheet()
    amount(page, 8).fill("9999")
    amount(page, 8).press("Tab")
    page.wait_for_selector("tr.clash")
    assert amount(page, 8).input_value() == "9999"
    assert amount(page, 8).get_attribute("aria-invalid") == "true"
    amount(page, 8).fill("40")
    amount(page, 8).press("Tab")
    saved(page)
    assert page.locator("tr.clash").count() == 0


def test_two_at_once_are_told_of_each_other_and_each_can_decide(sheet):
    one, two = sheet(), sheet()
    was = int(float(amount(one, 10).input_value()))
    amount(one, 10).fill(str(50 + was % 7))
    amount(one, 10).press("Tab")
    saved(one)
    hers = 90 + was % 7
    amount(two, 10).fill(str(hers))
    amount(two, 10).press("Tab")
    two.wait_for_selector("tr.clash")
    expect(two.locator("tr.clash")).to_contain_text("赵桂兰")
    assert amount(two, 10).input_value() == str(hers)
    two.click("tr.clash .mine")
    saved(two)
    amount(one, 10).fill("77")
    amount(one, 10).press("Tab")
    one.wait_for_selector("tr.clash")
    one.click("tr.clash .theirs")
    assert float(amount(one, 10).input_value()) == hers
    saved(one)


def test_nothing_is_lost_while_the_line_is_cut(sheet):
    page = sheet()
    value = str(41 + int(float(amount(page, 12).input_value())) % 5)
    page.context.set_offline(True)
    amount(page, 12).fill(value)
    amount(page, 12).press("Tab")
    page.wait_for_selector("#saving.unsaved")
    assert amount(page, 12).evaluate("cell => cell.classList.contains('unsaved')")
    assert page.evaluate("!window.dispatchEvent(new Event('beforeunload', {cancelable: true}))")
    page.context.set_offline(False)
    saved(page)
    page.reload()
    assert float(amount(page, 12).input_value()) == float(value)


def test_without_a_script_the_button_saves(sheet):
    page = sheet(java_script_enabled=False)
    value = str(31 + int(float(amount(page, 14).input_value())) % 5)
    amount(page, 14).fill(value)
    page.click("#save-now")
    assert float(amount(page, 14).input_value()) == float(value)


def test_the_way_to_submitted_shows_what_will_be_handed_in(sheet):
    page = sheet(bypass_csp=True)
    button = page.locator("form[action$='/submit/'] button")
    if not button.count():  # something stops it: it is told instead
        assert page.locator(".findings .stops").count()
        return
    button.click()
    page.wait_for_selector(".preview")
    assert re.search("合计 [\\d,.]+ 元（[零壹贰叁肆伍陆柒捌玖拾佰仟万元整角分]+）", page.inner_text(".preview"))
    assert grave_faults(page) == []
