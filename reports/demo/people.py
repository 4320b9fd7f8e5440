"""The people and zones of the invented county.

Everybody here is made up: names, birthdays, phones and accounts are drawn by chance. Numbers are valid, as a register
must be able to take them, so one may by chance be somebody's; it says nothing about her.

The same villages and seed give the same people on any version of Python: only Random.random() is drawn from, whose
sequence Python promises to keep.
"""

from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass
from datetime import date, timedelta
from functools import partial
from random import Random
from typing import TypeVar

from cunsao.personal_data.numbers import check_digit, passes_luhn

T = TypeVar("T")

SMALLEST = 8  # members of a village council
EARLIEST_BIRTH, LATEST_BIRTH = date(1955, 9, 1), date(2000, 8, 31)  # 22 to 66 years old on 2022-08-31
HUI_TOWNSHIP = "341226205"  # 赛涧回族乡

# The more often a thing is wanted, the further to the front it stands: see Draw.early.
SURNAMES = "王张李刘陈杨赵孙周吴徐胡朱马郭高许谢宋汪程曹方唐丁何韩冯董夏姚余卢石魏任陶沈江范段葛单武龚邵解曾查尹常"
# What girls were called: before 1980, and after
OLDER_CHARACTERS = "英兰芳秀梅玉华桂珍荣霞云侠芹凤素萍琴翠莲红巧林香彩爱平金"
YOUNGER_CHARACTERS = "婷静丽敏娟燕莉娜雪洁慧颖倩雅梦晓文佳琳媛欣玲艳璐月悦蕾宁"
MOBILES = [
    "138",
    "139",
    "150",
    "151",
    "152",
    "158",
    "159",
    "182",
    "187",
    "188",
    "133",
    "153",
    "177",
    "189",
    "156",
    "186",
]
BANKS = [("颍上农村商业银行", "621778"), ("中国邮政储蓄银行颍上县支行", "622188"), ("中国农业银行颍上县支行", "622848")]
# The county itself, its neighbours from where women married in; before 1996 the prefecture's codes
PLACES = ["341226", "341204", "341225", "341203"]
OLDER_PLACES = ["342128", "342127", "342124"]
EDUCATION = ["小学", "初中", "高中", "大专", "本科"]
ZONE_NAMES = [
    *["东头", "西头", "南头", "北头", "中心", "学校", "大塘", "村部", "桥头", "河湾", "老庄", "新庄"],
    *["小街", "果园", "粮站", "沟西", "沟东", "路南", "路北", "广场"],
]
LANDMARKS = ["河堤", "大沟", "村部", "主干道", "小学", "水塘", "排灌站", "村界", "文化广场", "卫生室", "生产路", "小桥"]


@dataclass(frozen=True, slots=True)
class Person:
    """A member as a township's list has her; the words are those of its columns."""

    name: str
    national_id: str
    phone: str
    bank_name: str
    bank_account: str
    village_code: str
    zone_number: str
    zone_name: str
    position: str
    political_status: str
    education: str
    ethnicity: str
    joined_on: date


@dataclass(frozen=True, slots=True)
class ZoneRow:
    """A grid zone of a village; `number` counts from "01" within it."""

    village_code: str
    number: str
    name: str
    bounds: str
    households: int
    residents: int


class Draw:
    """Chance by one seed, through the only method whose results are promised to stay."""

    def __init__(self, seed: int) -> None:
        self.chance = Random(seed).random  # noqa: S311 - repeatable on purpose; nothing secret comes of it

    def below(self, count: int) -> int:
        return int(self.chance() * count)

    def one_of(self, things: Sequence[T]) -> T:
        return things[self.below(len(things))]

    def early(self, things: Sequence[T]) -> T:
        """One of `things`, the first more often than the last."""
        return things[int(self.chance() * self.chance() * len(things))]

    def new(self, make: Callable[[], str], taken: set[str]) -> str:
        """What `make` gives as soon as it is not `taken`; then it is."""
        while (made := make()) in taken:
            pass
        taken.add(made)
        return made


def people(villages: Sequence[tuple[str, str]], total: int = 4240, seed: int = 341226) -> list[Person]:
    """`total` members of the `villages` (code, name), village by village, the officers first.

    Each village has a president and, from two members on, a vice president; each zone that zones() gives for the same
    arguments has a member. ID numbers and phones are unique, names within a village. Raises ValueError if there are
    fewer members than villages.
    """
    draw = Draw(seed)
    numbers: set[str] = set()
    phones: set[str] = set()
    found = []
    for (code, village), size, zone_names in _plan(villages, total, seed):
        names: set[str] = set()
        for place in range(size):
            birthday = _birthday(draw)
            zone = place % len(zone_names)
            bank, prefix = draw.early(BANKS)
            position = _position(place, size)
            found.append(
                Person(
                    name=draw.new(partial(_name, draw, birthday), names),
                    national_id=draw.new(partial(_national_id, draw, birthday), numbers),
                    phone=draw.new(lambda: f"{draw.one_of(MOBILES)}{draw.below(10**8):08}", phones),
                    bank_name=bank,
                    bank_account=_card(f"{prefix}{draw.below(10**12):012}"),
                    village_code=code,
                    zone_number=f"{zone + 1:02}",
                    zone_name=zone_names[zone],
                    position=position,
                    political_status=_political_status(draw, position, birthday),
                    education=_education(draw, birthday),
                    ethnicity=_ethnicity(draw, code, village),
                    joined_on=_joined_on(draw, position),
                )
            )
    return found


