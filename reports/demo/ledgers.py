"""What the invented women got: drawn by a seed, written as the county's workbooks, taken in as lists are.

A ledger's rows are told by column; the figures that the county published come out of them by counting.
"""

from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass
from datetime import date, timedelta
from pathlib import Path
from typing import Any

from django.db import transaction
from django.utils import timezone
from django.utils.translation import override

from councils import intake
from councils.intake.resource import resource_of
from councils.models import Batch, BatchState, Council, Level
from cunsao import workbook
from members.models import Instructor, InsurancePolicy, TrainingSession
from reports.demo.people import SURNAMES, Draw, Person

ROLE_MODELS, HOUSEHOLDS = 3590, 13268  # the second is published as “over 13,000”
LAST_DAY = date(2022, 8, 31)
PERSONAL, MODELS = ["优秀村嫂", "三八红旗手", "巾帼建功标兵"], ["好媳妇", "好婆婆", "好妯娌", "好邻里"]
WOMEN = "英兰芳秀梅玉华桂珍荣霞云"
MEN = "伟强军勇杰涛明超刚平辉鹏飞波斌建国华志文海林峰龙云生成亮"
DOCUMENTS = {"县级": "颍妇〔{year}〕{n}号", "市级": "阜妇〔{year}〕{n}号", "省级": "皖妇〔{year}〕{n}号"}
THINGS = ["办公桌", "椅子", "文件柜", "电脑", "打印机", "饮水机", "空调", "投影仪", "宣传栏", "急救箱"]
TEACHERS = (
    ("方文慧", "expert", "阜阳师范大学 副教授", "家庭教育"),
    ("韩立明", "party_school", "县委党校 讲师", "政策理论"),
    ("宋晓燕", "lawyer", "颍上县法律援助中心", "婚姻家庭法律"),
    ("丁国强", "cadre", "江口镇综治办 主任", "网格治理"),
)
COUNTY_SESSIONS = (
    (date(2021, 4, 20), "村嫂理事会会长培训", "publicist,mediator"),
    (date(2022, 5, 18), "婚姻家庭纠纷调解实务", "mediator"),
)
TOWNSHIP_SESSIONS = (
    (date(2022, 6, 9), "人居环境整治与美丽庭院创建", "inspector"),
    (date(2022, 7, 14), "移风易俗与乡风文明", "leader"),
    (date(2022, 8, 11), "隐患排查与信息上报", "informant,servant"),
)

Row = dict[str, Any]  # by column


@dataclass(frozen=True)
class Invented:
    """What a ledger is drawn for: the villages as (code, name), and the women."""

    villages: Sequence[tuple[str, str]]
    people: Sequence[Person]


Inventor = Callable[[Invented, Draw], Iterator[Row]]
_inventors: dict[str, Inventor] = {}


def invents(kind: str) -> Callable[[Inventor], Inventor]:
    """Announces the rows of one ledger."""

    def announce(inventor: Inventor) -> Inventor:
        _inventors[kind] = inventor
        return inventor

    return announce


def take_in(folder: Path, invented: Invented, seed: int = 341226) -> int:
    """Writes each ledger's workbook into `folder` and takes it in; returns how many records came of it.

    One transaction a ledger; what was taken in before is left, so that it goes on where it was stopped.
    """
    folder.mkdir(mode=0o700, parents=True, exist_ok=True)
    created = 0
    known = set(Batch.objects.filter(state=BatchState.APPLIED).order_by().values_list("kind", flat=True))
    for at, (kind, inventor) in enumerate(_inventors.items()):
        if kind not in known:
            with transaction.atomic():
                created += _ledger(folder / f"{kind}.xlsx", kind, inventor(invented, Draw(seed + 100 + at)))
    return created


def _ledger(path: Path, kind: str, rows: Iterator[Row]) -> int:
    with path.open("wb") as file, override("zh-hans"):
        workbook.write([_plan(kind, list(rows))], file)
    seen = intake.review(kind, workbook.open(path.read_bytes(), path.name), None)
    if seen.errors:
        raise ValueError(f"{kind}: {seen.errors[0]}")
    applied = intake.apply(intake.stage(seen, path.read_bytes(), None), None)
    return int(applied.batch.created)


def _plan(kind: str, rows: Sequence[Row]) -> workbook.Plan:
    resource: Any = resource_of(kind)
    names = [name for name in resource.fields if any(name in row for row in rows)]
    columns = [workbook.Column(resource.headings[name][0], resource.fields[name].kind) for name in names]
    label = str(resource.label)
    return workbook.Plan(name=label, columns=columns, rows=([row.get(name) for name in names] for row in rows))


