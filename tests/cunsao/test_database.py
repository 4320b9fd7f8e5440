import pytest
from django.db import connection

ASKED = {
    "sqlite": {"PRAGMA foreign_keys": 1, "PRAGMA recursive_triggers": 1, "PRAGMA secure_delete": 1,
               "PRAGMA synchronous": 2, "PRAGMA journal_mode": "wal"},
    "postgresql": {"SHOW jit": "off", "SHOW work_mem": "16MB", "SHOW statement_timeout": "1min",
                   "SHOW lock_timeout": "20s", "SHOW idle_in_transaction_session_timeout": "2min"},
}  # fmt: skip


@pytest.mark.django_db
def test_a_connection_works_as_the_settings_say():
    with connection.cursor() as cursor:
        for question, answer in ASKED[connection.vendor].items():
            cursor.execute(question)
            assert cursor.fetchone()[0] == answer, question
