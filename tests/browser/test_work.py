"""The pages of what was done in a browser: the phone page with its line cut, the month's sheet, forms and verifying."""

import io
import re

import pytest
from PIL import Image
from playwright.sync_api import expect

from tests.browser.test_tree import grave_faults

PHONE, SHEET = "/work/phone/", "/work/sheet/"
KEPT = """async () => {
    if (!(await indexedDB.databases()).some(({name}) => name === "cunsao")) return [];
    const opened = await new Promise((done) => {
        const asked = indexedDB.open("cunsao");
        asked.onsuccess = () => done(asked.result);
    });
    const kept = await new Promise((done) => {
        const asked = opened.transaction("waiting").objectStore("waiting").getAll();
        asked.onsuccess = () => done(asked.result);
    });
    opened.close();
    return kept.map((entry) => JSON.stringify(entry));
}"""
on_a_phone = pytest.mark.parametrize("open_as", ["phone"], indirect=True)
on_a_desk = pytest.mark.parametrize("open_as", ["desktop"], indirect=True)


def photo(size=(3000, 2000)):
    """A large picture that says where it was taken."""
    place = Image.Exif()
    place.get_ifd(0x8825).update({1: "N", 2: (32.0, 37.0, 30.0)})
    out = io.BytesIO()
    Image.effect_noise(size, 60).convert("RGB").save(out, "JPEG", exif=place)
    return {"name": "院子.jpg", "mimeType": "image/jpeg", "buffer": out.getvalue()}


def note(page, place, times=2):
    """One record of the first two women, known again by its place."""
    page.locator("input[name=members]").nth(0).check(force=True)
    page.locator("input[name=members]").nth(1).check(force=True)
    page.locator("input[name=kind]").nth(0).check(force=True)
    page.fill("#id_quantity", str(times))
    page.locator(".more").evaluate("more => more.open = true")
    page.fill("#id_place", place)
    page.click(".send")


def sent(page):
    page.wait_for_selector("#queue.good")


def page_of_records(page):
    text = page.request.get("/reports/activity/").text()
    keys = sorted({int(key) for key in re.findall(r"/reports/activity/(\d+)/change/", text)})
    return [page.request.get(f"/work/{key}/").text() for key in keys]


@pytest.mark.parametrize(
    ("name", "address"),
    [
        ("president", PHONE), ("president", "/work/"), ("president", "/work/enter/inspector/?kind=courtyard"),
        ("president", SHEET), ("chair", "/work/verify/"), ("chair", "/work/samples/"), ("chair", SHEET),
    ],
)  # fmt: skip
def test_a_page_fits_the_screen_and_can_be_used_without_seeing_it(open_as, name, address):
    page = open_as(name, bypass_csp=True)
    page.goto(address)
    assert page.evaluate("document.documentElement.scrollWidth <= window.innerWidth")
    assert grave_faults(page) == []


@on_a_phone
def test_what_a_thumb_presses_is_large_enough(open_as):
    page = open_as("president")
    page.goto(PHONE)
    for target in page.locator(".big, .step, .send, #id_quantity, .phone-form summary").all():
        if target.is_visible():
            assert target.bounding_box()["height"] >= 48


@on_a_phone
def test_the_usual_case_is_sent_with_a_small_photo_that_tells_no_place(open_as):
    page = open_as("president")
    page.goto(PHONE)
    large = photo()
    sizes = []
    page.on("request", lambda asked: sizes.append(len(asked.post_data_buffer or b"")) if asked.method == "POST" else "")
    page.set_input_files("#id_photos", large)
    page.wait_for_selector("#shots canvas")
    note(page, "带照片")
    sent(page)
    assert max(sizes) < len(large["buffer"]) / 2
    record = next(each for each in page_of_records(page) if "带照片" in each)
    shown = page.request.get(re.search(r"/work/photos/\d+\.jpg", record)[0])
    assert Image.open(io.BytesIO(shown.body())).size == (1280, 853)
    assert not Image.open(io.BytesIO(shown.body())).getexif()
    assert page.evaluate(KEPT) == []


@on_a_phone
def test_what_is_noted_while_the_line_is_cut_is_sent_once_and_leaves_nothing_behind(open_as):
    page = open_as("president")
    page.goto(PHONE)
    names = page.locator("label:has(input[name=members])").all_inner_texts()
    page.context.set_offline(True)
    for place in ("断线一", "断线二"):
        note(page, place)
        page.wait_for_selector("#queue.wait")
    page.locator("#waiting li").nth(1).wait_for()
    expect(page.locator("#queue")).to_contain_text("2 条待发送")
    kept = "".join(page.evaluate(KEPT))
    assert "断线二" in kept
    assert not any(name.strip() in kept for name in names)
    page.context.set_offline(False)
    sent(page)
    records = page_of_records(page)
    assert [sum(place in each for each in records) for place in ("断线一", "断线二")] == [1, 1]
    assert page.evaluate(KEPT) == []
    assert page.evaluate("Object.keys(localStorage).filter(key => key !== 'theme').length") == 0