@invents("equipment")
def equipment(invented: Invented, draw: Draw) -> Iterator[Row]:
    """A smartphone and an electric bicycle for nearly everybody; a few were lost or came back."""
    for number, each in enumerate(invented.people, 1):
        for kind, prefix, share in (("智能手机", "YS", 0.97), ("电动车", "DC", 0.94)):
            issued = min(each.joined_on + timedelta(days=10 + draw.below(60)), LAST_DAY)
            if draw.chance() > share:
                continue
            row: Row = {
                "name": each.name, "national_id": each.national_id, "kind": kind, "issued": issued,
                "serial": f"{prefix}{issued.year}{number:05}", "condition": "全新",
            }  # fmt: skip
            if draw.chance() < 0.012:
                row["ended"] = min(issued + timedelta(days=60 + draw.below(200)), LAST_DAY)
                row["ending"] = draw.early(["遗失", "归还"])
                row["condition_after"] = "损坏" if row["ending"] == "归还" else ""
            yield row


@invents("offices")
def offices(invented: Invented, draw: Draw) -> Iterator[Row]:
    """One in nearly every village."""
    for code, name in invented.villages:
        things = {draw.early(THINGS): 1 + draw.below(4) for _thing in range(6)}
        if draw.chance() < 0.03:
            continue
        yield {
            "village_code": code, "village": name, "opened": date(2021, 1 + draw.below(9), 1 + draw.below(28)),
            "address": draw.early(["党群服务中心一楼", "村部东侧", "文化广场南侧", "老村小"]),
            "area": 20 + draw.below(60), "things": "、".join(f"{thing}{count}" for thing, count in things.items()),
        }  # fmt: skip


@invents("insured")
def insured(invented: Invented, draw: Draw) -> Iterator[Row]:
    """All of the published year; today nearly everybody, and a few until some days from now."""
    today = timezone.localdate()
    past = _policy("中国人保财险颍上支公司", "PICC-2021-0901", date(2021, 9, 1), date(2022, 8, 31))
    running = _policy(
        "太平洋产险颍上支公司", f"CPIC-{today.year}-0101", today.replace(month=1, day=1), today + timedelta(days=200)
    )
    for number, each in enumerate(invented.people, 1):
        row: Row = {"name": each.name, "national_id": each.national_id}
        if each.joined_on <= past.end:
            start = max(past.start, each.joined_on)
            yield row | {"policy": past.number, "start": start, "certificate": f"RB{number:06}"}
        chance = draw.chance()
        if chance > 0.03:
            end = today + timedelta(days=draw.below(60)) if chance < 0.04 else running.end
            yield row | {"policy": running.number, "end": end, "certificate": f"TB{number:06}"}


@invents("claims")
def claims(invented: Invented, draw: Draw) -> Iterator[Row]:
    """One of a hundred in the published year, each as far as it went."""
    for each in invented.people:
        day = date(2022, 1, 10) + timedelta(days=draw.below(200))
        if draw.chance() > 0.01 or day < each.joined_on:
            continue
        reported, asked = day + timedelta(days=1 + draw.below(4)), 300 + 10 * draw.below(400)
        row: Row = {
            "name": each.name, "national_id": each.national_id, "policy": "PICC-2021-0901", "day": day,
            "reported": reported, "step": draw.early(["已赔付", "已赔付", "已交材料", "拒赔", "已报案"]),
            "what": draw.early(["骑电动车走访途中摔伤", "巡查水塘时滑倒", "被狗咬伤", "雨天入户摔伤手臂"]),
        }  # fmt: skip
        if row["step"] != "已报案":
            row |= {"filed": reported + timedelta(days=5 + draw.below(10)), "asked": asked}
        if row["step"] in ("已赔付", "拒赔"):
            row["decided"] = min(row["filed"] + timedelta(days=7 + draw.below(30)), LAST_DAY)
        if row["step"] == "已赔付":
            row["paid"] = round(asked * 0.8, 2)
        yield row


def _policy(insurer: str, number: str, start: date, end: date) -> InsurancePolicy:
    """A contract of the county, of which the lists of insured members name the number."""
    policy: InsurancePolicy = InsurancePolicy.objects.create(
        insurer=insurer, number=number, start=start, end=end, sum_insured=100000, premium=60, payer="县财政",
        council=Council.objects.get(level=Level.COUNTY),
    )  # fmt: skip
    return policy


@invents("training")
def training(invented: Invented, draw: Draw) -> Iterator[Row]:
    """The county trains presidents and directors, each township the others; now and then somebody is away."""
    county = Council.objects.get(level=Level.COUNTY)
    teachers = [Instructor.objects.create(council=county, name=name, kind=kind, employer=unit, subjects=topic)
                for name, kind, unit, topic in TEACHERS]  # fmt: skip
    sessions = [_session(draw, county, teachers, "president,director", *each) for each in COUNTY_SESSIONS]
    of_township = {
        each.code: _session(draw, each, teachers, "backbone,member", *draw.one_of(TOWNSHIP_SESSIONS))
        for each in Council.objects.at_level(Level.TOWNSHIP)
    }
    for each in invented.people:
        leads = each.position in ("会长", "副会长", "理事")
        for session in sessions if leads else [of_township[each.village_code[:9]]]:
            if session.day >= each.joined_on and draw.chance() < (0.94 if leads else 0.88):
                yield {"name": each.name, "national_id": each.national_id, "day": session.day, "topic": session.topic,
                       "host": session.council.name, "host_code": session.council.code}  # fmt: skip


