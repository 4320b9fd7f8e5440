"""Amounts in capitals, round numbers, and names in pinyin."""

import re
from decimal import Decimal
from functools import lru_cache

from pypinyin import lazy_pinyin

DIGITS = "零壹贰叁肆伍陆柒捌玖"
PLACES = ["", "拾", "佰", "仟"]
GROUPS = ["", "万", "亿"]
BEYOND = Decimal(10) ** 12  # 9999亿 is the largest group of four

# What a character reads as in a surname, where its usual reading is another one
SURNAMES = {
    "单": "shan", "仇": "qiu", "解": "xie", "曾": "zeng", "区": "ou", "查": "zha", "覃": "qin", "朴": "piao",
    "盖": "ge", "翟": "zhai", "乐": "yue", "种": "chong", "召": "shao", "缪": "miao", "折": "she", "黑": "he",
    "员": "yun", "贠": "yun", "洗": "xian", "秘": "bi", "繁": "po", "么": "yao", "郗": "chi", "阚": "kan",
    "佴": "nai", "祭": "zhai", "能": "nai", "卜": "bu", "隗": "wei", "粘": "nian", "郇": "xun", "车": "che",
}  # fmt: skip
COMPOUND_SURNAMES = {
    "尉迟": ["yu", "chi"], "万俟": ["mo", "qi"], "长孙": ["zhang", "sun"], "令狐": ["ling", "hu"],
    "澹台": ["tan", "tai"], "单于": ["chan", "yu"], "宰父": ["zai", "fu"],
}  # fmt: skip
GIVEN_NAMES = {"长": "chang"}  # 长英, 长兰: the usual reading is zhang
DOTS = "·•・‧∙⋅．."  # between the parts of a minority name
HAN_ALONE = re.compile("[㐀-䶿一-鿿]+")


def capitals(amount: Decimal | int) -> str:
    """`amount` yuan as cheques spell it: 1409.5 → 壹仟肆佰零玖元伍角, 123 → 壹佰贰拾叁元整.

    After the rules of the People's Bank for filling in bills (支付结算办法, annex 1), whose own examples come out to
    the letter. Raises ValueError for parts of a fen and for 10,000亿 and more.
    """
    size = abs(Decimal(amount))
    if not size < BEYOND or size != round(size, 2):
        raise ValueError("An amount in capitals has whole fen and is below 10,000亿.")
    yuan, fen = divmod(int(size * 100), 100)
    sign = "负" if amount < 0 else ""
    if not fen:
        return f"{sign}{_spelt(yuan) or '零'}元整"
    return sign + (f"{_spelt(yuan)}元" if yuan else "") + _change(yuan, fen)


def _change(yuan: int, fen: int) -> str:
    jiao, fen = divmod(fen, 10)
    # A nought before the change is spelt where the yuan end in one (1,680.32) or the jiao are one (325.04).
    nought = "零" if yuan and (not jiao or yuan % 10 == 0) else ""
    return nought + (f"{DIGITS[jiao]}角" if jiao else "") + (f"{DIGITS[fen]}分" if fen else "")


def _spelt(number: int) -> str:
    """A whole number below 10**12; nothing for 0."""
    text, gap = "", False
    for power in (2, 1, 0):
        group = number // 10_000**power % 10_000
        if group:
            nought = "零" if text and (gap or group < 1000) else ""
            text += nought + _spelt_group(group) + GROUPS[power]
        gap = not group
    return text


def _spelt_group(group: int) -> str:
    text = ""
    for power in (3, 2, 1, 0):
        digit = group // 10**power % 10
        if digit:
            text += DIGITS[digit] + PLACES[power]
        elif text and not text.endswith("零"):
            text += "零"
    return text.rstrip("零")


def about(number: int) -> str:
    """A count as reports put it: 78,432 → 7.8万余, 13,000 → 1.3万余, 3,590 → 3500余; below 100 the count itself.

    Always rounded down, to two places at least: 余 promises "at least so many".
    """
    if number < 100:
        return str(number)
    if number < 10_000:
        return f"{number // 100 * 100}余"
    size, unit = (100_000_000, "亿") if number >= 100_000_000 else (10_000, "万")
    whole, tenth = divmod(number * 10 // size, 10)
    return f"{whole}.{tenth}{unit}余" if tenth else f"{whole}{unit}余"


def in_wan(number: int) -> str:
    """A count in 万 with one decimal, cut off, and 余 where something was: 13,268 → 1.3万余, 13,000 → 1.3万.

    Below 10,000 the count itself.
    """
    if number < 10_000:
        return str(number)
    whole, tenth = divmod(number // 1000, 10)
    return (f"{whole}.{tenth}万" if tenth else f"{whole}万") + ("余" if number % 1000 else "")


def pinyin(name: str) -> tuple[str, str]:
    """The syllables of a person's name run together, and their first letters: 王小梅 → wangxiaomei, wxm."""
    found = syllables(name)
    return "".join(found), "".join(syllable[0] for syllable in found)


def syllables(name: str) -> list[str]:
    """How a person's name sounds: 王小梅 → wang, xiao, mei.

    Lower case, no tones, ü as v; dots and spaces fall out. A name of parts (阿依古丽·买买提) has no Han surname.
    """
    trimmed = name.strip()
    if HAN_ALONE.fullmatch(trimmed):  # as nearly all are
        start = _surname(trimmed)
        return [*start, *filter(None, map(_sound, trimmed[len(start) :]))]
    marks = "".join(mark for mark in trimmed if mark not in DOTS and not mark.isspace())
    start = [] if any(dot in trimmed for dot in DOTS) else _surname(marks)
    return [*start, *_syllables(marks[len(start) :])]


def _surname(name: str) -> list[str]:
    """The readings of a surname that is not read as usual; nothing for any other."""
    if readings := COMPOUND_SURNAMES.get(name[:2]):
        return readings
    reading = SURNAMES.get(name[:1])
    return [reading] if reading else []


def _syllables(text: str) -> list[str]:
    """One for each character; Latin letters and digits that stand together are one."""
    found: list[str] = []
    joined = False
    for mark in text:
        if mark.isascii():
            if joined and mark.isalnum():
                found[-1] += mark.lower()
            elif mark.isalnum():
                found.append(mark.lower())
            joined = mark.isalnum()
        else:
            if reading := _sound(mark):
                found.append(reading)
            joined = False
    return found


@lru_cache(maxsize=8192)
def _sound(mark: str) -> str:
    """How a character of a given name is read; nothing for what is no character."""
    reading = GIVEN_NAMES.get(mark) or "".join(lazy_pinyin(mark, errors="ignore"))
    return reading if reading.isascii() else ""
