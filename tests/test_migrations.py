import pytest
from django.core.management import call_command
from django.db import DatabaseError, connection, transaction

from councils.models import Action, Change
from cunsao.triggers import MAY_EMPTY
from tests import databases
from tests.factories import make_county

pytestmark = pytest.mark.django_db


def test_no_migration_is_missing(capsys):
    call_command("makemigrations", "--check", "--dry-run", verbosity=1)


@pytest.fixture
def entry():
    make_county()
    return Change.objects.first()


def test_the_audit_trail_takes_new_entries(entry):
    Change.objects.create(action=Action.REFUSED, record_name="GET /nowhere/")
    assert Change.objects.count() > 1


@pytest.mark.parametrize(
    "deed",
    [
        lambda entry: Change.objects.filter(pk=entry.pk).update(actor_name="nobody"),
        lambda entry: Change.objects.filter(pk=entry.pk).delete(),
        lambda entry: connection.cursor().execute("DELETE FROM councils_change"),
        lambda entry: connection.cursor().execute("UPDATE councils_change SET fields = '{}'"),
    ],
    ids=["update", "delete", "sql delete", "sql update"],
)
def test_no_entry_of_the_audit_trail_is_changed_or_deleted(entry, deed):
    before = Change.objects.values().get(pk=entry.pk)
    with pytest.raises(DatabaseError, match="append-only"), transaction.atomic():
        deed(entry)
    assert Change.objects.values().get(pk=entry.pk) == before


KEPT_TABLES = [
    "councils_change", "members_monthlyroster", "members_rosterentry", "members_payment", "members_bankfile",
    "members_returnfile", "members_returnline", "reports_hazardstep",
]  # fmt: skip


if databases.KIND == "postgresql":  # SQLite knows no TRUNCATE: what empties a table there deletes its rows

    @pytest.mark.parametrize("table", KEPT_TABLES)
    def test_no_table_that_is_kept_is_emptied_as_a_whole(table):
        with connection.cursor() as cursor:
            cursor.execute(f"SET LOCAL {MAY_EMPTY} = 'no'")
            with pytest.raises(DatabaseError, match="not emptied"), transaction.atomic():
                cursor.execute(f"TRUNCATE {table} CASCADE")
