import io
import json
import resource
import subprocess
import sys
from datetime import date, datetime, time, timedelta
from pathlib import Path

import pytest

from cunsao.workbook import inside
from cunsao.workbook.tables import Fault

ROOT = Path(__file__).parents[3]
LIMITS = """
import resource
from cunsao.workbook import inside
inside.limit(512, 3)
names = ["RLIMIT_AS", "RLIMIT_CPU", "RLIMIT_CORE", "RLIMIT_FSIZE"]
print([resource.getrlimit(getattr(resource, name)) for name in names])
"""


def test_the_child_limits_memory_and_time_and_writes_no_file():
    said = subprocess.run([sys.executable, "-c", LIMITS], cwd=ROOT, check=True, capture_output=True, text=True).stdout
    assert said.strip() == f"[({512 << 20}, {512 << 20}), (3, 3), (0, 0), (0, 0)]"
    assert resource.getrlimit(resource.RLIMIT_FSIZE) != (0, 0)  # ours are untouched


@pytest.mark.parametrize(
    ("value", "wanted"),
    [
        (date(2020, 1, 2), {"date": "2020-01-02"}),
        (datetime(2020, 1, 2, 3, 4), {"datetime": "2020-01-02T03:04:00"}),  # noqa: DTZ001 - a cell has no zone
        (time(3, 4), {"time": "03:04:00"}),
        (timedelta(days=1), {"timedelta": 86400.0}),
        (Fault("#N/A"), {"fault": "#N/A"}),
        (b"\0\xff", {"bytes": "AP8="}),
    ],
)
def test_a_frame_is_its_length_and_json(value, wanted):
    out = io.BytesIO()
    inside.send(["村", value], out)
    frame = out.getvalue()
    assert int.from_bytes(frame[:4], "little") == len(frame) - 4
    assert json.loads(frame[4:]) == ["村", wanted]
