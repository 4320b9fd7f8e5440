import json
import subprocess
import sys
from pathlib import Path

import pytest
from django.utils import translation

from cunsao.workbook.refusals import REASONS
from tests.cunsao.workbook.hostile import FILES

ROOT = Path(__file__).parents[3]


@pytest.fixture(scope="module")
def measured():
    """Every hostile file opened once, in a small process that knows no translation: see hostile.py."""
    command = [sys.executable, "-m", "tests.cunsao.workbook.hostile"]
    return json.loads(subprocess.run(command, cwd=ROOT, check=True, capture_output=True, timeout=100).stdout)


@pytest.mark.parametrize("name", FILES)
def test_a_hostile_file_gets_a_sentence_and_a_harmless_one_is_read(measured, name):
    reason = FILES[name][1]
    with translation.override(None):
        wanted = str(REASONS[reason][1]).partition("%(")[0] if reason else "1 rows"
    assert len(wanted) > 5
    assert measured[name]["told"].startswith(wanted)


@pytest.mark.parametrize("name", FILES)
def test_no_file_takes_more_than_five_seconds_of_the_processor(measured, name):
    assert measured[name]["seconds"] < 5


def test_no_file_takes_more_than_300_megabytes(measured):
    assert max(figures["megabytes"] for figures in measured.values()) < 300
    assert max(figures["own"] for figures in measured.values()) < 300
