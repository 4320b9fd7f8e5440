"""One of several who enter a president of the same village at once, in the admin's own form; prints what she was told.

Run as `python -m tests.races.enter_president FOLDER COUNT WORKER`, with DATABASE_URL set; without WORKER it makes the
village, its members and an account first. Nobody saves before all of them have passed the form's checks, or, where the
database lets in one at a time, before a while has gone by.
"""

import os
import sys
import time
from pathlib import Path

os.environ.setdefault("DJANGO_SETTINGS_MODULE", "cunsao.settings")
os.environ["CUNSAO_DEBUG"] = "1"  # style sheets are not gathered for it

import django

django.setup()

from django.test import Client  # noqa: E402
from django.test.utils import setup_test_environment  # noqa: E402
from django.urls import reverse  # noqa: E402

from councils.admin.scoped import ScopedAdmin  # noqa: E402
from councils.models import Council, User  # noqa: E402
from members.models import Member, Post  # noqa: E402
from tests.factories import JOINED, make_account, make_member, make_township, villages_of  # noqa: E402

PATIENCE = 3  # seconds


def prepare(count: int) -> None:
    (village,) = villages_of(make_township(villages=1))
    for _each in range(count):
        make_member(village)
    Post.objects.update(end=JOINED)
    make_account(village.parent, username="chair")


def enter(folder: Path, count: int, worker: int) -> None:
    save = ScopedAdmin.save_model

    def together(*given: object) -> None:
        (folder / f"ready-{worker}").touch()
        end = time.monotonic() + PATIENCE
        while len(list(folder.glob("ready-*"))) < count and time.monotonic() < end:
            time.sleep(0.02)
        save(*given)  # type: ignore[arg-type]

    ScopedAdmin.save_model = together  # type: ignore[method-assign, assignment]
    client = Client()
    client.force_login(User.objects.get(username="chair"))
    member = Member.objects.order_by("pk")[worker]
    village = Council.objects.get(level="village")
    said = {"member": member.pk, "council": village.pk, "position": "president", "start": "2023-01-01"}
    page = client.post(reverse("admin:members_post_add"), said, headers={"accept-language": "zh-CN"})
    told = "" if page.status_code == 302 else str(page.context["adminform"].form.errors.get("__all__"))
    sys.stdout.write(f"{page.status_code} {told}\n")


if __name__ == "__main__":
    setup_test_environment(debug=True)
    if len(sys.argv) == 3:
        prepare(int(sys.argv[2]))
    else:
        enter(Path(sys.argv[1]), int(sys.argv[2]), int(sys.argv[3]))
