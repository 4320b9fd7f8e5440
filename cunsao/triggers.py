"""Migration operations for what a database must refuse whoever asks, on SQLite and on PostgreSQL."""

from typing import Any

from django.db.backends.base.schema import BaseDatabaseSchemaEditor
from django.db.migrations.operations.base import Operation
from django.db.migrations.state import ProjectState

EditorOf = BaseDatabaseSchemaEditor


class AppendOnly(Operation):
    """Rows of the model's table can be added, and never changed or taken away, nor the table emptied.

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
        is_postgresql = schema_editor.connection.vendor == "postgresql"
        on = f' ON "{table}"' if is_postgresql else ""
        for deed in ("update", "delete", "truncate") if is_postgresql else ("update", "delete"):
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
        return (
            [refuse]
            + [
                f'CREATE OR REPLACE TRIGGER "{table}_no_{deed}" BEFORE {deed.upper()} ON "{table}" '
                "FOR EACH STATEMENT EXECUTE FUNCTION cunsao_append_only()"
                for deed in deeds
            ]
            + not_emptied(table)
        )


# A whole table is emptied past its rows' triggers. SQLite has no such statement; whoever means it sets this first.
MAY_EMPTY = "cunsao.may_empty"


def not_emptied(table: str) -> list[str]:
    """PostgreSQL's statements by which TRUNCATE, and `manage.py flush` with it, is refused."""
    return [
        "CREATE OR REPLACE FUNCTION cunsao_not_emptied() RETURNS trigger LANGUAGE plpgsql AS $$ BEGIN "
        f"IF current_setting('{MAY_EMPTY}', true) IS DISTINCT FROM 'yes' THEN "
        "RAISE EXCEPTION '% is kept and not emptied', TG_TABLE_NAME USING ERRCODE = 'restrict_violation'; END IF; "
        "RETURN NULL; END $$",
        f'CREATE OR REPLACE TRIGGER "{table}_no_truncate" BEFORE TRUNCATE ON "{table}" '
        "FOR EACH STATEMENT EXECUTE FUNCTION cunsao_not_emptied()",
    ]


class NotEmptied(AppendOnly):
    """The model's table is not emptied as a whole; what holds for its rows is said elsewhere."""

    def describe(self) -> str:
        return f"{self.model} is not emptied"

    def _statements(self, table: str, vendor: str) -> list[str]:
        return not_emptied(table) if vendor == "postgresql" else []

    def database_backwards(
        self, app_label: str, schema_editor: EditorOf, from_state: ProjectState, to_state: ProjectState
    ) -> None:
        if schema_editor.connection.vendor == "postgresql":
            table = self._table(app_label, from_state)
            schema_editor.execute(f'DROP TRIGGER IF EXISTS "{table}_no_truncate" ON "{table}"', params=None)


class Refuse(Operation):
    """The database refuses a deed on the model's rows wherever `condition` holds, whoever asks.

    `condition` is SQL that both engines read, over NEW and OLD; "{Model}" stands for the table of another model of the
    app. `but` names fields whose change alone is let through. `holding` (model, column) keeps that row of another
    table as it is until the transaction ends, so that what the condition saw still holds then.
    Like AppendOnly it has to be repeated after a migration that remakes the table on SQLite; where a condition names
    the table that is remade, SQLite refuses that: begin such a migration with `lifted(operations)`.
    """

    reversible = True
    reduces_to_sql = True

    def __init__(
        self, model: str, name: str, deed: str, condition: str, message: str, *,
        but: tuple[str, ...] = (), holding: tuple[str, str] | None = None,
    ) -> None:  # fmt: skip
        self.model, self.name, self.deed = model, name, deed
        self.condition, self.message, self.but, self.holding = condition, message, but, holding

    def state_forwards(self, app_label: str, state: ProjectState) -> None:
        pass

    def database_forwards(
        self, app_label: str, schema_editor: EditorOf, from_state: ProjectState, to_state: ProjectState
    ) -> None:
        tables = {str(model._meta.object_name): f'"{model._meta.db_table}"' for model in _models(app_label, to_state)}
        table, condition = tables[self.model], self.condition.format(**tables)
        message = self.message.replace("'", "''")
        event = self.deed.upper() + self._columns(app_label, to_state)
        if schema_editor.connection.vendor == "sqlite":
            statements = [
                f'CREATE TRIGGER IF NOT EXISTS "{self.name}" BEFORE {event} ON {table} WHEN {condition} '
                f"BEGIN SELECT RAISE(ABORT, '{message}'); END"
            ]
        else:
            statements = [
                f'CREATE OR REPLACE FUNCTION "{self.name}"() RETURNS trigger LANGUAGE plpgsql AS $$ BEGIN '
                f"{self._hold(tables)} IF {condition} THEN "
                f"RAISE EXCEPTION '{message}' USING ERRCODE = 'restrict_violation'; END IF; "
                "IF TG_OP = 'DELETE' THEN RETURN OLD; END IF; RETURN NEW; END $$",
                f'CREATE OR REPLACE TRIGGER "{self.name}" BEFORE {event} ON {table} '
                f'FOR EACH ROW EXECUTE FUNCTION "{self.name}"()',
            ]
        for statement in statements:
            schema_editor.execute(statement, params=None)

    def database_backwards(
        self, app_label: str, schema_editor: EditorOf, from_state: ProjectState, to_state: ProjectState
    ) -> None:
        tables = {str(model._meta.object_name): f'"{model._meta.db_table}"' for model in _models(app_label, from_state)}
        on = f" ON {tables[self.model]}" if schema_editor.connection.vendor == "postgresql" else ""
        schema_editor.execute(f'DROP TRIGGER IF EXISTS "{self.name}"{on}', params=None)

    def describe(self) -> str:
        return f"{self.model}: {self.message}"

    def _columns(self, app_label: str, state: ProjectState) -> str:
        if not self.but:
            return ""
        model: Any = state.apps.get_model(app_label, self.model)
        columns = [field.column for field in model._meta.concrete_fields if field.name not in self.but]
        return " OF " + ", ".join(f'"{column}"' for column in columns)

    def _hold(self, tables: dict[str, str]) -> str:
        if self.holding is None:
            return ""
        model, column = self.holding
        row = "OLD" if self.deed == "delete" else "NEW"
        return f"PERFORM 1 FROM {tables[model]} WHERE id = {row}.{column} FOR SHARE;"


class Lift(Refuse):
    """Takes a refusal back, so that its tables can be remade; undone, it stands again."""

    def database_forwards(
        self, app_label: str, schema_editor: EditorOf, from_state: ProjectState, to_state: ProjectState
    ) -> None:
        super().database_backwards(app_label, schema_editor, to_state, from_state)

    def database_backwards(
        self, app_label: str, schema_editor: EditorOf, from_state: ProjectState, to_state: ProjectState
    ) -> None:
        super().database_forwards(app_label, schema_editor, from_state, to_state)


def lifted(refusals: list[Refuse]) -> list[Lift]:
    """The operations that take `refusals` back before a migration; repeat them after it."""
    return [
        Lift(each.model, each.name, each.deed, each.condition, each.message, but=each.but, holding=each.holding)
        for each in refusals
    ]


def _models(app_label: str, state: ProjectState) -> list[Any]:
    return list(state.apps.get_app_config(app_label).get_models())
