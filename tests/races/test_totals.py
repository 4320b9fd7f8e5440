import os
from pathlib import Path
from tempfile import TemporaryDirectory

from hypothesis import HealthCheck, Phase, given, settings
from hypothesis import strategies as st

from tests.races import at_once, own_database, run

COUNT = """
import os, django
os.environ["DJANGO_SETTINGS_MODULE"] = "cunsao.settings"
django.setup()
from reports import totals
from reports.models import Activity, MonthlyTotal, State
counted = Activity.objects.exclude(state=State.REJECTED).count()
summed = sum(MonthlyTotal.objects.filter(village=None).values_list("records", flat=True))
print(len(totals.recount()), summed == counted)
"""


@settings(
    max_examples=2, deadline=None, phases=[Phase.explicit, Phase.generate], suppress_health_check=list(HealthCheck)
)
@given(seed=st.integers(0, 10_000))
def test_eight_writers_leave_the_totals_what_their_records_come_to(seed):
    """Nobody waits in a circle, and nothing is counted twice or lost, in whatever order they come."""
    with TemporaryDirectory() as folder, own_database(Path(folder), os.environ["DATABASE_URL"]) as environment:
        run(environment, "manage.py", "migrate", "--verbosity", "0")
        run(environment, "-m", "tests.races.press_work", "make")
        printed = at_once(environment, *(["-m", "tests.races.press_work", f"{seed + number}"] for number in range(8)))
        assert all(int(each) > 0 for each in printed)
        assert run(environment, "-c", COUNT).split() == ["0", "True"]
