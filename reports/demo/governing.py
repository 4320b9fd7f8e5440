"""What became of the invented women, what their councils were given, and how these are led: figures out of the seed."""

import io
import re
import zipfile
from collections.abc import Iterator, Sequence
from datetime import date, timedelta
from itertools import count
from pathlib import Path
from xml.sax.saxutils import escape

from councils import statutes
from councils.divisions import Division, read
from councils.models import Council, Leader, Level, StatuteKind
from members import receipts
from members.models import Donation
from reports.demo.ledgers import LAST_DAY, Invented, Row, invents
from reports.demo.people import Draw, Person

DIVISIONS = Path(__file__).with_name("divisions.csv")
APPLICANTS, PARTY, DELEGATES, CADRES = 306, 51, 204, 130  # as the county published them
APPLIED_BEFORE = 30  # of the new Party members: they were applicants while they were members
DELEGATE_OF = ["人大代表", "党代表", "政协委员"]
CADRE_OF = ["后备干部", "村两委"]
COMPANIES = [
    "颍淮粮油有限公司", "慎城服饰厂", "沙河农机合作社", "八里河生态农业公司", "江口建材经营部", "润河渔业合作社",
    "红星超市", "颍上惠民药房", "杨湖柳编厂", "迪沟文旅公司",
]  # fmt: skip
GROUPS = ["县女企业家协会", "县志愿者协会", "在外乡友会", "县个体劳动者协会", "县工商联"]
THINGS = ["雨衣50件、手电筒50支", "血压计4台", "办公桌3张、椅子12把", "大米60袋、食用油60桶", "宣传栏2个", "电动车2辆"]
PURPOSES = ["关爱留守老人", "关爱留守儿童", "美丽庭院奖品", "村嫂办公用品", "暑期防溺水巡查", "村嫂工作经费"]
GROUP = [  # invented, like everybody here
    ("高建国", "secretary", "县委书记"), ("许志明", "county_head", "县委副书记、县长"),
    ("孙晓梅", "deputy", "县委常委、组织部部长"), ("王素琴", "deputy", "县妇联主席"),
    ("何卫东", "member", "县民政局局长"), ("丁海峰", "member", "县财政局局长"),
]  # fmt: skip
CHARTER = [
    "第一条 本会为群众性组织，名称为{name}村嫂理事会。", "第二条 本会在同级党组织领导、妇联指导下开展工作。",
    "第三条 村嫂当好政策法规宣传员、村居环境监督员、乡风文明引领员、矛盾纠纷调解员、村居治理信息员、扶弱济困服务员。",
    "第四条 本会实行会长负责制，村嫂划片包干、一网多格。", "第五条 本章程自通过之日起施行。",
]  # fmt: skip
RULES = [
    "一、每月召开一次例会，汇总走访、调解、巡查情况。", "二、村嫂每周入户走访不少于五户。",
    "三、发现隐患随手解决，不能解决的当日上报。", "四、乡镇每月开展一次调度评议。",
]  # fmt: skip


@invents("advancements")
def advancements(invented: Invented, draw: Draw) -> Iterator[Row]:
    """Of each stage as many distinct women as were published; a few delegates hold two seats."""
    known = sorted(invented.people, key=lambda _each: draw.chance())
    of_party = [each for each in known if "党员" in each.political_status and _served(each)]
    others = [each for each in known if "党员" not in each.political_status and _served(each)]
    joined = [each for each in of_party if each.joined_on < date(2021, 8, 1)][:PARTY]  # a year to be proved
    for each in joined[:APPLIED_BEFORE]:
        yield _step(each, "入党积极分子", each.joined_on + timedelta(days=10 + draw.below(40)))
    for each in others[: APPLICANTS - APPLIED_BEFORE]:
        yield _step(each, "入党积极分子", _day(each, draw))
    for each in joined:
        yield _step(each, "中共党员", min(each.joined_on + timedelta(days=370 + draw.below(180)), LAST_DAY))
    for each in sorted(known, key=lambda _each: draw.chance())[:DELEGATES]:
        day, seat = _day(each, draw), draw.early(DELEGATE_OF)
        yield _step(each, seat, day)
        if draw.chance() < 0.05:
            yield _step(each, next(name for name in DELEGATE_OF if name != seat), day)
    for each in sorted(known, key=lambda _each: draw.chance())[:CADRES]:
        yield _step(each, draw.early(CADRE_OF), _day(each, draw))


@invents("donations")
def donations(invented: Invented, draw: Draw) -> Iterator[Row]:
    """To one village in three, now and then to its township; each donor once a day and place."""
    for at, (code, name) in enumerate(invented.villages):
        if at % 3:
            continue
        kind = draw.early(["行业企业", "个人", "社会团体"])
        donor = {"行业企业": COMPANIES, "社会团体": GROUPS}.get(kind) or [f"{name[:2]}村爱心人士"]
        row: Row = {
            "donor": draw.one_of(donor), "donor_kind": kind, "purpose": draw.one_of(PURPOSES),
            "day": date(2021, 4, 1) + timedelta(days=draw.below(510)), "village_code": code, "village": name,
        }  # fmt: skip
        if draw.chance() < 0.6:
            yield row | {"form": "现金", "amount": 500 * (1 + draw.below(40))}
        else:
            yield row | {"form": "实物", "things": draw.one_of(THINGS), "amount": 300 * (1 + draw.below(20))}


