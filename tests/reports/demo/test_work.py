"""The county's own table, counted by the command from the records of the whole invented county."""

import json
from datetime import date
from io import StringIO

import pytest
from django.core.management import call_command
from django.db.models import Count
from django.utils import timezone

from councils.models import Council
from cunsao import months as calendar
from members.models import Membership
from reports import indicators, kinds, totals
from reports.demo import county
from reports.models import Activity, Campaign, Dispute, Hazard, HazardState, MonthlyTotal, State
from reports.periods import Period

EXACT = {
    "members": 4240, "villages_covered": 349, "subsidy_per_member_month": 200, "role_models": 3590,
    "party_activists": 306, "party_members": 51, "delegates": 204, "village_cadres": 130, "simple_ceremonies": 14244,
    "family_campaigns": 2747, "disputes_mediated": 5902, "hazards_reported": 2492,
}  # fmt: skip
OVER = {"model_households": 13_000, "elderly_visits": 78_000, "children_visits": 82_000}
DAY = "2022-08-31"


def table(**options):
    said = StringIO()
    call_command("case_report", as_of=DAY, json=True, stdout=said, **options)
    return json.loads(said.getvalue())


@pytest.mark.django_db
def test_the_whole_demo_gives_the_county_s_table(tmp_path, settings):
    """One long test, so that the county is made once."""
    county.load(tmp_path, lambda *_said: None)
    county.load_records(tmp_path, lambda *_said: None)
    told = table()
    assert tuple(told) == indicators.CASE_REPORT
    assert {key: told[key] for key in EXACT} == EXACT
    assert all(told[key] >= least for key, least in OVER.items())
    where = Council.objects.get(level="county")
    figures = indicators.values(where, Period.until(date.fromisoformat(DAY)), list(OVER))
    assert [figures[key].shown for key in OVER] == ["1.3万余", "7.8万余", "8.2万余"]
    townships = [table(council=each.code) for each in Council.objects.at_level("township")]
    for key in told.keys() - {"subsidy_per_member_month"}:
        assert sum(each[key] for each in townships) == told[key]
    assert totals.recount() == []
    _every_kind_of_page_has_something(where)
    before = Activity.objects.count(), MonthlyTotal.objects.count()
    county.load_records(tmp_path, lambda *_said: None)
    assert (Activity.objects.count(), MonthlyTotal.objects.count()) == before


def _every_kind_of_page_has_something(where):
    states = dict(Activity.objects.values_list("state").annotate(n=Count("pk")).order_by())
    assert states[State.VERIFIED] > 50_000
    assert min(states[State.OPEN], states[State.REJECTED]) > 300
    villages = Activity.objects.order_by().values("village").distinct().count()
    assert villages == Membership.objects.filter(end=None).order_by().values("village").distinct().count() == 349
    assert {state for state in HazardState.values if state != HazardState.RETURNED} <= set(
        Hazard.objects.order_by().values_list("state", flat=True).distinct()
    )
    assert Hazard.objects.overdue().count() > 3
    assert not Hazard.objects.open().filter(day__lte=DAY).exists()
    today = timezone.localdate()
    year = calendar.span(date(today.year - 1, today.month, 1), date(today.year, today.month, 1))
    roles = [f"role_{role}" for role in kinds.Role.values]
    assert min(min(values) for values in indicators.series(where, year, roles).values()) > 0
    worked = MonthlyTotal.objects.filter(month__in=year, village=None).order_by().values("township", "month").distinct()
    assert worked.count() == 30 * len(year)
    assert Dispute.objects.exclude(state="settled").count() == 5
    assert Campaign.objects.count() == 2
    village = Council.objects.get(code=county.VILLAGE)
    assert indicators.values(village, Period.read({}), ["activities"])["activities"].value > 0
