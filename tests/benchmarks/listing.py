"""Pages of the members' list a second, beside a stock ModelAdmin over the same rows, in the same process.

`uv run python -m tests.benchmarks.listing [ROUNDS [PAGES [MEMBERS]]]`: the median of ROUNDS (5) rounds of PAGES (20)
requests each, through Django's test client with a session, as county staff, on the invented county in a temporary
folder or in the empty database that DATABASE_URL names; with MEMBERS, its women are multiplied to so many before.
Seconds are of the processor, in this process and in the database's for it (spending.py).

Stock is Django's admin on a site of its own, with its own templates and the middleware it needs, and without
`list_select_related`: for each row it looks up the membership and then the village. It shows neither zones nor posts;
"stock, all columns" does, with as many look-ups more. Neither keeps to anybody's jurisdiction.
"""

import io
import os
import statistics
import sys
import tempfile
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
from members.models import Member, Membership, Post, ZoneAssignment  # noqa: E402
from tests.benchmarks.spending import spent  # noqa: E402

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
    "last page": {"p": "last"},
}  # fmt: skip
STOCK_FILTER = {"political_status__exact": "masses"}  # it has no way to a township


def addresses(at: str, filtered: dict[str, Any], last: int) -> dict[str, str]:
    asked = PAGES | {"filtered": filtered, "last page": {"p": last}}
    return {name: f"{at}?{urlencode(each)}" for name, each in asked.items()}


def measured(
    at: str, filtered: dict[str, Any], user: User, rounds: int, pages: int
) -> Iterator[tuple[str, float, int]]:
    """(page, requests a second, queries) of each."""
    client = Client(SERVER_NAME="localhost")
    client.force_login(user, "councils.accounts.RoleBackend")
    last = client.get(at).context_data["cl"].paginator.num_pages
    for name, address in addresses(at, filtered, last).items():
        answer = client.get(address)
        assert answer.status_code == 200, (address, answer.status_code)
        with CaptureQueriesContext(connection) as asked:
            client.get(address)
            queries = len(asked)  # before the next request empties the log
        paces = []
        for _round in range(rounds):
            began = spent()
            for _page in range(pages):
                client.get(address)
            paces.append(pages / (spent() - began))
        yield name, statistics.median(paces), queries


def multiply(members: int) -> None:
    """As many members as asked for, each a copy of one of the county's with a number of her own."""
    sqlite = connection.vendor == "sqlite"
    own = {"national_id_print": "randomblob(32)" if sqlite else "sha256((id::text || '-{step}')::bytea)"}
    own |= {"id": "id + {step}", "member_id": "member_id + {step}", "primary": "false"}
    copies = -(-members // Member.objects.count()) - 1
    for step in range(10_000_000, 10_000_000 * (copies + 1), 10_000_000):
        for model in (Member, Membership, Post, ZoneAssignment):
            columns = [field.column for field in model._meta.concrete_fields]
            values = ", ".join(own.get(name, f'"{name}"').format(step=step) for name in columns)
            names = ", ".join(f'"{name}"' for name in columns)
            kept = " AND position = 'member'" if model is Post else ""  # one president a council
            table = model._meta.db_table
            with connection.cursor() as cursor:
                cursor.execute(f"INSERT INTO {table} ({names}) SELECT {values} FROM {table} WHERE id < 10000000{kept}")
    with connection.cursor() as cursor:
        cursor.execute("ANALYZE")


def main(rounds: int = 5, pages: int = 20, members: int = 0) -> None:
    if "councils_council" not in connection.introspection.table_names():
        call_command("migrate", verbosity=0)
        call_command("load_demo", stdout=io.StringIO())
    if members > Member.objects.count():
        multiply(members)
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
