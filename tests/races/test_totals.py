import os

from hypothesis import Phase, given, settings
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


def test_eight_writers_leave_the_totals_what_their_records_come_to(tmp_path):
    """Nobody waits in a circle, and nothing is counted twice or lost, in whatever order they come."""
    with own_database(tmp_path, os.environ["DATABASE_URL"]) as environment:
        run(environment, "manage.py", "migrate", "--verbosity", "0")
        run(environment, "-m", "tests.races.press_work", "make")

        @settings(max_examples=2, deadline=None, phases=[Phase.generate], database=None)
        @given(seed=st.integers(0, 10_000))
        def writing(seed):
            writers = [["-m", "tests.races.press_work", f"{seed + number}"] for number in range(8)]
            assert all(int(each) > 0 for each in at_once(environment, *writers))
            assert run(environment, "-c", COUNT).split() == ["0", "True"]

        writing()
