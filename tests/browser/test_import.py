import io

import pytest
from openpyxl import load_workbook
from playwright.sync_api import expect

from tests.browser.test_tree import grave_faults
from tests.members.lists import HEADER, person, sheet_of
from tests.served import ROOT

WORKBOOKS = ROOT / "tests" / "workbooks"


def bring(page, name, content=None):
    page.goto("/imports/")
    given = {"name": name, "mimeType": "", "buffer": content} if content else WORKBOOKS / name
    page.set_input_files("#id_file", given)
    page.click("button.default")
    page.wait_for_load_state()


def fits(page):
    return page.evaluate("document.documentElement.scrollWidth <= window.innerWidth")


def count(page, tab):
    return int(page.inner_text(f".tabs .{tab} b"))


def test_each_page_of_an_import_fits_and_can_be_used_without_seeing_it(open_as):
    page = open_as("county", bypass_csp=True)
    bring(page, "v10_errors.xlsx")
    review = page.url
    for address in (review, f"{review}?tab=new", f"{review}?tab=warnings", "/imports/register/", "/councils/batch/"):
        page.goto(address)
        assert fits(page), address
        assert grave_faults(page) == [], address
    page.goto(review)
    page.click("text=放弃这次上传")


def test_a_list_with_faults_is_looked_at_and_its_workbook_comes_back(open_as):
    page = open_as("county")
    bring(page, "v10_errors.xlsx")
    assert (count(page, "new"), count(page, "refused")) == (4, 8)
    expect(page.locator(".faults tbody")).to_have_count(8)
    expect(page.locator(".faults")).to_contain_text("341226********")
    with page.expect_download() as download:
        page.click(".choices a.main")
    marked = load_workbook(io.BytesIO(download.value.path().read_bytes())).active
    assert marked["D3"].fill.fgColor.rgb == "FFFFC7CE"
    page.click("text=放弃这次上传")
    page.wait_for_url("**/imports/register/")


def test_a_list_is_applied_and_taken_back(open_as):
    page = open_as("chair")
    names = ["秦兰花", "施云霞", "卫春芳"]
    rows = [person("江口镇", "汤圩村", name) for name in names]
    bring(page, "七月.xlsx", sheet_of([HEADER, *rows]))
    assert (count(page, "new"), count(page, "refused")) == (3, 0)
    page.click(".choices button.default")
    page.wait_for_selector(".result")
    assert fits(page)
    page.goto("/members/member/?q=" + names[0])
    expect(page.locator("#result_list tbody a")).to_have_text([names[0]])
    page.goto("/imports/")
    bring(page, "七月.xlsx", sheet_of([HEADER, *rows]))
    assert count(page, "same") == 3
    page.click("text=放弃这次上传")
    page.goto("/councils/batch/")
    page.click("#result_list >> text=七月.xlsx >> nth=0")
    if page.locator(".result").inner_text().startswith("这次上传已放弃"):  # the latest is the discarded one
        page.go_back()
        page.click("#result_list >> text=七月.xlsx >> nth=1")
    page.click("text=撤销这次导入")
    expect(page.locator(".preview")).to_contain_text("3")
    page.click("button.default")
    page.wait_for_selector(".result")
    page.goto("/members/member/?q=" + names[0])
    assert page.locator("#result_list tbody a").count() == 0


def test_a_clean_roster_of_the_county_is_recognised(open_as):
    page = open_as("county")
    bring(page, "v01_clean.xlsx")
    assert count(page, "refused") == 0
    assert count(page, "new") + count(page, "same") > 0
    page.click("text=放弃这次上传")


@pytest.mark.parametrize("role", ["auditor", "finance"])
def test_who_brings_no_lists_finds_no_door(open_as, role):
    page = open_as(role)
    assert page.locator(".menu >> text=导入名单").count() == 0
    assert page.request.get("/imports/register/").status == 403
