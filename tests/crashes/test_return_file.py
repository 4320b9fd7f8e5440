import json
import os

from tests.races import own_database, run

KILLED = 25


def test_an_answer_of_the_bank_is_read_whole_or_not_at_all(tmp_path):
    """The process is killed at any moment of reading a bank's answer, on a database of its own."""
    with own_database(tmp_path, os.environ["DATABASE_URL"]) as environment:
        environment |= {"DJANGO_SETTINGS_MODULE": "cunsao.settings"}
        run(environment, "manage.py", "migrate", "--verbosity", "0")
        told = json.loads(run(environment, "-m", "tests.crashes.killing", "return", str(KILLED)))
    assert "half" not in told
    assert sum(told.values()) == KILLED
    assert told["none"]  # some were killed before the end
