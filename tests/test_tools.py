"""Lint, format and types are part of the tests: one command says whether everything holds."""

import subprocess
import sys
from pathlib import Path

import pytest

ROOT = Path(__file__).resolve().parent.parent
TOOLS = [["ruff", "check", "."], ["ruff", "format", "--check", "."], ["mypy"]]


@pytest.mark.once
@pytest.mark.parametrize("command", TOOLS, ids=" ".join)
def test_the_tool_has_nothing_to_say(command):
    said = subprocess.run([sys.executable, "-m", *command], cwd=ROOT, capture_output=True, text=True)
    assert said.returncode == 0, said.stdout + said.stderr
