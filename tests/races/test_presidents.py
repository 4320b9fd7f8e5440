import os

from tests.races import at_once, own_database, run

WORKERS = 4
SCRIPT = ["-m", "tests.races.enter_president"]


def test_of_several_presidents_entered_at_once_one_is_taken_and_the_others_are_told_in_words(tmp_path):
    with own_database(tmp_path, os.environ["DATABASE_URL"]) as environment:
        run(environment, "manage.py", "migrate", "--verbosity", "0")
        run(environment, *SCRIPT, str(tmp_path), str(WORKERS))
        workers = [[*SCRIPT, str(tmp_path), str(WORKERS), str(worker)] for worker in range(WORKERS)]
        told = sorted(at_once(environment, *workers))
    assert sum(each.startswith("302") for each in told) == 1
    assert all("这个理事会已有会长" in each for each in told if each.startswith("200"))
    assert sum(each.startswith("200") for each in told) == WORKERS - 1
