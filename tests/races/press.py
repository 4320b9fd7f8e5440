"""Several who press the same button of the month at once, each in a process and with an account of her own.

Run as `python -m tests.races.press STEP PRESSERS WOMEN` with DATABASE_URL set to an empty database: fills it with a
township of so many women and a month in the state that the step needs, presses, and prints as JSON how it went for each
("done", or the code of the refusal) and what stands in the database afterwards.
"""

import json
import multiprocessing
import os
import sys
from datetime import UTC, date, datetime

os.environ.setdefault("DJANGO_SETTINGS_MODULE", "cunsao.settings")

import django

django.setup()

from django.conf import settings  # noqa: E402
from django.contrib.auth import get_user_model  # noqa: E402
from django.core.management import call_command  # noqa: E402
from django.db import DatabaseError, connection  # noqa: E402

from councils.models import Council, Level  # noqa: E402
from members import payroll  # noqa: E402
from members.models import MonthlyRoster, Payment, RosterEntry  # noqa: E402
from tests import factories  # noqa: E402

MONTH, STEPS = date(2022, 7, 1), ("open", "submit", "approve", "publish", "send", "settle")


def day(number):
    return datetime(2022, 8, number, 8, tzinfo=UTC)


def account(name):
    return get_user_model().objects.get_by_natural_key(name)


def make(until, pressers, women):
    """A month that has gone all steps before `until`, taken by other accounts than those that press."""
    county = factories.make_county()
    township = factories.make_township(county, villages=1)
    factories.make_rate(county)
    village = factories.villages_of(township)[0]
    for _woman in range(women):
        factories.make_member(village)
    for number in range(pressers + 1):
        factories.make_account(township, "township_chair", f"chair{number}")
        factories.make_account(county, "county_staff", f"staff{number}")
        factories.make_account(county, "county_finance", f"finance{number}")
    chair, staff, finance = (account(f"{duty}{pressers}") for duty in ("chair", "staff", "finance"))
    deeds = {
        "open": lambda: payroll.open_month(township, MONTH, chair, at=day(1)),
        "submit": lambda: payroll.submit(roster(), 0, chair, at=day(2)),
        "approve": lambda: payroll.approve(roster(), digest(), staff, at=day(3)),
        "publish": lambda: payroll.publish(roster(), staff, at=day(4)),
        "send": lambda: payroll.send(roster(), finance, at=day(20)),
        "settle": lambda: payroll.settle(roster(), finance, at=day(21)),
    }
    for step in STEPS[: STEPS.index(until)]:
        deeds[step]()


def roster():
    return MonthlyRoster.objects.select_related("township").get()


def digest():
    return payroll.digest(payroll.shown(roster()))


def press(step, number, barrier, answers):
    chair, staff, finance = (account(f"{name}{number}") for name in ("chair", "staff", "finance"))
    deeds = {
        "open": lambda _seen: payroll.open_month(Council.objects.get(level=Level.TOWNSHIP), MONTH, chair),
        "approve": lambda seen: payroll.approve(roster(), seen, staff),
        "send": lambda _seen: payroll.send(roster(), finance),
        "settle": lambda _seen: payroll.settle(roster(), finance),
        "enter": lambda _seen: payroll.enter(RosterEntry.objects.get(), "performance_amount", 10 + number, 0, chair),
    }
    seen = digest() if step == "approve" else ""
    barrier.wait(60)
    try:
        deeds[step](seen)
        answers.put("done")
    except payroll.PayrollRefused as refusal:
        answers.put(refusal.code)
    except DatabaseError as broken:
        answers.put(f"{type(broken).__name__}: {broken}")


def race(step, pressers, women):
    settings.PASSWORD_HASHERS = ["django.contrib.auth.hashers.MD5PasswordHasher"]  # sixty accounts in no time
    call_command("migrate", verbosity=0)
    make("submit" if step == "enter" else step, pressers, women)
    connection.close()
    if pool := getattr(connection, "close_pool", None):
        pool()  # a connection is no child's to inherit
    forked = multiprocessing.get_context("fork")
    barrier, answers = forked.Barrier(pressers), forked.Queue()
    children = [forked.Process(target=press, args=(step, number, barrier, answers)) for number in range(pressers)]
    for child in children:
        child.start()
    told = [answers.get(timeout=120) for _child in children]
    for child in children:
        child.join(60)
    counted = {model.__name__: model.objects.count() for model in (MonthlyRoster, RosterEntry, Payment)}
    return {"told": told, **counted, "paid": Payment.objects.filter(state="paid").count()}


if __name__ == "__main__":
    sys.stdout.write(json.dumps(race(sys.argv[1], int(sys.argv[2]), int(sys.argv[3]))) + "\n")
