"""Kills a process in the middle of a deed again and again: `python -m tests.crashes.killing approve|return ROUNDS`.

Prints as JSON how often the deed was found whole, not begun, and half. Works on the database of the environment.
"""

import io
import json
import os
import random
import signal
import sys
import time
from collections import Counter
from datetime import date, timedelta

import django
from django.db import connection, connections, transaction

django.setup()

from django.utils import timezone  # noqa: E402 - models are there only from here on

from cunsao import months, workbook  # noqa: E402
from members import payroll  # noqa: E402
from members.models import MonthlyRoster, RosterStatus  # noqa: E402
from tests.factories import make_chair, make_member, make_rate, make_staff, make_township, the_county  # noqa: E402

MEMBERS = 40


class Place:
    """A township whose months are approved and paid one after the other."""

    def __init__(self):
        self.township = make_township(villages=1)
        make_rate(the_county(), notice_days=1)
        village = self.township.children.get()
        for _member in range(MEMBERS):
            make_member(village)
        self.chair, self.staff = make_chair(self.township), make_staff(the_county())
        self.finance = make_staff(the_county(), "county_finance")
        self.month = date(2022, 1, 1)

    def submitted(self):
        self.month = months.next_month(self.month)
        early = timezone.now() - timedelta(days=30)
        roster = payroll.open_month(self.township, self.month, None, early)
        roster = payroll.submit(roster, roster.version, self.chair, at=early)
        return roster, (payroll.digest(payroll.shown(roster)),)

    def sent(self):
        roster, (seen,) = self.submitted()
        for step in (
            lambda at: payroll.approve(roster, seen, self.staff, at),
            lambda at: payroll.publish(roster, self.staff, at),
        ):
            step(timezone.now() - timedelta(days=20))
        payroll.send(roster, self.finance)
        out = io.StringIO()
        out.write("收款账号,收款户名,金额,处理结果\n")
        for each in roster.payments.all():
            out.write(f"{each.bank_account.clear},{each.name},{each.amount},成功\n")
        return roster, (workbook.open(out.getvalue().encode(), "回盘.csv"),)


def approve(place, roster, digest):
    payroll.approve(roster, digest, place.staff)


def read(place, roster, book):
    payroll.read_return(roster, book, place.finance)


def approved(roster):
    """Whole, none or half of an approval."""
    copied = roster.entries.exclude(name="").exclude(bank_account_print=None).count()
    return found(roster.status == RosterStatus.APPROVED, copied)


def settled(roster):
    """Whole, none or half of an answer that was read."""
    lines = sum(file.lines.count() for file in roster.return_files.all())
    paid = roster.payments.filter(state="paid").count()
    return found(roster.status == RosterStatus.PAID, paid if lines == paid else -1)


def found(moved, rows):
    return {(True, MEMBERS): "whole", (False, 0): "none"}.get((moved, rows), "half")


DEEDS = {"approve": (Place.submitted, approve, approved), "return": (Place.sent, read, settled)}


def let_go():
    """No connection is shared with a process that is about to be made."""
    connections.close_all()
    if connection.vendor == "postgresql":
        connection.close_pool()


def killed(deed, place, roster, said, delay):
    """Begins the deed in a process of its own and kills it after `delay` seconds."""
    let_go()
    child = os.fork()
    if not child:
        deed(place, roster, *said)
        os._exit(0)
    time.sleep(delay)
    os.kill(child, signal.SIGKILL)
    os.waitpid(child, 0)


def look(judge, roster):
    """How the month stands when the dead process holds nothing of it any more."""
    with transaction.atomic():
        return judge(MonthlyRoster.objects.select_for_update().get(pk=roster.pk))


def main(name, rounds):
    prepare, deed, judge = DEEDS[name]
    draw, place, told = random.Random(341226), Place(), Counter()
    roster, said = prepare(place)
    begun = time.monotonic()
    deed(place, roster, *said)
    usual = time.monotonic() - begun
    assert look(judge, roster) == "whole"
    roster, said = prepare(place)
    for _round in range(rounds):
        killed(deed, place, roster, said, draw.uniform(0, 1.5) * usual)
        told[look(judge, roster)] += 1
        if judge(MonthlyRoster.objects.get(pk=roster.pk)) == "whole":
            roster, said = prepare(place)
    deed(place, roster, *said)  # nothing that was killed stands in the way
    assert look(judge, roster) == "whole"
    sys.stdout.write(json.dumps(told))


if __name__ == "__main__":
    main(sys.argv[1], int(sys.argv[2]))
