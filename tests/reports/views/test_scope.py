"""From one's own dashboard and reports along every link to figures, as every role: nothing from elsewhere, no error."""

import re

import pytest
from django.urls import reverse

from tests.factories import make_account, make_county, make_member, make_township, make_work, villages_of

pytestmark = pytest.mark.django_db
CANARY = "金丝雀"
LINK = re.compile(r'href="(/(?:board/|telling/|[a-z]+/[a-z]+/\?figure=)[^"#]*)"')
MONTH = re.compile(r"month=(?!2022-08)|figure=(?!\w+\.\d+\.2022-08-01)")  # one month of each page, and of each figure
PAGES = ("home", "reports", "circular", "case_report", "fill_form")


@pytest.fixture
def county():
    """Two townships; all of the second is named so that it cannot be missed."""
    county = make_county()
    for name, word in (("本镇", "本"), (f"{CANARY}镇", CANARY)):
        township = make_township(county, villages=2, zones_each=1, name=name)
        village = villages_of(township)[0]
        make_work(village, make_member(village, name=f"{word}嫂"), word)
    return county


def crawled(client, start):
    """(address, status, text) of every page that can be reached."""
    waiting, seen = list(start), set()
    while waiting:
        address = waiting.pop()
        if address in seen:
            continue
        seen.add(address)
        page = client.get(address, follow=True)
        if page.streaming:
            continue
        text = page.content.decode()
        yield address, page.status_code, text
        found = (link.replace("&amp;", "&") for link in LINK.findall(text))
        waiting += [link for link in found if not MONTH.search(link) and "&" not in link]


@pytest.mark.parametrize(
    ("role", "place", "least"),
    [
        ("township_chair", "township", 60), ("village_president", "village", 20), ("county_staff", "county", 60),
        ("county_finance", "county", 8), ("auditor", "county", 60), ("system_administrator", "county", 1),
    ],
)  # fmt: skip
def test_no_figure_and_no_report_leads_outside(client, county, role, place, least):
    own = county.children.first()
    council = {"county": county, "township": own, "village": villages_of(own)[0]}[place]
    client.force_login(make_account(council, role))
    visited = list(crawled(client, [reverse(name) for name in PAGES]))
    for address, status, text in visited:
        assert status < 500, address
        assert place == "county" or CANARY not in text, address
    assert len(visited) >= least
