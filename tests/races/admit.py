"""One of several who admit women at once: `python -m tests.races.admit CODE POSITION NUMBER...`, with DATABASE_URL set.

Prints for each ID number what came of it: "created", "returned" or the code of the refusal.
"""

import os
import sys

os.environ.setdefault("DJANGO_SETTINGS_MODULE", "cunsao.settings")

import django

django.setup()

from django.utils import timezone  # noqa: E402

from councils.models import Council  # noqa: E402
from members.joining import Admission, Admitted, admit  # noqa: E402


def outcome(done: Admitted, at: int) -> str:
    if at in done.refused:
        return done.refused[at].code
    return "created" if at in done.created else "returned"


def main(code: str, position: str, *numbers: str) -> None:
    village = Council.objects.get(code=code).pk
    for number in numbers:
        woman = Admission(
            name="王小梅", national_id=number, phone=None, village_id=village, zone_id=None, position=position,
            political_status="", education="", ethnicity="汉族", joined_on=None, bank_name="", bank_account=None,
            remark="",
        )  # fmt: skip
        sys.stdout.write(f"{outcome(admit([woman], timezone.localdate(), None), 0)}\n")


if __name__ == "__main__":
    main(*sys.argv[1:])
