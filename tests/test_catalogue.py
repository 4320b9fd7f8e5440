"""Every text has its Chinese, the compiled file is fresh, and no message is glued together."""

import ast
import re

import pytest

from tests import catalogue

pytestmark = pytest.mark.once
PLACEHOLDER = re.compile(r"%\(\w+\)[sd]|\{\w*\}")
APPS = [app for app in catalogue.APPS if next(catalogue.texts(app), None)]


@pytest.mark.parametrize("app", APPS)
def test_every_text_has_its_chinese(app):
    assert catalogue.untranslated(catalogue.in_step(app, {})) == []


@pytest.mark.parametrize("app", APPS)
def test_the_compiled_catalogue_is_fresh(app):
    compiled = catalogue.po_path(app).with_suffix(".mo").read_bytes()
    assert compiled == catalogue.compiled(catalogue.stored(app))


@pytest.mark.parametrize("app", APPS)
def test_no_text_that_is_gone_is_kept(app):
    assert {each.id for each in catalogue.stored(app)} == {each.id for each in catalogue.in_step(app, {})}


@pytest.mark.parametrize("app", APPS)
def test_the_chinese_has_the_same_gaps_to_fill(app):
    for message in catalogue.stored(app):
        if not message.id:
            continue
        english = message.id if isinstance(message.id, str) else message.id[1]
        chinese = message.string if isinstance(message.string, str) else message.string[0]
        assert set(PLACEHOLDER.findall(chinese)) == set(PLACEHOLDER.findall(english)), english


@pytest.mark.parametrize("app", catalogue.APPS)
def test_no_message_is_an_f_string(app):
    for path in (catalogue.ROOT / app).rglob("*.py"):
        for node in ast.walk(ast.parse(path.read_text(encoding="utf-8"))):
            if isinstance(node, ast.Call) and isinstance(node.func, ast.Name) and node.func.id in catalogue.CALLS:
                assert not any(isinstance(each, ast.JoinedStr) for each in node.args), f"{path}:{node.lineno}"


def test_one_text_has_one_chinese_whichever_package_says_it():
    """Django knows one catalogue of all packages: where two differ, one of them is never seen."""
    known = {}
    for app in APPS:
        for message in catalogue.stored(app):
            if message.id:
                assert known.setdefault(message.id, message.string) == message.string, (app, message.id)
