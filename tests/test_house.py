"""The floors of the house, forbidden names, and the length of files."""

import ast
import re
import subprocess
from pathlib import Path

import pytest

ROOT = Path(__file__).resolve().parent.parent
FLOORS = ["cunsao", "councils", "members", "reports"]
DOORMEN = {"cunsao/settings.py", "cunsao/urls.py"}
JUNK = {"utils", "helpers", "common", "services", "constants", "misc"}
FILES = [
    path.relative_to(ROOT)
    for floor in FLOORS
    for path in sorted((ROOT / floor).rglob("*.py"))
    if "migrations" not in path.parts
]
ROWS = {
    "models": 1,
    "audit": 1,
    "scope": 1,
    "roles": 1,
    "kinds": 1,
    "imports": 3,
    "sheets": 3,
    "exports": 3,
}
ROWS |= dict.fromkeys(
    ["forms", "deeds", "admin", "views", "management", "templatetags", "checks", "apps", "middleware"], 4
)

pytestmark = pytest.mark.once


def imported(tree):
    """Every module a file imports, dotted."""
    for node in ast.walk(tree):
        if isinstance(node, ast.Import):
            yield from (alias.name for alias in node.names)
        elif isinstance(node, ast.ImportFrom) and node.module:
            yield from (f"{node.module}.{alias.name}" for alias in node.names)


def named(tree):
    """First parts of all modules a file imports, and of all "app.Model" strings in it."""
    yield from (name.split(".")[0] for name in imported(tree))
    for node in ast.walk(tree):
        if (
            isinstance(node, ast.Constant)
            and isinstance(node.value, str)
            and re.fullmatch(r"\w+\.[A-Z]\w+", node.value)
        ):
            yield node.value.split(".")[0]


def row(parts):
    """The row a module stands in inside its app; rules are in the second."""
    return ROWS.get(parts[0].removesuffix(".py"), 2)


@pytest.mark.parametrize("path", FILES, ids=str)
def test_a_file_keeps_to_its_floor(path):
    text = (ROOT / path).read_text(encoding="utf-8")
    above = FLOORS[FLOORS.index(path.parts[0]) + 1 :]
    assert str(path) in DOORMEN or not set(named(ast.parse(text))) & set(above)
    assert path.stem not in JUNK
    assert len(text.splitlines()) <= 300


@pytest.mark.parametrize("path", [path for path in FILES if path.parts[0] != "cunsao"], ids=str)
def test_a_module_imports_no_row_above_its_own(path):
    app, *inside = path.parts
    if len(inside) == 1 and inside[0] == "__init__.py":
        return
    for name in imported(ast.parse((ROOT / path).read_text(encoding="utf-8"))):
        parts = name.split(".")
        if parts[0] == app and len(parts) > 1:
            assert row(parts[1:]) <= row(inside), name


def test_only_the_tree_knows_mptt():
    knowing = {
        str(path) for path in FILES if "mptt" in set(named(ast.parse((ROOT / path).read_text(encoding="utf-8"))))
    }
    assert knowing == {"councils/models/council.py"}


def test_nothing_else_stands_at_the_top():
    tracked = subprocess.run(["git", "ls-files"], cwd=ROOT, capture_output=True, text=True, check=True).stdout.split()
    top = {name.split("/")[0] for name in tracked}
    folders = {*FLOORS, "templates", "tests", "manage.py", "pyproject.toml", "README.md"}
    assert {name for name in top if not name.startswith(".")} <= folders


def test_nothing_is_loaded_from_elsewhere():
    for path in [
        *(ROOT / "templates").rglob("*.html"),
        *ROOT.glob("*/static/**/*.css"),
        *ROOT.glob("*/static/**/*.js"),
    ]:
        text = path.read_text(encoding="utf-8")
        assert not re.search(r"(src|href|action)=\"(https?:)?//|url\(\"?(https?:)?//|@import", text), path
        assert not re.search(r"<script(?![^>]*\bsrc=)[^>]*>|\son[a-z]+=|\sstyle=|javascript:", text), path
