import shutil

import pytest
from playwright.sync_api import sync_playwright

from tests import databases
from tests.served import product_environment, served, wait_for_records

SWITCHES = [
    "--no-sandbox",
    "--disable-gpu",
    "--disable-background-networking",
    "--disable-component-update",
    "--disable-sync",
]
SIZES = {"desktop": {"width": 1366, "height": 800}, "phone": {"width": 390, "height": 800}}


def pytest_collection_modifyitems(items):
    """A browser sees no database: its tests run once."""
    for item in items:
        if "browser" in item.path.parts:
            item.add_marker(pytest.mark.once)
    if databases.KIND == "postgresql":
        items[:] = [item for item in items if "browser" not in item.path.parts]


@pytest.fixture(scope="session")
def county(tmp_path_factory):
    """The demo county, served as the README says."""
    environment = product_environment(tmp_path_factory.mktemp("county"))
    with served(environment) as running:
        wait_for_records(environment)
        yield running


@pytest.fixture(scope="session")
def browser():
    path = shutil.which("chromium") or shutil.which("chromium-browser")
    assert path, "Chromium is missing: install Debian's package chromium."
    with sync_playwright() as driver:
        chromium = driver.chromium.launch(executable_path=path, args=SWITCHES)
        yield chromium
        chromium.close()


def is_complaint(said):
    """That the line is cut is said where a test cuts it, and nowhere else."""
    return said.type in ("error", "warning") and "ERR_INTERNET_DISCONNECTED" not in said.text


@pytest.fixture(params=list(SIZES))
def open_as(request, browser, county):
    """`open_as(role)` signs in and gives a page; what the browser complains of fails the test."""
    contexts, complaints = [], []

    def opened(name, **settings):
        context = browser.new_context(
            viewport=SIZES[request.param], locale="zh-CN", base_url=county.address, **settings
        )
        contexts.append(context)
        page = context.new_page()
        if "bypass_csp" not in settings:  # an inspector's own requests are not the page's
            listen(page)
        page.goto("/login/")
        page.fill("#id_username", name)
        page.fill("#id_password", county.sign_ins[name])
        page.click("button.default")
        page.wait_for_url(lambda url: "login" not in url)
        return page

    def listen(page):
        page.on("console", lambda said: complaints.append(said.text) if is_complaint(said) else None)
        page.on("pageerror", lambda fault: complaints.append(str(fault)))
        page.on(
            "request", lambda sent: complaints.append(sent.url) if not sent.url.startswith(county.address) else None
        )

    yield opened
    for context in contexts:
        context.close()
    assert complaints == []
