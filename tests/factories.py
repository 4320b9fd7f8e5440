"""People and places for tests: plain functions, each with what it needs by default."""

from datetime import date
from itertools import count
from typing import Any

from django.contrib.auth.models import Group

from councils import tree
from councils.models import Council, Level, User, Zone
from cunsao.personal_data.numbers import check_digit
from members.enrolling import Admission
from members.joining import admit
from members.models import Member

_next = count(1)
JOINED = date(2022, 1, 1)


def make_county(code: str = "341226", name: str = "颍上县") -> Council:
    return Council.objects.filter(code=code).first() or tree.carry_out(tree.Create(Level.COUNTY, code, name))


def make_township(villages: int = 0, name: str = "", county: Council | None = None) -> Council:
    above = county or make_county()
    number = 100 + Council.objects.filter(parent=above.code).count()
    township = tree.carry_out(tree.Create(Level.TOWNSHIP, f"{above.code}{number}", name or f"乡镇{number}"))
    for _each in range(villages):
        make_village(township)
    return township


def make_village(township: Council | None = None, name: str = "") -> Council:
    above = township or make_township()
    number = 200 + Council.objects.filter(parent=above.code).count()
    name = name or f"{above.name}村{number}"
    return tree.carry_out(tree.Create(Level.VILLAGE, f"{above.code}{number}", name))


def villages_of(township: Council) -> list[Council]:
    return list(Council.objects.filter(parent=township.code))


def make_zone(village: Council, **given: Any) -> Zone:
    number = Zone.objects.filter(village=village).count() + 1
    return Zone.objects.create(village=village, **{"number": f"{number:02}", "name": f"第{number}网格"} | given)


def make_account(council: Council, role: str = "", **given: Any) -> User:
    by_level = {"county": "county_staff", "township": "township_chair"}
    wanted = Group.objects.get(name=role or by_level.get(council.level, "village_president"))
    username = f"account{next(_next)}"
    return User.objects.create(
        **{"username": username, "full_name": username, "council": council, "role": wanted,
           "must_change_password": False} | given
    )  # fmt: skip


def make_number(born: str = "19800101") -> str:
    """A valid ID number of a woman, another one each time."""
    body = f"341226{born}{next(_next) * 2 % 1000:03}"
    return body + check_digit(body)


def make_admission(village: Council, **given: Any) -> Admission:
    serial = next(_next)
    said = {
        "name": "王小梅", "national_id": make_number(f"19{50 + serial % 45}0101"), "phone": f"138{serial:08}",
        "village_id": village.pk, "zone_id": None, "position": "member", "political_status": "masses",
        "education": "junior", "ethnicity": "汉族", "joined_on": JOINED, "bank_name": "颍上农村商业银行",
        "bank_account": f"62177800000{serial:08}", "remark": "",
    }  # fmt: skip
    return Admission(**said | given)  # type: ignore[arg-type]


def make_member(village: Council, name: str = "王小梅", **given: Any) -> Member:
    done = admit([make_admission(village, name=name, **given)], JOINED, None)
    assert not done.refused, done.refused
    return Member.objects.get(pk=(done.created | done.returned)[0])