def zones(villages: Sequence[tuple[str, str]], total: int = 4240, seed: int = 341226) -> list[ZoneRow]:
    """The grid zones of the `villages` among which people() with the same arguments divides its members."""
    draw = Draw(seed + 1)
    found = []
    for (code, _village), _size, zone_names in _plan(villages, total, seed):
        for number, name in enumerate(zone_names, 1):
            households = 70 + draw.below(80)
            marks: set[str] = set()
            east, west, south, north = (draw.new(lambda: draw.one_of(LANDMARKS), marks) for _side in range(4))
            bounds = f"东至{east}，西至{west}，南至{south}，北至{north}"
            residents = 3 * households + draw.below(households)
            found.append(ZoneRow(code, f"{number:02}", name, bounds, households, residents))
    return found


def _plan(
    villages: Sequence[tuple[str, str]], total: int, seed: int
) -> Iterator[tuple[tuple[str, str], int, list[str]]]:
    """Each village, how many members it has, and what its zones are called. Communities are larger."""
    if total < len(villages):
        raise ValueError("Each village needs at least one member.")
    draw = Draw(seed + 2)
    weights = [5 + draw.below(5) + 9 * ("社区" in name) for _code, name in villages]
    smallest = min(SMALLEST, total // len(villages)) if villages else 0
    rest = total - smallest * len(villages)
    given = weighed = 0
    for index, (village, weight) in enumerate(zip(villages, weights, strict=True)):
        weighed += weight
        more = rest * weighed // sum(weights) - given
        given += more
        size = smallest + more
        yield village, size, [_zone_name(7 * index, place) for place in range(max(1, size * 4 // 5))]


def _zone_name(shift: int, place: int) -> str:
    return f"{ZONE_NAMES[(shift + place) % len(ZONE_NAMES)]}网格" if place < len(ZONE_NAMES) else f"第{place + 1}网格"


def _birthday(draw: Draw) -> date:
    # Two draws: most are in their forties, few at either end.
    days = (LATEST_BIRTH - EARLIEST_BIRTH).days
    return EARLIEST_BIRTH + timedelta(days=(draw.below(days + 1) + draw.below(days + 1)) // 2)


def _name(draw: Draw, birthday: date) -> str:
    characters = OLDER_CHARACTERS if birthday.year < 1980 else YOUNGER_CHARACTERS
    second = draw.early(characters) if draw.chance() < 0.8 else ""
    return draw.early(SURNAMES) + draw.early(characters) + second


def _national_id(draw: Draw, birthday: date) -> str:
    older = birthday.year < 1996 and draw.chance() < 0.15
    place = draw.early(OLDER_PLACES) if older else draw.early([PLACES[0]] * 6 + PLACES[1:])
    body = f"{place}{birthday:%Y%m%d}{2 * draw.below(500):03}"  # women's numbers are even
    return body + check_digit(body)


def _card(body: str) -> str:
    return next(number for last in range(10) if passes_luhn(number := f"{body}{last}"))


def _position(place: int, size: int) -> str:
    directors = 2 + size // 6
    if place < 2:
        return ["会长", "副会长"][place]
    if place < directors:
        return "理事"
    return "骨干会员" if place < directors + size // 4 else "会员"


def _political_status(draw: Draw, position: str, birthday: date) -> str:
    if draw.chance() < (0.6 if position in {"会长", "副会长"} else 0.06):
        return "中共党员"
    if birthday.year >= 1995 and draw.chance() < 0.5:
        return "共青团员"
    return "入党积极分子" if draw.chance() < 0.04 else "群众"


def _education(draw: Draw, birthday: date) -> str:
    first = (birthday.year >= 1970) + (birthday.year >= 1985)
    return draw.early(EDUCATION[first : first + 3])


def _ethnicity(draw: Draw, code: str, village: str) -> str:
    share = 0.35 if code.startswith(HUI_TOWNSHIP) or "回" in village else 0.005
    return "回族" if draw.chance() < share else "汉族"


def _joined_on(draw: Draw, position: str) -> date:
    """Between January 2021 and July 2022; the officers when the councils began."""
    month = draw.below(3) if position in {"会长", "副会长"} else draw.early(range(19))
    return date(2021 + month // 12, month % 12 + 1, 1 + draw.below(28))
