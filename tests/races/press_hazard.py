"""One of several who press the same button at once: `python -m tests.races.press_hazard make`, then with an account.

`make` fills an empty county with a hazard and two chairs; with a user's name the hazard is accepted as it was first
seen, and the name is printed if that was the step that counted.
"""

import os
import sys
from datetime import date

os.environ.setdefault("DJANGO_SETTINGS_MODULE", "cunsao.settings")

import django

django.setup()

from councils.models import User  # noqa: E402
from reports.hazards import WorkRefused, report, take  # noqa: E402
from reports.models import Hazard  # noqa: E402
from tests.factories import make_account, make_found, make_village  # noqa: E402


def make() -> None:
    village = make_village()
    report(make_found(village, day=date(2022, 8, 1), reported_on=date(2022, 8, 1)), None)
    for number in range(8):
        make_account(village.parent, "township_chair", username=f"chair{number}")


def press(name: str) -> str:
    user = User.objects.select_related("council", "role").get(username=name)
    try:
        take(Hazard.objects.get(), "accept", 1, user)
    except WorkRefused as refusal:
        return f"{refusal.code}\n"
    return f"{name}\n"


if __name__ == "__main__":
    if sys.argv[1] == "make":
        make()
    else:
        sys.stdout.write(press(sys.argv[1]))
