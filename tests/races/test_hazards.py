import os

from tests.races import at_once, own_database, run

COUNT = """
import os, django
os.environ["DJANGO_SETTINGS_MODULE"] = "cunsao.settings"
django.setup()
from reports.models import Hazard, HazardStep
hazard = Hazard.objects.get()
print(hazard.state, hazard.version, HazardStep.objects.count())
"""


def test_eight_who_accept_at_once_make_one_step(tmp_path):
    with own_database(tmp_path, os.environ["DATABASE_URL"]) as environment:
        run(environment, "manage.py", "migrate", "--verbosity", "0")
        run(environment, "-m", "tests.races.press_hazard", "make")
        pressing = [["-m", "tests.races.press_hazard", f"chair{number}"] for number in range(8)]
        printed = [each.strip() for each in at_once(environment, *pressing)]
        assert run(environment, "-c", COUNT).split() == ["accepted", "2", "2"]
    assert sorted(printed)[0].startswith("chair")
    assert sorted(printed)[1:] == ["overtaken"] * 7
