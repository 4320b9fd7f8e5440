"""DATABASE_URL as an entry of Django's DATABASES: SQLite by default, PostgreSQL in production."""

from pathlib import Path
from typing import Any

import environ
from django.core.exceptions import ImproperlyConfigured

# WAL lets readers read while one writes; FULL keeps a paid month through a power cut; secure_delete leaves no numbers
# in freed pages; recursive_triggers lets append-only triggers see REPLACE.
SQLITE_PRAGMAS = (
    "PRAGMA journal_mode=WAL; PRAGMA synchronous=FULL; PRAGMA foreign_keys=ON; PRAGMA recursive_triggers=ON; "
    "PRAGMA secure_delete=ON; PRAGMA cache_size=-65536;"
)
SQLITE_OPTIONS: dict[str, Any] = {"transaction_mode": "IMMEDIATE", "timeout": 20, "init_command": SQLITE_PRAGMAS}
POSTGRESQL_LIMITS = (
    "-c statement_timeout=60s -c lock_timeout=20s -c idle_in_transaction_session_timeout=120s "
    "-c client_min_messages=warning -c work_mem=16MB "  # so that a list of all members is looked up in memory
    "-c jit=off"  # what is answered in milliseconds is not compiled first, however dear the planner thinks it
)


def database(url: str, pool: bool = True) -> dict[str, Any]:
    """The settings of one database; raises ImproperlyConfigured for other engines than the two."""
    entry: dict[str, Any] = environ.Env.db_url_config(url)
    if entry["ENGINE"] == "django.db.backends.sqlite3":
        entry["OPTIONS"] = SQLITE_OPTIONS | entry.get("OPTIONS", {})
    elif entry["ENGINE"] == "django.db.backends.postgresql":
        options = {"options": POSTGRESQL_LIMITS} | entry.get("OPTIONS", {})
        if pool:
            options["pool"] = {"min_size": 1, "max_size": 8, "timeout": 10}
        entry |= {"OPTIONS": options, "CONN_HEALTH_CHECKS": True, "CONN_MAX_AGE": 0}
    else:
        raise ImproperlyConfigured(
            "DATABASE_URL must begin with sqlite:// or postgres://. DATABASE_URL 必须以 sqlite:// 或 postgres:// 开头。"
        )
    return entry


def sqlite_url(folder: Path) -> str:
    return f"sqlite:///{folder / 'cunsao.sqlite3'}"
