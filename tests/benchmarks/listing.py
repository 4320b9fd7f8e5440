"""Pages of the members' list a second, beside a stock ModelAdmin over the same rows, in the same process.

`uv run python -m tests.benchmarks.listing [ROUNDS [PAGES]]`: the median of ROUNDS (5) rounds of PAGES (20) requests
each, through Django's test client with a session, as county staff, on the invented county in a temporary folder or in
the empty database that DATABASE_URL names.

Stock is Django's admin on a site of its own, with its own templates and the middleware it needs, and without
`list_select_related`: for each row it looks up the membership and then the village. It shows neither zones nor posts;
"stock, all columns" does, with as many look-ups more. Neither keeps to anybody's jurisdiction.
"""

import io
import os
import statistics
import sys
import tempfile
import time
from collections.abc import Iterator
from typing import Any
from urllib.parse import urlencode

os.environ.setdefault("DJANGO_SETTINGS_MODULE", "cunsao.settings")
os.environ.setdefault("CUNSAO_DATA_DIR", tempfile.mkdtemp(prefix="cunsao-listing-"))

import django

django.setup()

from django.conf import settings  # noqa: E402
from django.contrib import admin  # noqa: E402
from django.core.management import call_command  # noqa: E402
from django.db import connection  # noqa: E402
from django.test import Client, override_settings  # noqa: E402
from django.test.utils import CaptureQueriesContext  # noqa: E402
from django.urls import path  # noqa: E402
from django.utils import timezone  # noqa: E402

from councils.models import User  # noqa: E402
from members.ages import band_of  # noqa: E402
from members.models import Member  # noqa: E402

TOWNSHIP, NAME = "江口镇", "王"


class StockAdmin(admin.ModelAdmin):
    """The columns of the members' list as far as two look-ups a row go: name, village, status, phone, age."""

    list_display = ["name", "village", "political_status", "phone", "age"]
    list_per_page = 50
    list_filter = ["political_status", "education"]
    search_fields = ["name", "pinyin", "initials"]
    ordering = ["pinyin", "pk"]

    def village(self, member: Member) -> Any:
        running = member.memberships.filter(end=None).first()
        return running and running.village

    def age(self, member: Member) -> str:
        return band_of(member.birth_year, timezone.localdate().year)


class StockAdminOfAll(StockAdmin):
    """All columns: zones and posts too."""

    list_display = ["name", "village", "zones", "position", "political_status", "phone", "age"]

    def zones(self, member: Member) -> str:
        return ", ".join(str(each.zone) for each in member.zone_assignments.filter(end=None))

    def position(self, member: Member) -> str:
        return ", ".join(each.get_position_display() for each in member.posts.filter(end=None))


def urls(model_admin: type[admin.ModelAdmin]) -> type:
    """Addresses of a site with this admin alone."""
    site = admin.AdminSite(name="admin")
    site.register(Member, model_admin)
    return type("Stock", (), {"urlpatterns": [path("", site.urls)]})


# Its own templates, and the middleware that `startproject` writes.
STOCK = {
    "TEMPLATES": [settings.TEMPLATES[0] | {"DIRS": []}],
    "MIDDLEWARE": [each for each in settings.MIDDLEWARE if each.startswith("django.")],
}
PAGES = {
    "first page": {}, "middle page": {"p": 43}, "filtered": {"township": TOWNSHIP}, "search": {"q": NAME},
}  # fmt: skip
STOCK_FILTER = {"political_status__exact": "masses"}  # it has no way to a township


def addresses(at: str, filtered: dict[str, Any]) -> dict[str, str]:
    return {name: f"{at}?{urlencode(filtered if name == 'filtered' else asked)}" for name, asked in PAGES.items()}


def measured(
    at: str, filtered: dict[str, Any], user: User, rounds: int, pages: int
) -> Iterator[tuple[str, float, int]]:
    """(page, requests a second, queries) of each."""
    client = Client(SERVER_NAME="localhost")
    client.force_login(user, "councils.accounts.RoleBackend")
    for name, address in addresses(at, filtered).items():
        answer = client.get(address)
        assert answer.status_code == 200, (address, answer.status_code)
        with CaptureQueriesContext(connection) as asked:
            client.get(address)
            queries = len(asked)  # before the next request empties the log
        paces = []
        for _round in range(rounds):
            began = time.perf_counter()
            for _page in range(pages):
                client.get(address)
            paces.append(pages / (time.perf_counter() - began))
        yield name, statistics.median(paces), queries


def main(rounds: int = 5, pages: int = 20) -> None:
    if "councils_council" not in connection.introspection.table_names():
        call_command("migrate", verbosity=0)
        call_command("load_demo", stdout=io.StringIO())
    user = User.objects.get(username="county")
    township = user.council.children.get(name=TOWNSHIP)
    plain = {"staticfiles": {"BACKEND": "django.contrib.staticfiles.storage.StaticFilesStorage"}}
    found: dict[str, dict[str, tuple[float, int]]] = {}
    with override_settings(STORAGES=settings.STORAGES | plain):
        for kind, model_admin in (("stock", StockAdmin), ("stock, all columns", StockAdminOfAll)):
            with override_settings(ROOT_URLCONF=urls(model_admin), **STOCK):
                rows = measured("/members/member/", STOCK_FILTER, user, rounds, pages)
                found[kind] = {name: (pace, queries) for name, pace, queries in rows}
        rows = measured("/members/member/", {"township": township.code}, user, rounds, pages)
        found["cunsao"] = {name: (pace, queries) for name, pace, queries in rows}
    members = Member.objects.serving().count()
    print(f"{members} members, {connection.vendor}, requests a second (queries), median of {rounds} × {pages}")
    print(f"{'page':<14}" + "".join(f"{kind:>22}" for kind in found) + f"{'times stock':>14}")
    for name in PAGES:
        cells = [f"{found[kind][name][0]:.1f} ({found[kind][name][1]})" for kind in found]
        times = found["cunsao"][name][0] / found["stock"][name][0]
        print(f"{name:<14}" + "".join(f"{cell:>22}" for cell in cells) + f"{times:>14.1f}")


if __name__ == "__main__":
    main(*map(int, sys.argv[1:]))
