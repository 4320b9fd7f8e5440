import csv
import json
import os

import pytest

from reports.demo.people import people
from tests.races import at_once, own_database, run

CODES = "code,name,level,parent_code\n341226,县,county,\n341226104,江口镇,township,341226\n"
VILLAGES = ("341226104201", "341226104202")
LINES = f"{VILLAGES[0]},振兴村,village,341226104\n{VILLAGES[1]},建设村,village,341226104\n"
WOMEN = 8
COUNT = """
import os, django
os.environ["DJANGO_SETTINGS_MODULE"] = "cunsao.settings"
django.setup()
from members.models import Member, Membership, Post
presiding = Post.objects.filter(position="president", end=None)
print(Member.objects.count(), Membership.objects.filter(end=None).count(), presiding.count())
"""


@pytest.fixture
def environment(tmp_path):
    codes = tmp_path / "codes.csv"
    codes.write_text(CODES + LINES, encoding="utf-8")
    with own_database(tmp_path, os.environ["DATABASE_URL"]) as found:
        run(found, "manage.py", "migrate", "--verbosity", "0")
        run(found, "manage.py", "load_divisions", str(codes))
        yield found


def admitting(village, position, numbers):
    return ["-m", "tests.races.admit", village, position, *numbers]


def counted(environment):
    return [int(number) for number in run(environment, "-c", COUNT).split()]


def test_the_same_women_admitted_at_once_are_entered_once(environment):
    numbers = [each.national_id for each in people([(VILLAGES[0], "振兴村")], WOMEN)]
    told = at_once(environment, *(admitting(village, "member", numbers) for village in VILLAGES))
    outcomes = list(zip(*(each.split() for each in told), strict=True))
    assert len(outcomes) == WOMEN
    assert all(sorted(pair) == ["created", "transfer"] for pair in outcomes)
    assert counted(environment) == [WOMEN, WOMEN, 0]


def test_of_two_presidents_admitted_at_once_one_is_refused(environment):
    numbers = [each.national_id for each in people([(VILLAGES[0], "振兴村")], 2 * WOMEN)]
    halves = (numbers[:WOMEN], numbers[WOMEN:])
    told = " ".join(at_once(environment, *(admitting(VILLAGES[0], "president", half) for half in halves))).split()
    assert sorted(told) == ["created", *["second_president"] * (2 * WOMEN - 1)]
    assert counted(environment) == [1, 1, 1]


def test_changes_of_the_same_women_at_once_come_one_after_the_other(environment, tmp_path):
    """Each is changed by both lists or by one, and then the other's row says that it was overtaken."""
    persons = people([(VILLAGES[0], "振兴村")], WOMEN)
    paths = [tmp_path / f"{number}.csv" for number in range(3)]
    for path, phone in zip(paths, ("", "13812345678", "13912345678"), strict=True):
        with path.open("w", encoding="utf-8", newline="") as file:
            lines = csv.writer(file)
            lines.writerow(["姓名", "身份证号", "所在村", "联系电话"])
            lines.writerows([each.name, each.national_id, "振兴村", phone or each.phone] for each in persons)
    run(environment, "manage.py", "import_members", str(paths[0]))
    commands = [["manage.py", "import_members", str(path), "--accept-valid", "--json"] for path in paths[1:]]
    told = [json.loads(printed) for printed in at_once(environment, *commands, ends=(0, 1))]
    run(environment, "manage.py", "export_members", str(tmp_path / "all.csv"), "--unmasked", "--reason", "test")
    with (tmp_path / "all.csv").open(encoding="utf-8-sig", newline="") as file:
        phones = {row["联系电话"].strip("'") for row in csv.DictReader(file)}
    assert len(phones) == 1
    assert phones <= {"13812345678", "13912345678"}
    assert all(each["updated"] + each["rejected"] == WOMEN for each in told)
    assert max(each["updated"] for each in told) == WOMEN
    assert {error["code"] for each in told for error in each["errors"]} <= {"overtaken"}
    assert counted(environment)[:2] == [WOMEN, WOMEN]
