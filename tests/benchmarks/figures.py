"""How long the figures of a dashboard take, against counting node by node, and how fast totals are rebuilt.

`uv run python -m tests.benchmarks.figures [ROWS [LARGE [TIMES]]]`: ROWS activities (500,000) of the demo county with
its ledgers and months, on SQLite and on PostgreSQL (that of the tests, or the one CUNSAO_TEST_POSTGRESQL names); then
LARGE activities (5,000,000) over 16,000 villages on PostgreSQL alone, which are those of a province of 50 counties and
then those of one county; 0 leaves one of them out. Milliseconds of processor, here and in the database, the median of
TIMES runs (9), and the quickest by the clock; `spending` says what that leaves out. Rebuilding is told by both clocks.

`values` are the figures that a dashboard tells of its council and month. The whole page asks them for the councils
below too, draws its charts and lists what waits. What it compares them with, in the month and the year before and
beside it, is kept for five minutes: `the first page` asks for that as well. Node by node is what a page does that asks
its questions village by village, out of the records: one question a figure, or the kinder one that asks for all kinds
of work at once.
"""

import os
import sys
import tempfile
import time
from collections.abc import Callable, Iterator
from datetime import date
from pathlib import Path
from typing import Any

from tests import databases
from tests.races import own_database

ROWS, LARGE, TIMES = 500_000, 5_000_000, 9
LIMITS = {"county": 100, "province": 300}  # milliseconds; none for a county of 500 townships, which there is not
LAST = date(2022, 8, 31)
TABLE = ["members", "insured", "zones_without_member", "hazards_open", "activities", "elderly", "child", "dispute"]


def main(rows: int = ROWS, large: int = LARGE, times: int = TIMES) -> None:
    databases.KIND = "postgresql"
    server = os.environ.get("CUNSAO_TEST_POSTGRESQL") or databases.url(Path())
    runs = [
        ("SQLite", "", "county", rows), ("PostgreSQL", server, "county", rows),
        ("PostgreSQL, 16,000 villages in 50 counties", server, "province", large),
        ("PostgreSQL, 16,000 villages in one county", server, "large", large),
    ]  # fmt: skip
    for name, url, size, count in (run for run in runs if run[-1]):
        with tempfile.TemporaryDirectory() as folder, own_database(Path(folder), url) as environment:
            os.environ |= environment
            print(name, flush=True)
            command = [sys.executable, "-m", "tests.benchmarks.figures", "measure", size, str(count), str(times)]
            os.spawnve(os.P_WAIT, sys.executable, command, os.environ)


def measure(size: str, rows: int, times: int) -> None:
    os.environ.setdefault("DJANGO_SETTINGS_MODULE", "cunsao.settings")
    import django  # noqa: PLC0415 - with the environment that the caller made

    django.setup()
    from django.conf import settings  # noqa: PLC0415
    from django.core.management import call_command  # noqa: PLC0415

    settings.ALLOWED_HOSTS = ["testserver"]
    settings.STORAGES["staticfiles"]["BACKEND"] = "django.contrib.staticfiles.storage.StaticFilesStorage"
    settings.STATIC_ROOT.mkdir(parents=True, exist_ok=True)
    from reports import totals  # noqa: PLC0415
    from tests.benchmarks import filling, filling_large, spending  # noqa: PLC0415

    call_command("migrate", verbosity=0)
    with open(os.devnull, "w", encoding="utf-8") as nowhere:
        if size == "county":
            call_command("load_demo", stdout=nowhere)
            call_command("load_demo", records=True, stdout=nowhere)
            filling.fill(rows, 365)
        else:
            filling_large.fill(rows, filling_large.COUNTIES if size == "province" else 1)
    spending.prepare()
    counted, cost = _records(), spending.cost_of(totals.rebuild, 1)
    for clock, took in ("processor", cost.together / 1000), ("the clock", cost.quickest / 1000):
        print(f"  rebuilt from {counted:,} records in {took:.1f} s by {clock}: {counted / took:,.0f} a second")
    begun = time.perf_counter()
    differ = len(totals.recount())
    print(f"  recounted in {time.perf_counter() - begun:.1f} s: {differ} differ", flush=True)
    spending.prepare()
    print(f"  {'':<46}{'here':>9}{'database':>10}{'quickest':>10}")
    _dashboards(size, times)


