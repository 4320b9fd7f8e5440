import re
import subprocess

import pytest

from tests.browser.test_tree import grave_faults

REGISTER = "/members/register/341226104/"
CIRCULAR = "/telling/circular/?period=2022-08"  # of thirty townships, whose rows stand close


def test_as_many_sheets_of_paper_come_out_as_the_page_says(open_as, tmp_path):
    page = open_as("chair")
    page.goto(REGISTER)
    page.emulate_media(media="print")
    said = int(re.findall(r"\d+", page.locator(".number").last.inner_text())[-1])
    made = tmp_path / "register.pdf"
    page.pdf(path=made, prefer_css_page_size=True)
    assert page.locator(".sheet").count() == said > 10
    assert len(re.findall(rb"/Type\s*/Page[^s]", made.read_bytes())) == said


@pytest.mark.parametrize(("who", "address"), [("chair", REGISTER), ("county", CIRCULAR)])
def test_a_row_of_any_length_stays_on_its_sheet(open_as, who, address):
    """With the last column filled to the brim, measured in the browser as it would be printed."""
    page = open_as(who)
    page.goto(address)
    page.emulate_media(media="print")
    higher = page.evaluate(
        """() => [...document.querySelectorAll('.sheet')].filter(sheet => {
            const row = sheet.querySelector('tbody tr:last-child');
            if (!row) return false;
            const before = row.offsetHeight;
            row.lastElementChild.firstElementChild.textContent = '很长的备注WWWW'.repeat(60);
            const foot = sheet.querySelector('footer').getBoundingClientRect();
            const table = sheet.querySelector('table').getBoundingClientRect();
            return row.offsetHeight > before + 1 || table.bottom > foot.top
                || foot.bottom > sheet.getBoundingClientRect().bottom || sheet.scrollHeight > sheet.clientHeight;
        }).length"""
    )
    assert higher == 0
    assert bool(page.locator(".sheet.close").count()) == (address == CIRCULAR)


def test_the_button_prints(open_as):
    page = open_as("chair")
    page.goto(REGISTER)
    page.evaluate("window.print = () => { document.title = 'printed' }")
    page.click("[data-print]")
    assert page.title() == "printed"


def test_the_pdf_is_a4_landscape(open_as, tmp_path):
    page = open_as("chair")
    page.goto(REGISTER)
    made = tmp_path / "register.pdf"
    page.pdf(path=made, prefer_css_page_size=True)
    said = subprocess.run(["pdfinfo", made], capture_output=True, text=True, check=True).stdout
    width, height = map(float, re.search(r"Page size: +([\d.]+) x ([\d.]+)", said).groups())
    assert (round(width), round(height)) == (842, 595)
    assert int(re.search(r"Pages: +(\d+)", said)[1]) == page.locator(".sheet").count()


@pytest.mark.parametrize("address", [REGISTER, "/members/member/export/?position=member", "/councils/zone/export/"])
def test_its_pages_fit_the_screen_and_can_be_used_without_seeing_them(open_as, address):
    page = open_as("chair", bypass_csp=True)
    page.goto(address)
    assert page.evaluate("document.documentElement.scrollWidth <= window.innerWidth")
    assert grave_faults(page) == []


def test_a_list_is_downloaded_from_its_page(open_as):
    page = open_as("chair")
    page.goto("/members/member/?position=president")
    page.click(".object-tools a.export")
    with page.expect_download() as waiting:
        page.click("button.default")
    assert waiting.value.suggested_filename.endswith(".xlsx")
