"""One of several who write one cell of a month's sheet at once: `python -m tests.races.write_cell make`, then a name.

`make` fills an empty county with a village, a member and nine accounts; a chair's name writes her own number into the
empty cell and prints what became of it, "phone" sends one record of the phone, always the same one.
"""

import os
import sys
from datetime import date
from uuid import UUID

os.environ.setdefault("DJANGO_SETTINGS_MODULE", "cunsao.settings")

import django

django.setup()

from councils.models import Council, User  # noqa: E402
from members.models import Member  # noqa: E402
from reports.activities import Entry, record  # noqa: E402
from reports.models import Source  # noqa: E402
from reports.refusing import WorkRefused  # noqa: E402
from reports.tallying import Standing, Typed, enter  # noqa: E402
from tests.factories import make_account, make_member, make_village  # noqa: E402

KEY = UUID("00000000-0000-4000-8000-000000000001")


def make() -> None:
    village = make_village()
    make_member(village)
    make_account(village, "village_president", username="phone")
    for number in range(6):
        make_account(village.parent, "township_chair", username=f"chair{number}")


def write(name: str) -> str:
    user = User.objects.select_related("council", "role").get(username=name)
    village, member = Council.objects.get(level="village"), Member.objects.get()
    if name == "phone":
        entry = Entry(village.pk, date(2022, 8, 1), "elderly", [member.pk], 2, client_key=KEY)
        return f"{record(entry, user, Source.PHONE).pk}\n"
    typed = Typed(member.pk, "inspection", Standing(), str(int(name[-1]) + 1))
    (done,) = enter(village, date(2022, 8, 1), [typed], user).values()
    return f"{done.code if isinstance(done, WorkRefused) else name}\n"


if __name__ == "__main__":
    if sys.argv[1] == "make":
        make()
    else:
        sys.stdout.write(write(sys.argv[1]))