def _dashboards(size: str, times: int) -> None:
    from councils.models import Council  # noqa: PLC0415
    from reports import indicators, kinds, lines  # noqa: PLC0415
    from reports.periods import Period  # noqa: PLC0415

    county = Council.objects.filter(level="county").order_by("code")[0]
    township = Council.objects.filter(parent=county).order_by("code")[4]
    village = Council.objects.filter(parent=township).order_by("code").first()
    august, until = Period.month(LAST), Period.until(LAST)
    year = Period(date(2021, 9, 1), LAST).months()
    roles = [f"role_{role}" for role in kinds.Role.values]
    board = list(dict.fromkeys((*lines.HERO, *lines.PEOPLE, *lines.GAPS, *lines.MONEY, *lines.ROLES)))
    slowest = page = 0.0
    for council in (county, township, village):
        assert council is not None
        asked: dict[str, Callable[[], Any]] = {
            "values, those of a dashboard": lambda c=council: len(indicators.values(c, august, board)),  # type: ignore[misc]
            "values, all figures": lambda c=council: len(indicators.values(c, august)),  # type: ignore[misc]
            "values, the county's table": lambda c=council: len(  # type: ignore[misc]
                indicators.values(c, until, indicators.CASE_REPORT)
            ),
            "series, 6 roles, 12 months": lambda c=council: len(indicators.series(c, year, roles)),  # type: ignore[misc]
            "below, 8 figures": lambda c=council: len(indicators.below(c, august, TABLE)),  # type: ignore[misc]
            "the first page in five minutes": _page(council, first=True),
            "the whole page": _page(council),
        }
        whole = [_told(council.level, what, ask, times) for what, ask in asked.items()]
        slowest, page = max(slowest, whole[0]), max(page, whole[-1])
    told = f"slowest values {slowest:.1f} ms of processor, slowest page {page:.1f}"
    print(f"  {told}{f', promised {LIMITS[size]}' if size in LIMITS else ''}", flush=True)
    fast = _told("county", "kinds of the county and below", lambda: _fast(county, august, list(kinds.KINDS)), times)
    slow = _told("county", "the same, a question a village", lambda: _by_village(county, august), 1)
    print(f"  {slow / fast:,.0f} times faster than a question a village", flush=True)
    if size == "county":
        stood = [key for key in board if key not in lines.MONEY]  # a village has none of its own
        fast = _told("county", "values of the county and below", lambda: _fast(county, august, stood), times)
        slow = _told("county", "the same, node by node", lambda: _node_by_node(county, august, stood), 1)
        print(f"  {slow / fast:,.0f} times faster than node by node, promised 50", flush=True)


def _told(who: str, what: str, ask: Callable[[], Any], times: int) -> float:
    from tests.benchmarks import spending  # noqa: PLC0415 - when Django is set up

    cost = spending.cost_of(ask, times)
    print(f"  {who:<10}{what:<36}{cost.here:>9.1f}{cost.database:>10.1f}{cost.quickest:>10.1f} ms", flush=True)
    return cost.together


def _page(council: Any, first: bool = False) -> Callable[[], int]:
    """The dashboard as it is sent to who works on its level."""
    from django.core.cache import cache  # noqa: PLC0415
    from django.test import Client  # noqa: PLC0415
    from django.urls import reverse  # noqa: PLC0415

    from tests.factories import make_account  # noqa: PLC0415

    client = Client()
    client.force_login(make_account(council))
    address = reverse("dashboard", args=[council.code])

    def ask() -> int:
        if first:
            cache.clear()
        page = client.get(address, {"month": f"{LAST:%Y-%m}"})
        assert page.status_code == 200, page.status_code
        return len(page.content)

    return ask


def _fast(county: Any, period: Any, keys: list[str]) -> int:
    from reports import indicators  # noqa: PLC0415

    own, below = indicators.values(county, period, keys), indicators.below(county, period, keys)
    return len(own) + sum(map(len, below.values()))


def _villages(county: Any) -> Iterator[Any]:
    from councils.models import Council  # noqa: PLC0415

    for township in Council.objects.filter(parent=county):
        yield from Council.objects.filter(parent=township)


def _by_village(county: Any, period: Any) -> int:
    from django.db.models import Sum  # noqa: PLC0415

    from reports.models import Activity  # noqa: PLC0415

    found = 0
    for village in _villages(county):
        rows = Activity.objects.filter(village=village, day__range=(period.first, period.last))
        found += len(rows.exclude(state="rejected").order_by().values("kind").annotate(sum=Sum("quantity")))
    return found


def _node_by_node(county: Any, period: Any, keys: list[str]) -> int:
    from reports import indicators  # noqa: PLC0415

    asked = [indicators.CATALOGUE[key] for key in keys]
    found = 0
    for village in _villages(county):
        for each in asked:
            rows = indicators.records(each.key, village, period).order_by()
            found += rows.aggregate(value=each.measure(None))["value"]
    return found


def _records() -> int:
    from reports.models import Activity  # noqa: PLC0415

    return Activity.objects.count()


if __name__ == "__main__":
    if sys.argv[1:2] == ["measure"]:
        measure(sys.argv[2], *map(int, sys.argv[3:]))
    else:
        main(*map(int, sys.argv[1:]))
