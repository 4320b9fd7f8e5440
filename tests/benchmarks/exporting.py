"""How long the county's register takes to leave as a workbook, beside django-import-export with the same columns.

`uv run python -m tests.benchmarks.exporting [TIMES [ENTRIES]]`: medians of TIMES runs (5) on a database of its own in a
temporary folder, all in the same process; before it the audit trail with ENTRIES entries (200,000), with the memory.
"""

import os
import resource
import statistics
import sys
import tempfile
import time
from collections.abc import Callable
from typing import Any

os.environ.setdefault("DJANGO_SETTINGS_MODULE", "cunsao.settings")
os.environ.setdefault("CUNSAO_DATA_DIR", tempfile.mkdtemp(prefix="cunsao-exporting-"))

import django

django.setup()

from django.contrib import admin  # noqa: E402
from django.core.management import call_command  # noqa: E402
from django.db import connection  # noqa: E402
from import_export import resources  # noqa: E402
from import_export.fields import Field  # noqa: E402

from councils import divisions, exports, intake  # noqa: E402
from councils.models import Change  # noqa: E402
from cunsao import workbook  # noqa: E402
from members import exports as register  # noqa: E402
from members.models import Member, Membership  # noqa: E402
from reports.demo.county import DIVISIONS  # noqa: E402
from tests.benchmarks.importing import county_list  # noqa: E402


class Stock(resources.ModelResource):
    """The same columns as its handbook would have them: attributes, and a dehydrate method for what is many-valued."""

    township = Field("village__parent__name")
    village = Field("village__name")
    village_code = Field("village__code")
    name = Field("member__name")
    national_id = Field("member__national_id")
    phone = Field("member__phone")
    zone = Field()
    position = Field()
    political_status = Field("member__get_political_status_display")
    education = Field("member__get_education_display")
    ethnicity = Field("member__ethnicity")
    joined_on = Field("start")
    bank_name = Field("member__bank_name")
    bank_account = Field("member__bank_account")
    remark = Field("member__remark")

    class Meta:
        model = Membership
        fields = register.FIELDS

    def dehydrate_zone(self, each: Membership) -> str:
        return "、".join(taken.zone.name for taken in each.member.zone_assignments.all() if not taken.end)

    def dehydrate_position(self, each: Membership) -> str:
        return "、".join(post.get_position_display() for post in each.member.posts.all() if not post.end)


def tuned() -> Any:
    return Membership.objects.select_related("member", "village__parent").prefetch_related(
        "member__posts", "member__zone_assignments__zone"
    )


def ours(ending: str) -> bytes:
    rows = register.listed(register.everybody(None), None, False)
    out = exports.Outgoing("register", register.COLUMNS, rows, Member.objects.count())
    return b"".join(exports.hand_out(out, None, ending))


WAYS: dict[str, Callable[[], bytes]] = {
    "cunsao .xlsx": lambda: ours("xlsx"),
    "cunsao .csv": lambda: ours("csv"),
    "import-export, stock .xlsx": lambda: Stock().export(Membership.objects.all()).xlsx,
    "import-export, joined .xlsx": lambda: Stock().export(tuned()).xlsx,
}


def measured(way: Callable[[], bytes]) -> tuple[float, int, bytes]:
    asked: list[str] = []

    def count(execute: Any, sql: str, *rest: Any) -> Any:
        asked.append(sql)
        return execute(sql, *rest)

    with connection.execute_wrapper(count):
        began = time.perf_counter()
        content = way()
        return time.perf_counter() - began, len(asked), content


def compare(times: int) -> None:
    rounds = [{name: measured(way) for name, way in WAYS.items()} for _round in range(times)]
    runs = {name: [each[name] for each in rounds] for name in WAYS}
    print(f"the county's register, {connection.vendor}, median of {times} runs")
    print(f"{'':<30}{'seconds':>9}{'queries':>9}{'rows':>8}")
    for name, each in runs.items():
        seconds = statistics.median(run[0] for run in each)
        count = len(workbook.open(each[0][2]).sheets[0].rows) - 1
        print(f"{name:<30}{seconds:>9.2f}{each[0][1]:>9}{count:>8}")


def trail(entries: int) -> None:
    for _some in range(0, entries, 5000):
        Change.objects.bulk_create(
            Change(actor_name="bench", action="changed", record="members.member", record_name="王小梅")
            for _entry in range(5000)
        )
    before = _most()
    found: Any = Change.objects.select_related("council")
    model_admin: Any = admin.site._registry[Change]
    told = [model_admin._told(name) for name in model_admin.list_display]
    for ending in ("xlsx", "csv"):
        began = time.perf_counter()
        out = exports.Outgoing("trail", [each.column for each in told], exports.rows(found, told), found.count())
        size = sum(len(piece) for piece in exports.hand_out(out, None, ending))
        print(
            f"audit trail of {out.count} entries as {ending}: {time.perf_counter() - began:.1f} s, "
            f"{size / 1e6:.1f} MB, memory at most {_most()} MB ({before} before)"
        )


def _most() -> int:
    return resource.getrusage(resource.RUSAGE_SELF).ru_maxrss // 1024


def main(times: int = 5, entries: int = 200_000) -> None:
    call_command("migrate", verbosity=0)
    divisions.load(divisions.read(DIVISIONS))
    trail(entries)
    content = county_list(4240)
    intake.apply(
        intake.stage(intake.review("register", workbook.open(content, "list.xlsx"), None), content, None), None
    )
    compare(times)


if __name__ == "__main__":
    main(*map(int, sys.argv[1:]))
