import re
from decimal import Decimal

import pytest
from hypothesis import given
from hypothesis import strategies as st

from cunsao import chinese

amounts = st.decimals(0, Decimal("999999999999.99"), places=2, allow_nan=False) | st.decimals(0, 10**6, places=2)
VALUES = {digit: value for value, digit in enumerate("零壹贰叁肆伍陆柒捌玖")} | {"拾": 10, "佰": 100, "仟": 1000}


def worth(text):
    """Reads what capitals() writes, knowing nothing of where noughts belong."""
    if "亿" in text:
        above, _, text = text.partition("亿")
        return worth(above) * 10**8 + worth(text)
    if "万" in text:
        above, _, text = text.partition("万")
        return worth(above) * 10**4 + worth(text)
    total = digit = 0
    for mark in text:
        if VALUES[mark] < 10:
            digit = VALUES[mark]
        else:
            total, digit = total + digit * VALUES[mark], 0
    return total + digit


def amount_of(text):
    found = re.fullmatch(r"(负?)(?:([^元]+)元)?零?(?:(.)角)?(?:(.)分)?整?", text)
    sign, yuan, jiao, fen = found.groups()
    size = worth(yuan or "") + Decimal(worth(jiao or "")) / 10 + Decimal(worth(fen or "")) / 100
    return -size if sign else size


@pytest.mark.parametrize(
    ("amount", "text"),
    [
        # The rules' own examples
        ("1409.50", "壹仟肆佰零玖元伍角"),
        ("6007.14", "陆仟零柒元壹角肆分"),
        ("1680.32", "壹仟陆佰捌拾元零叁角贰分"),
        ("107000.53", "壹拾万柒仟元零伍角叁分"),
        ("16409.02", "壹万陆仟肆佰零玖元零贰分"),
        ("325.04", "叁佰贰拾伍元零肆分"),
        # What a county pays, and the edges
        ("848000", "捌拾肆万捌仟元整"),
        ("200", "贰佰元整"),
        ("123.45", "壹佰贰拾叁元肆角伍分"),
        ("0", "零元整"),
        ("0.05", "伍分"),
        ("0.50", "伍角"),
        ("-10", "负壹拾元整"),
        ("100000000", "壹亿元整"),
        ("100050000", "壹亿零伍万元整"),
        ("1000005000", "壹拾亿零伍仟元整"),
        ("1050000000", "壹拾亿伍仟万元整"),
        ("999999999999.99", "玖仟玖佰玖拾玖亿玖仟玖佰玖拾玖万玖仟玖佰玖拾玖元玖角玖分"),
    ],
)
def test_an_amount_is_spelt_as_cheques_want_it(amount, text):
    assert chinese.capitals(Decimal(amount)) == text


@given(amounts)
def test_any_amount_comes_back_from_its_capitals(amount):
    text = chinese.capitals(amount)
    assert amount_of(text) == amount
    assert "零零" not in text
    assert text.endswith("整") == (amount == int(amount))
    assert amount_of(chinese.capitals(-amount)) == -amount


@pytest.mark.parametrize("amount", ["0.001", "1000000000000", "-1000000000000", "Infinity"])
def test_an_amount_that_capitals_cannot_spell_is_refused(amount):
    with pytest.raises(ValueError):
        chinese.capitals(Decimal(amount))


@pytest.mark.parametrize(
    ("number", "text"),
    [
        (0, "0"),
        (99, "99"),
        (100, "100余"),
        (3590, "3500余"),
        (10000, "1万余"),
        (13000, "1.3万余"),
        (78000, "7.8万余"),
        (82999, "8.2万余"),
        (123456789, "1.2亿余"),
    ],
)
def test_a_count_is_put_as_reports_do(number, text):
    assert chinese.about(number) == text


@given(st.integers(0, 10**10))
def test_a_rounded_count_never_promises_more_than_there_is(number):
    text = chinese.about(number)
    size = Decimal(re.match(r"[\d.]+", text)[0]) * {"万": 10**4, "亿": 10**8}.get(text.rstrip("余")[-1], 1)
    assert size <= number <= size * 2


@pytest.mark.parametrize(
    ("name", "full", "initials"),
    [
        ("王小梅", "wangxiaomei", "wxm"),
        ("李 娜", "lina", "ln"),
        ("李\u3000娜", "lina", "ln"),
        ("吕秀英", "lvxiuying", "lxy"),
        ("张长兰", "zhangchanglan", "zcl"),
        ("单兰英", "shanlanying", "sly"),
        ("尉迟小红", "yuchixiaohong", "ycxh"),
        ("万俟丽", "moqili", "mql"),
        ("长孙玉", "zhangsunyu", "zsy"),
        ("令狐敏", "linghumin", "lhm"),
        ("欧阳娜娜", "ouyangnana", "oynn"),
        ("诸葛慧", "zhugehui", "zgh"),
        ("阿依古丽·买买提", "ayigulimaimaiti", "ayglmmt"),
        ("查干•其其格", "chaganqiqige", "cgqqg"),
        ("Maria 王", "mariawang", "mw"),
        ("", "", ""),
    ],
)
def test_a_name_is_found_by_its_sounds(name, full, initials):
    assert chinese.pinyin(name) == (full, initials)


@pytest.mark.parametrize(
    "written",
    ["单shan", "仇qiu", "解xie", "曾zeng", "区ou", "查zha", "覃qin", "朴piao", "盖ge", "翟zhai", "员yun", "卜bu"],
)
def test_a_surname_has_its_own_reading_in_front_alone(written):
    surname, reading = written[0], written[1:]
    assert chinese.pinyin(f"{surname}梅") == (f"{reading}mei", f"{reading[0]}m")
    assert chinese.pinyin(f"王{surname}")[0] != f"wang{reading}"


@given(st.text())
def test_any_text_gives_lower_case_letters_and_digits(text):
    full, initials = chinese.pinyin(text)
    assert re.fullmatch(r"[a-z0-9]*", full)
    assert len(initials) <= len(full)
