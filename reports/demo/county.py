"""The invented county: real divisions, invented zones, women and accounts, the same every time from the seed.

What a township sends in stands in workbooks, as in life: they go through the same door as real lists.
"""

from collections.abc import Iterator
from pathlib import Path
from typing import Any, NamedTuple

from django.apps import apps
from django.contrib.auth.models import Group
from django.db import transaction

from councils import accounts, audit, divisions, intake
from councils.models import VILLAGES, Council, Statute, User, Zone
from cunsao import bulk, workbook
from reports.demo import governing, ledgers, months, present, recent, work
from reports.demo.people import Draw, Person, people, zones

SEED = 341226
DIVISIONS = Path(__file__).with_name("divisions.csv")
COUNTY, TOWNSHIP, VILLAGE = "341226", "341226104", "341226104206"
# A member lives in each zone that the people generator gives; these villages keep some of their net undone, so that
# the gaps have something to show.
VILLAGES_WITHOUT_ZONES = ("341226110207", "341226121202")
ACCOUNTS = (
    # user name, person, council, role
    ("admin", "丁晓岚", COUNTY, "system_administrator"),
    ("county", "王素琴", COUNTY, "county_staff"),
    ("finance", "李文静", COUNTY, "county_finance"),
    ("chair", "赵桂兰", TOWNSHIP, "township_chair"),
    ("president", "陈秀芳", VILLAGE, "village_president"),
    ("auditor", "周敏", COUNTY, "auditor"),
)
CHAIRS = (
    *("刘桂英", "张秀荣", "王玉兰", "李红梅", "赵春燕", "孙丽华", "周爱琴", "吴金凤", "郑海霞", "冯桂珍"),
    *("陈素云", "褚玉梅", "卫红英", "蒋丽娟", "沈秀芝", "韩雪梅", "杨桂芳", "朱春兰", "秦玉珍", "许爱华"),
    *("何秀英", "吕红霞", "施丽萍", "张桂香", "孔玉芹", "曹春梅", "严金兰", "华秀云", "金素珍"),
)
HEADINGS = (
    *("姓名", "身份证号", "联系电话", "所在村", "网格", "职务", "政治面貌", "文化程度", "民族"),
    *("入会时间", "开户银行", "银行账号", "备注"),
)


class SignIn(NamedTuple):
    username: str
    password: str
    duty: str
    council: str


def load(lists: Path, tell: Any) -> list[SignIn]:
    """Fills an empty database and writes the townships' lists into the folder `lists`.

    `tell(step, count)` is called after each step.
    """
    with audit.acting(name="load_demo"), transaction.atomic():
        counted = divisions.load(divisions.read(DIVISIONS))
        tell("councils", counted.created)
        tell("zones", _open_zones())
        sign_ins = [_open_account(*row) for row in ACCOUNTS]
        tell("accounts", len(sign_ins))
        write_lists(lists)
        tell("people", sum(_take_in(path) for path in sorted(lists.glob("*.xlsx"))))
    return sign_ins


def load_records(lists: Path, tell: Any) -> None:
    """What takes longer, step by step in transactions of their own: stopped and begun again it goes on."""
    with audit.acting(name="load_demo"):
        bulk.learn_sizes(*apps.get_models())
        tell("ledgers", ledgers.take_in(lists / "ledgers", ledgers.Invented(villages(), people(villages()))))
        governing.give_receipts()
        if not Statute.objects.exists():
            with transaction.atomic():
                tell("charters", governing.write_charters(Draw(SEED)))
        desk = _desk()
        tell("months", months.load(desk))
        bulk.learn_sizes(*apps.get_models())
        tell("work", work.load(desk.chairs, SEED))
        tell("recent", recent.load(desk.chairs, SEED))
        with transaction.atomic():
            tell("today", present.load(VILLAGE, desk, Draw(SEED)))


def villages() -> list[tuple[str, str]]:
    """(code, name) of every village and community, by code: what zones and people are drawn for."""
    return list(Council.objects.at_level(*VILLAGES).values_list("code", "name"))


def write_lists(folder: Path) -> int:
    """One workbook a township, as its chair would send it; returns how many women are in them."""
    folder.mkdir(mode=0o700, parents=True, exist_ok=True)
    found = people(villages())
    names = dict(Council.objects.values_list("code", "name"))
    for township in Council.objects.at_level("township"):
        members = [person for person in found if person.village_code.startswith(township.code)]
        with (folder / f"{township.code}{township.name}.xlsx").open("wb") as file:
            workbook.write([_list(township.name, members, names)], file)
    return len(found)


def _take_in(path: Path) -> int:
    """One township's workbook through the door that every list goes through; returns how many women it brought."""
    content = path.read_bytes()
    seen = intake.review("register", workbook.open(content, path.name), None)
    applied = intake.apply(intake.stage(seen, content, None), None)
    return applied.batch.created


def _list(township: str, members: list[Person], names: dict[str, str]) -> workbook.Plan:
    kinds: dict[str, Any] = {"入会时间": "day"}
    columns = [workbook.Column(heading, kinds.get(heading, "text")) for heading in HEADINGS]
    return workbook.Plan(
        name=township, columns=columns, rows=_rows(members, names), titles=[f"{township}村嫂花名册"], landscape=True
    )


def _rows(members: list[Person], names: dict[str, str]) -> Iterator[list[Any]]:
    for each in members:
        yield [
            each.name, each.national_id, each.phone, names[each.village_code],
            "" if each.village_code in VILLAGES_WITHOUT_ZONES else each.zone_name, each.position,
            each.political_status, each.education, each.ethnicity, each.joined_on, each.bank_name, each.bank_account,
            "",
        ]  # fmt: skip


def _open_zones() -> int:
    """All zones in one go, with their entries in the trail."""
    keys = dict(Council.objects.at_level(*VILLAGES).values_list("code", "pk"))
    rows = [
        (keys[each.village_code], each.number, each.name, each.bounds, each.households, each.residents)
        for each in zones(villages())
        if each.village_code not in VILLAGES_WITHOUT_ZONES
    ]
    columns = ["village", "number", "name", "bounds", "households", "residents"]
    audit.copy_in(Zone, columns, rows, name_column="name", council_column="village")
    return len(rows)


def _desk() -> months.Desk:
    """Who works on the months. Chairs of townships that nobody signs in for have accounts without a password."""
    role = Group.objects.get(name="township_chair")
    chairs = {each.council_id: each for each in User.objects.filter(role=role)}
    for at, township in enumerate(Council.objects.at_level("township").exclude(pk__in=chairs)):
        chair = User(
            username=f"chair{township.code[6:]}", full_name=CHAIRS[at % len(CHAIRS)], council=township, role=role
        )
        chair.set_unusable_password()
        chair.full_clean()
        chair.save()
        chairs[township.pk] = chair
    by_role = {each.role.name: each for each in User.objects.select_related("role", "council")}
    return months.Desk(by_role["county_staff"], by_role["county_finance"], chairs)


def _open_account(username: str, person: str, code: str, role: str) -> SignIn:
    account, password = accounts.open_account(username, person, Council.objects.get(code=code), role)
    account.must_change_password = False  # the demo's passwords stay as they stand in its folder
    account.save()
    signed: User = account
    return SignIn(signed.username, password, signed.duty, str(signed.council))
