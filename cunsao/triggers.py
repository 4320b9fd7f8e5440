"""Migration operations for what a database must refuse whoever asks, on SQLite and on PostgreSQL."""

from typing import Any

from django.db.backends.base.schema import BaseDatabaseSchemaEditor
from django.db.migrations.operations.base import Operation
from django.db.migrations.state import ProjectState

EditorOf = BaseDatabaseSchemaEditor


class AppendOnly(Operation):
    """Rows of the model's table can be added, and never changed or taken away.

    SQLite drops a table's triggers when a later migration remakes the table: repeat the operation after it
    (tests/test_migrations.py looks).
    """

    reversible = True
    reduces_to_sql = True

    def __init__(self, model: str) -> None:
        self.model = model

    def state_forwards(self, app_label: str, state: ProjectState) -> None:
        pass

    def database_forwards(
        self, app_label: str, schema_editor: EditorOf, from_state: ProjectState, to_state: ProjectState
    ) -> None:
        for statement in self._statements(self._table(app_label, to_state), schema_editor.connection.vendor):
            schema_editor.execute(statement, params=None)

    def database_backwards(
        self, app_label: str, schema_editor: EditorOf, from_state: ProjectState, to_state: ProjectState
    ) -> None:
        table = self._table(app_label, from_state)
        on = f' ON "{table}"' if schema_editor.connection.vendor == "postgresql" else ""
        for deed in ("update", "delete"):
            schema_editor.execute(f'DROP TRIGGER IF EXISTS "{table}_no_{deed}"{on}', params=None)

    def describe(self) -> str:
        return f"Rows of {self.model} can only be added"

    def _table(self, app_label: str, state: ProjectState) -> str:
        model: Any = state.apps.get_model(app_label, self.model)
        return str(model._meta.db_table)

    def _statements(self, table: str, vendor: str) -> list[str]:
        deeds = ("update", "delete")
        if vendor == "sqlite":
            return [
                f'CREATE TRIGGER IF NOT EXISTS "{table}_no_{deed}" BEFORE {deed.upper()} ON "{table}" '
                f"BEGIN SELECT RAISE(ABORT, '{table} is append-only'); END"
                for deed in deeds
            ]
        refuse = (
            "CREATE OR REPLACE FUNCTION cunsao_append_only() RETURNS trigger LANGUAGE plpgsql AS "
            "$$ BEGIN RAISE EXCEPTION '% is append-only', TG_TABLE_NAME USING ERRCODE = 'restrict_violation'; END $$"
        )
        return [refuse] + [
            f'CREATE OR REPLACE TRIGGER "{table}_no_{deed}" BEFORE {deed.upper()} ON "{table}" '
            "FOR EACH STATEMENT EXECUTE FUNCTION cunsao_append_only()"
            for deed in deeds
        ]
