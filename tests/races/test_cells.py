import os

from tests.races import at_once, own_database, run

COUNT = """
import os, django
os.environ["DJANGO_SETTINGS_MODULE"] = "cunsao.settings"
django.setup()
from reports.models import Activity
print(*Activity.objects.order_by("kind").values_list("kind", "version", "quantity"), sep=chr(10))
"""


def test_who_write_a_cell_at_once_are_told_of_each_other_and_a_phone_that_sends_three_times_is_heard_once(tmp_path):
    with own_database(tmp_path, os.environ["DATABASE_URL"]) as environment:
        run(environment, "manage.py", "migrate", "--verbosity", "0")
        run(environment, "-m", "tests.races.write_cell", "make")
        names = [*(f"chair{number}" for number in range(6)), *["phone"] * 3]
        printed = [each.strip() for each in at_once(environment, *(["-m", "tests.races.write_cell", n] for n in names))]
        stored = run(environment, "-c", COUNT).split("\n")
    writers, phones = sorted(printed[:6]), set(printed[6:])
    assert writers[0].startswith("chair")
    assert writers[1:] == ["overtaken"] * 5
    assert len(phones) == 1
    assert stored[:2] == ["('elderly', 1, 2)", f"('inspection', 1, {int(writers[0][-1]) + 1})"]
