"""Opening the county's month, and the entry page of its largest township.

`uv run python -m tests.benchmarks.month [ROUNDS]`: on the invented county (30 townships, 4,240 members) in a temporary
folder, or in the empty database that DATABASE_URL names. September 2022 is opened for all townships at once, in a
transaction that is taken back, ROUNDS (5) times; then the entry page of the township with most members is asked for
ROUNDS × 4 times through the test client as its chair, middleware and template included. Queries are counted in runs
of their own. Printed: the quickest and the median, in milliseconds of the processor, in this process and in the
database's for it (spending.py): what the server works, whatever else the machine does.
"""

import io
import os
import statistics
import sys
import tempfile
from collections.abc import Callable
from datetime import date
from typing import Any

os.environ.setdefault("DJANGO_SETTINGS_MODULE", "cunsao.settings")
os.environ.setdefault("CUNSAO_DATA_DIR", tempfile.mkdtemp(prefix="cunsao-month-"))

import django

django.setup()

from django.conf import settings  # noqa: E402
from django.core.management import call_command  # noqa: E402
from django.db import connection, transaction  # noqa: E402
from django.db.models import Count  # noqa: E402
from django.test import Client, override_settings  # noqa: E402
from django.test.utils import CaptureQueriesContext  # noqa: E402
from django.urls import reverse  # noqa: E402

from councils.accounts import open_account  # noqa: E402
from councils.models import Council  # noqa: E402
from members import payroll  # noqa: E402
from members.models import Membership  # noqa: E402
from tests.benchmarks.spending import spent  # noqa: E402

OPENED = date(2022, 9, 1)


def timed(deed: Callable[[], Any], rounds: int) -> str:
    taken = []
    for _round in range(rounds):
        start = spent()
        deed()
        taken.append(1000 * (spent() - start))
    return f"{min(taken):7.0f} ms quickest {statistics.median(taken):7.0f} ms median"


def queries(deed: Callable[[], Any]) -> int:
    with CaptureQueriesContext(connection) as said:
        deed()
    return len(said)


def open_county() -> None:
    """All townships' month, taken back again."""
    with transaction.atomic():
        payroll.open_months(list(Council.objects.at_level("township")), OPENED, None)
        transaction.set_rollback(True)


def main(rounds: int) -> None:
    call_command("migrate", verbosity=0)
    if not Council.objects.exists():
        call_command("load_demo", stdout=io.StringIO())
        call_command("load_demo", records=True, stdout=io.StringIO())
    print(f"{connection.vendor}, load {os.getloadavg()[0]:.1f}")
    print(f"open the county's month: {timed(open_county, rounds)}, {queries(open_county)} queries")
    running = Membership.objects.filter(end=None).values("village__parent").annotate(people=Count("pk"))
    largest = Council.objects.get(code=running.order_by("-people")[0]["village__parent"])
    roster = payroll.open_month(largest, OPENED, None)
    chair, _password = open_account("benchmark", "测试", roster.township, "township_chair")
    chair.must_change_password = False
    chair.save()
    client = Client(SERVER_NAME="localhost")
    client.force_login(chair, "councils.accounts.RoleBackend")
    address = reverse("month", args=[roster.township.code, f"{roster.month:%Y-%m}"])

    def ask() -> None:
        assert client.get(address).status_code == 200

    ask()
    size = len(client.get(address).content)
    told = f"{roster.entries.count()} members, {size // 1024} KiB, {queries(ask)} queries"
    print(f"entry page of {roster.township} ({told}): {timed(ask, 4 * rounds)}")


if __name__ == "__main__":
    plain = {"staticfiles": {"BACKEND": "django.contrib.staticfiles.storage.StaticFilesStorage"}}
    with override_settings(STORAGES=settings.STORAGES | plain):
        main(int(sys.argv[1]) if len(sys.argv) > 1 else 5)
