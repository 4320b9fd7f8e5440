"""The texts of the program and their Chinese: `uv run python -m tests.catalogue [TRANSLATIONS.json …]`.

Brings each package's django.po in step with its code and templates, takes translations from JSON files of
{"English": "Chinese"}, and compiles. Prints what has no Chinese yet. GNU gettext is not needed.
"""

import ast
import io
import json
import re
import sys
from collections.abc import Iterator
from pathlib import Path
from typing import NamedTuple

from babel.messages import Catalog
from babel.messages.mofile import write_mo
from babel.messages.pofile import read_po, write_po
from django.utils.translation.template import templatize

ROOT = Path(__file__).resolve().parent.parent
APPS = ("cunsao", "councils", "members", "reports")
CALLS = {"_": 1, "gettext": 1, "gettext_lazy": 1, "gettext_noop": 1, "ngettext": 2, "ngettext_lazy": 2}
IN_TEMPLATE = re.compile(r"(?<![a-z])(n?)gettext\((u?(['\"]).*?(?<!\\)\3)(?:,\s*(u?(['\"]).*?(?<!\\)\5))?", re.S)
SHORT_IN_TEMPLATE = re.compile(r" _\(((['\"]).*?(?<!\\)\2)\)", re.S)


class Text(NamedTuple):
    message: str | tuple[str, str]
    place: str

    @property
    def key(self) -> str:
        return self.message if isinstance(self.message, str) else self.message[0]


def po_path(app: str) -> Path:
    return ROOT / app / "locale/zh_Hans/LC_MESSAGES/django.po"


def texts(app: str) -> Iterator[Text]:
    """Every text of one package: its modules, and the templates that belong to it."""
    for path in sorted((ROOT / app).rglob("*.py")):
        if "migrations" not in path.parts:
            yield from _in_module(path)
    for path in sorted((ROOT / "templates").rglob("*.html")):
        folders = path.relative_to(ROOT / "templates").parts
        if (folders[0] if folders[0] in APPS else "cunsao") == app:
            yield from _in_template(path)


def _in_module(path: Path) -> Iterator[Text]:
    for node in ast.walk(ast.parse(path.read_text(encoding="utf-8"))):
        if not isinstance(node, ast.Call):
            continue
        name = node.func.id if isinstance(node.func, ast.Name) else getattr(node.func, "attr", "")
        wanted = [each.value for each in node.args[: CALLS.get(name, 0)] if isinstance(each, ast.Constant)]
        if name in CALLS and len(wanted) == CALLS[name] and all(isinstance(each, str) for each in wanted):
            yield Text(wanted[0] if len(wanted) == 1 else (wanted[0], wanted[1]), _place(path, node.lineno))


def _in_template(path: Path) -> Iterator[Text]:
    code = templatize(path.read_text(encoding="utf-8"))
    for found in IN_TEMPLATE.finditer(code):
        line = code.count("\n", 0, found.start()) + 1
        first = ast.literal_eval(found[2])
        yield Text((first, ast.literal_eval(found[4])) if found[1] else first, _place(path, line))
    for found in SHORT_IN_TEMPLATE.finditer(code):
        yield Text(ast.literal_eval(found[1]), _place(path, code.count("\n", 0, found.start()) + 1))


def _place(path: Path, line: int) -> str:
    return f"{path.relative_to(ROOT).as_posix()}:{line}"


def stored(app: str) -> Catalog:
    path = po_path(app)
    if not path.exists():
        return Catalog(locale="zh_Hans")
    with path.open("rb") as file:
        return read_po(file, locale="zh_Hans")


def in_step(app: str, given: dict[str, str]) -> Catalog:
    """The catalogue as it should be: today's texts, with the Chinese that is stored or given."""
    before = stored(app)
    after = Catalog(
        locale="zh_Hans", project="cunsao", version="0.1", copyright_holder="the cunsao developers",
        fuzzy=False, creation_date=before.creation_date, revision_date=before.creation_date,
    )  # fmt: skip
    for text in texts(app):
        known = before.get(text.key)
        chinese = given.get(text.key) or (known.string if known else "")
        if isinstance(text.message, tuple) and isinstance(chinese, str):
            chinese = (chinese,)
        after.add(text.message, chinese, locations=[(text.place.rpartition(":")[0], None)])
    return after


def compiled(catalog: Catalog) -> bytes:
    out = io.BytesIO()
    write_mo(out, catalog)
    return out.getvalue()


def untranslated(catalog: Catalog) -> list[str]:
    return [each.id if isinstance(each.id, str) else each.id[0] for each in catalog if each.id and not _whole(each)]


def _whole(message: object) -> bool:
    string = message.string  # type: ignore[attr-defined]
    return all(string) if isinstance(string, tuple) else bool(string)


def main(files: list[str]) -> int:
    given: dict[str, str] = {}
    for name in files:
        given |= json.loads(Path(name).read_text(encoding="utf-8"))
    missing: list[str] = []
    for app in APPS:
        catalog = in_step(app, given)
        if not len(catalog):
            continue
        path = po_path(app)
        path.parent.mkdir(parents=True, exist_ok=True)
        with path.open("wb") as file:
            write_po(file, catalog, width=120, sort_output=True, omit_header=False)
        path.with_suffix(".mo").write_bytes(compiled(catalog))
        missing += untranslated(catalog)
    sys.stdout.write(json.dumps(dict.fromkeys(missing, ""), ensure_ascii=False, indent=0) + "\n")
    return bool(missing)


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