def _session(
    draw: Draw, council: Council, teachers: Sequence[Instructor], grades: str, day: date, topic: str, roles: str
) -> TrainingSession:
    """A session in the council's own rooms."""
    session: TrainingSession = TrainingSession.objects.create(
        council=council, day=day, topic=topic, roles=roles, grades=grades, hours=2 + draw.below(5),
        place=draw.early(["县委党校", "妇女儿童活动中心"]) if council.level == Level.COUNTY else "镇会议室",
        instructor=draw.one_of(teachers),
    )  # fmt: skip
    return session


@invents("honours")
def honours(invented: Invented, draw: Draw) -> Iterator[Row]:
    yield from _personal(invented, draw)
    yield from _role_models(invented, draw)
    yield from _households(invented, draw)


def _personal(invented: Invented, draw: Draw) -> Iterator[Row]:
    for each in invented.people:
        if draw.chance() < (0.3 if each.position == "会长" else 0.05):
            kind, level = (
                draw.early(["优秀村嫂", "三八红旗手", "巾帼建功标兵"]),
                draw.early(["县级", "县级", "市级", "省级"]),
            )
            day = date(2022, 3, 8) if each.joined_on < date(2022, 1, 1) else date(2022, 8, 20)
            document = DOCUMENTS[level].format(year=day.year, n=1 + draw.below(40))
            yield {"receiver": "村嫂", "name": each.name, "national_id": each.national_id, "kind": kind,
                   "level": level, "year": day.year, "day": day, "document": document}  # fmt: skip


def _role_models(invented: Invented, draw: Draw) -> Iterator[Row]:
    """One person once: villagers, and now and then a member."""
    members: dict[str, list[Person]] = {}
    for each in invented.people:
        members.setdefault(each.village_code, []).append(each)
    for at, (code, village) in enumerate(invented.villages):
        taken = {each.name for each in members.get(code, [])}
        here = list(members.get(code, []))
        for _one in range(share(ROLE_MODELS, at, len(invented.villages))):
            row = _given(
                code, village, draw, ["好媳妇", "好婆婆", "好妯娌", "好邻里"], ["村级", "村级", "乡镇级", "县级"]
            )
            if here and draw.chance() < 0.2:
                member = here.pop(draw.below(len(here)))
                yield row | {"receiver": "村嫂", "name": member.name, "national_id": member.national_id}
            else:
                yield row | {
                    "receiver": "村民",
                    "name": draw.new(lambda: villager(draw, "英兰芳秀梅玉华桂珍荣霞云"), taken),
                }


def _households(invented: Invented, draw: Draw) -> Iterator[Row]:
    """Distinct households; one in six is chosen at a higher level as well, so that there are more awards than these."""
    for at, (code, village) in enumerate(invented.villages):
        taken: set[str] = set()
        for _one in range(share(HOUSEHOLDS, at, len(invented.villages))):
            head = draw.new(lambda: villager(draw, MEN), taken)
            row = _given(code, village, draw, ["清洁文明户", "美丽庭院"], ["村级"])
            row |= {"receiver": "家庭", "name": head}
            yield row
            if draw.chance() < 1 / 6:
                yield row | {"level": draw.early(["乡镇级", "县级"])}
        for _one in range(draw.below(3)):
            head = draw.new(lambda: villager(draw, MEN), taken)
            kinds, levels = ["最美家庭", "五好家庭", "文明家庭"], ["乡镇级", "县级", "市级"]
            yield _given(code, village, draw, kinds, levels) | {"receiver": "家庭", "name": head}


def _given(code: str, village: str, draw: Draw, kinds: Sequence[str], levels: Sequence[str]) -> Row:
    day = date(2021, 3, 1) + timedelta(days=draw.below((LAST_DAY - date(2021, 3, 1)).days))
    return {"village_code": code, "village": village, "kind": draw.early(kinds), "level": draw.early(levels),
            "year": day.year, "day": day}  # fmt: skip


def villager(draw: Draw, characters: str) -> str:
    return draw.early(SURNAMES) + draw.early(characters) + (draw.early(characters) if draw.chance() < 0.7 else "")


def share(whole: int, at: int, of: int) -> int:
    """How many of `whole` fall to the one at place `at`, so that all have as many."""
    return whole * (at + 1) // of - whole * at // of