@on_a_phone
def test_an_answer_that_is_lost_stores_nothing_twice(open_as):
    page = open_as("president")
    page.goto(PHONE)
    lost = []

    def lose(route):
        if route.request.method != "POST" or len(lost) == 2:
            route.continue_()
            return
        route.fetch()  # it arrives and is stored, and nobody hears of it
        lost.append(route.request.url)
        route.abort("internetdisconnected")

    page.route(re.compile("/work/(phone|[0-9]+/photos)/"), lose)
    note(page, "回音丢了")
    page.wait_for_selector("#queue.wait")
    sent(page)
    assert len(lost) == 2
    assert sum("回音丢了" in each for each in page_of_records(page)) == 1


@on_a_phone
def test_a_session_that_ended_is_told_and_what_was_noted_is_sent_after_signing_in(open_as, county):
    page = open_as("president", bypass_csp=True)  # what the browser says of the refusal is no complaint
    page.goto(PHONE)
    page.context.clear_cookies(name="cunsao_session")
    note(page, "登录过期")
    page.wait_for_selector("#sign-in:not([hidden])")
    expect(page.locator("#queue")).to_contain_text("登录")
    page.click("#sign-in")
    page.fill("#id_username", "president")
    page.fill("#id_password", county.sign_ins["president"])
    page.click("button.default")
    sent(page)
    assert sum("登录过期" in each for each in page_of_records(page)) == 1


@on_a_phone
def test_who_signs_out_takes_along_what_was_not_sent_and_nobody_else_sends_it(open_as, county):
    page = open_as("president")
    page.goto(PHONE)
    page.route("**/work/phone/", lambda route: route.abort("internetdisconnected"))
    note(page, "没发出去")
    page.wait_for_selector("#queue.wait")
    asked = []
    page.once("dialog", lambda dialog: (asked.append(dialog.message), dialog.accept()))
    page.click(".who summary")
    page.click("form[data-leave] button")
    page.wait_for_url(lambda url: PHONE not in url)
    assert "1" in asked[0]
    assert page.evaluate(KEPT) == []


@on_a_phone
def test_what_is_refused_can_be_mended_and_is_not_lost(open_as):
    page = open_as("president")
    page.goto(PHONE)
    page.locator(".more").evaluate("more => more.open = true")
    page.evaluate("document.getElementById('id_day').max = ''")
    page.fill("#id_day", "2999-01-01")
    note(page, "明天的事")
    page.wait_for_selector("#waiting .why:not(:empty)")
    page.click("#waiting .again")
    assert page.input_value("#id_place") == "明天的事"
    page.fill("#id_day", "2022-09-01")
    page.click(".send")
    sent(page)


@on_a_phone
def test_without_a_script_the_form_is_sent_as_it_is(open_as):
    page = open_as("president", java_script_enabled=False)
    page.goto(PHONE)
    page.locator("input[name=members]").nth(0).check(force=True)
    page.locator("input[name=kind]").nth(0).check(force=True)
    page.click(".send")
    expect(page.locator(".messagelist .success")).to_have_count(1)


@on_a_desk
def test_cells_of_the_sheet_are_saved_pasted_and_guarded_against_each_other(open_as):
    one, two = open_as("president"), open_as("chair")
    one.goto(SHEET)
    address = one.url
    two.goto(address)
    cells = [page.locator("#sheet input[name^='q-']") for page in (one, two)]
    cells[0].nth(0).focus()
    cells[0].nth(0).evaluate(
        """(cell) => {
            const data = new DataTransfer();
            data.setData("text/plain", "3\\t4\\r\\n5\\t6\\r\\n");
            cell.dispatchEvent(new ClipboardEvent("paste", { clipboardData: data, bubbles: true, cancelable: true }));
        }"""
    )
    one.wait_for_selector("#saving.saved")
    cells[1].nth(0).fill("9")
    cells[1].nth(0).press("Enter")
    two.wait_for_selector("tr.clash")
    expect(two.locator("tr.clash")).to_contain_text("陈秀芳")
    two.click("tr.clash .mine")
    two.wait_for_selector("#saving.saved")
    one.reload()
    row = one.locator("#sheet tr[data-entry]").nth(1).locator("input[name^='q-']")
    assert [cells[0].nth(at).input_value() for at in (0, 1)] == ["9", "4"]
    assert [row.nth(at).input_value() for at in (0, 1)] == ["5", "6"]


@on_a_desk
def test_what_waits_is_ticked_and_verified(open_as):
    president = open_as("president")
    president.goto("/work/enter/helper/?kind=elderly")
    president.locator("input[name=members]").nth(0).check()
    president.fill("#id_text", "给独居老人送了米面，陪着说了话")
    president.set_input_files("#id_photos", photo((900, 600)))
    president.click("button.default")
    expect(president.locator(".shots img")).to_have_count(1)
    chair = open_as("chair")
    chair.goto("/work/verify/")
    record = chair.locator(".looked-at", has_text="给独居老人送了米面").first
    record.locator("input[name=seen]").check()
    chair.click("button[value=verify]")
    expect(chair.locator(".messagelist .success")).to_have_count(1)
    president.reload()
    assert president.locator("a[href$='/mend/']").count() == 0