@invents("governance")
def governance(_invented: Invented, draw: Draw) -> Iterator[Row]:
    """Of every council; one village in forty is not registered yet, a few registrations ran out."""
    number = count(1)
    for each in read(DIVISIONS):
        is_village = each.level not in (Level.COUNTY, Level.TOWNSHIP)
        row = _place(each) | {"party_organisation": _party(each), "federation": f"{plain(each.name)}妇女联合会"}
        if is_village and draw.chance() < 0.025:
            yield row
            continue
        day = date(2021, 3, 1) + timedelta(days=draw.below(120))
        row |= {"registration": "备案" if is_village else "登记", "registered_on": day}
        row["registration_number"] = f"颍民社〔2021〕{next(number):04}号"
        if is_village and draw.chance() < 0.012:
            row["registered_until"] = day + timedelta(days=365)
        yield row


def give_receipts() -> int:
    """All but the newest donations got theirs, in the order of days; returns how many."""
    given = list(Donation.objects.filter(day__lt=date(2022, 8, 15)).order_by("day", "pk"))
    for each in given:
        receipts.issue(each, None, each.day.year)
    return len(given)


def write_charters(draw: Draw) -> int:
    """Charters of nearly all councils, rules of the townships, a second version of the county's; returns how many."""
    written = 0
    for each in Council.objects.all():
        if each.is_village and draw.chance() < 0.02:
            continue
        day = date(2021, 2, 1) + timedelta(days=draw.below(60))
        written += _keep(each, StatuteKind.CHARTER, f"{plain(each.name)}村嫂理事会章程", CHARTER, day)
        if not each.is_village:
            written += _keep(each, StatuteKind.RULES, f"{each.name}村嫂日常管理制度", RULES, day)
        if each.parent_id is None:
            written += _keep(each, StatuteKind.CHARTER, f"{each.name}村嫂理事会章程（修订）", CHARTER, date(2022, 3, 8))
            for name, role, duty in GROUP:
                Leader.objects.create(council=each, name=name, role=role, duty=duty, start=date(2021, 1, 20))
    return written


def document(title: str, lines: Sequence[str]) -> bytes:
    """A text of Word or WPS: a title and paragraphs."""
    types = "http://schemas.openxmlformats.org/package/2006/content-types"
    relations = "http://schemas.openxmlformats.org/package/2006/relationships"
    office = "http://schemas.openxmlformats.org/officeDocument/2006/relationships/officeDocument"
    words = "http://schemas.openxmlformats.org/wordprocessingml/2006/main"
    main = "application/vnd.openxmlformats-officedocument.wordprocessingml.document.main+xml"
    head = '<?xml version="1.0" encoding="UTF-8" standalone="yes"?>'
    body = "".join(f"<w:p><w:r><w:t>{escape(line)}</w:t></w:r></w:p>" for line in [title, *lines])
    parts = {
        "[Content_Types].xml": f'{head}<Types xmlns="{types}"><Default Extension="rels" ContentType='
        f'"application/vnd.openxmlformats-package.relationships+xml"/><Override PartName="/word/document.xml" '
        f'ContentType="{main}"/></Types>',
        "_rels/.rels": f'{head}<Relationships xmlns="{relations}"><Relationship Id="r1" Type="{office}" '
        'Target="word/document.xml"/></Relationships>',
        "word/document.xml": f'{head}<w:document xmlns:w="{words}"><w:body>{body}</w:body></w:document>',
    }
    out = io.BytesIO()
    with zipfile.ZipFile(out, "w", zipfile.ZIP_DEFLATED) as archive:
        for name, content in parts.items():
            archive.writestr(name, content)
    return out.getvalue()


def _keep(council: Council, kind: str, title: str, lines: Sequence[str], day: date) -> int:
    content = document(title, [line.format(name=plain(council.name)) for line in lines])
    statutes.add(council, kind, title, day, io.BytesIO(content), None)
    return 1


def _served(each: Person) -> bool:
    return each.joined_on < date(2022, 4, 1)


def _day(each: Person, draw: Draw) -> date:
    """A day between her joining and the last one."""
    return each.joined_on + timedelta(days=draw.below((LAST_DAY - each.joined_on).days + 1))


def _step(each: Person, step: str, day: date) -> Row:
    return {"name": each.name, "national_id": each.national_id, "step": step, "day": day}


def _place(council: Division) -> Row:
    if council.level == Level.COUNTY:
        return {}
    if council.level == Level.TOWNSHIP:
        return {"township": council.name}
    return {"village_code": council.code, "village": council.name}


def _party(council: Division) -> str:
    ending = "委员会" if council.level in (Level.COUNTY, Level.TOWNSHIP) else "总支部委员会"
    return f"中共{plain(council.name)}{ending}"


def plain(name: str) -> str:
    """A village as it is called in the names of its organisations: without what its committee is called."""
    name = re.sub(r"村?(村民委员会|村委会)$", "村", name)
    return re.sub(r"(社区)?(居民委员会|居委会)$", "社区", name)
