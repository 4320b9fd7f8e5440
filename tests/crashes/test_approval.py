import json
import os

from tests.races import own_database, run

KILLED = 25


def test_an_approval_is_whole_or_not_there(tmp_path):
    """The process is killed at any moment of an approval, on a database of its own."""
    with own_database(tmp_path, os.environ["DATABASE_URL"]) as environment:
        environment |= {"DJANGO_SETTINGS_MODULE": "cunsao.settings"}
        run(environment, "manage.py", "migrate", "--verbosity", "0")
        told = json.loads(run(environment, "-m", "tests.crashes.killing", "approve", str(KILLED)))
    assert "half" not in told
    assert sum(told.values()) == KILLED
    assert told["none"]  # some were killed before the end
