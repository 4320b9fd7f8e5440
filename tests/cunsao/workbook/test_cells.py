import math
from datetime import date, datetime, time, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from cunsao.workbook import Fault
from cunsao.workbook.cells import amount, day, lost_digits, text, whole_number

DAYS = st.dates(date(1900, 1, 1), date(2100, 12, 31))
FULL_WIDTH = str.maketrans("0123456789-./,", "０１２３４５６７８９－．／，")
MOMENT = datetime(2020, 1, 2, 3, 4)  # noqa: DTZ001 - a cell has no zone


@pytest.mark.parametrize(
    ("cell", "wanted"),
    [
        ("", ""),
        ("何洁玉", "何洁玉"),
        (" 何洁玉\u3000", "何洁玉"),
        ("康\u3000翠", "康 翠"),
        ("\u200b341226199002060328\ufeff", "341226199002060328"),
        ("３４１２２６Ｘ", "341226X"),
        ("341226\u00a0", "341226"),
        ("村（社区）", "村(社区)"),
        ("公民身份\n号码", "公民身份 号码"),
        ("a\t b\r\nc", "a b c"),
        ("住东头，腿脚不便！", "住东头，腿脚不便！"),
        ("\ue000", "\ue000"),
        (3.0, "3"),
        (15036823726.0, "15036823726"),
        (2.5, "2.5"),
        (-1, "-1"),
        (True, "TRUE"),
        (date(2020, 1, 2), "2020-01-02"),
        (datetime(2020, 1, 2), "2020-01-02"),  # noqa: DTZ001 - a cell has no zone
        (MOMENT, "2020-01-02 03:04"),
        (time(3, 4), "03:04"),
        (timedelta(hours=1), "1:00:00"),
    ],
)
def test_a_cell_is_one_line_of_plain_text(cell, wanted):
    assert text(cell) == wanted


@given(st.text())
def test_tidying_any_text_twice_changes_nothing_more(written):
    assert text(text(written)) == text(written)


@given(st.text())
def test_any_text_comes_out_without_what_cannot_be_seen(written):
    tidy = text(written)
    assert tidy == tidy.strip()
    assert not set(tidy) & set("\t\r\n\0\u00a0\u200b\u3000\ufeff")
    assert "  " not in tidy


@pytest.mark.parametrize("read", [text, day, amount, whole_number])
@pytest.mark.parametrize("cell", [Fault("#N/A"), Fault(""), math.inf, math.nan])
def test_a_cell_without_a_value_says_so(read, cell):
    with pytest.raises(ValueError, match=r"\w{5}|[一-鿿]"):
        read(cell)


@given(DAYS)
def test_any_day_is_read_however_it_is_written(wanted):
    y, m, d = wanted.year, wanted.month, wanted.day
    forms = [f"{y}-{m}-{d}", f"{y}.{m}.{d}", f"{y}/{m}/{d}", f"{y}年{m}月{d}日", f" {y}-{m:02}-{d:02} 00:00:00"]
    forms += [form.translate(FULL_WIDTH) for form in forms]
    assert {day(form) for form in forms} == {wanted}
    assert day(wanted) == wanted
    assert day(datetime(y, m, d, 23, 59)) == wanted  # noqa: DTZ001 - a cell has no zone


@given(st.dates(date(1900, 1, 1), date(2099, 12, 31)))
def test_any_day_of_eight_digits_is_read_from_text_and_number(wanted):
    digits = f"{wanted:%Y%m%d}"
    assert day(digits) == day(float(digits)) == day(int(digits)) == wanted


@given(st.dates(date(1930, 1, 1), date(2099, 12, 31)))
def test_any_serial_number_of_a_lifetime_is_its_day(wanted):
    serial = (wanted - date(1899, 12, 30)).days
    assert day(serial) == day(float(serial)) == day(serial + 0.75) == day(str(serial)) == wanted


@pytest.mark.parametrize("cell", ["2020-01", "2020年1月", "2020.1", "２０２０／１"])
def test_a_month_is_its_first_day_where_that_is_allowed(cell):
    assert day(cell, month_alone=True) == date(2020, 1, 1)
    with pytest.raises(ValueError):
        day(cell)


@pytest.mark.parametrize(
    "cell",
    [
        "",
        "昨天",
        "2020-13-01",
        "2020-02-30",
        "20200230",
        "2020-1",
        "1-2-2020",
        200,
        2020.1,
        1e300,
        True,
        date(1820, 1, 1),
        time(1),
    ],
)
def test_what_is_no_day_is_refused(cell):
    with pytest.raises(ValueError):
        day(cell)


def test_a_month_that_excel_made_a_number_of_is_not_guessed():
    with pytest.raises(ValueError):
        day(2020.1, month_alone=True)  # January or October


@given(st.decimals(-(10**9), 10**9, places=2))
def test_any_amount_is_read_however_it_is_written(wanted):
    forms = [f"{wanted}", f"{wanted:,}", f"¥{wanted:,}", f"{wanted}元", f"{wanted:,} 元", f"￥{wanted}元整"]
    assert {amount(form) for form in forms} == {wanted}
    assert amount(float(wanted)) == wanted
    assert amount(f"{abs(wanted):,}".translate(FULL_WIDTH)) == abs(wanted)


@pytest.mark.parametrize(("cell", "wanted"), [(200, "200.00"), ("200", "200.00"), (0.1 + 0.2, "0.30"), ("-0", "0.00")])
def test_an_amount_has_two_places(cell, wanted):
    assert str(amount(cell)) == wanted


@pytest.mark.parametrize(
    "cell",
    ["", "200.001", 33.333333, "1,2", "12,34,567", "200美元", "二百", "1e3", "--1", 10**12, True, date(2020, 1, 1)],
)
def test_what_is_no_amount_is_refused(cell):
    with pytest.raises(ValueError):
        amount(cell)


@given(st.integers(-(10**12) + 1, 10**12 - 1))
def test_any_whole_number_is_read_however_it_is_written(wanted):
    assert whole_number(wanted) == whole_number(float(wanted)) == whole_number(f" {wanted:,}") == wanted
    assert whole_number(f"{wanted}.0") == wanted


@pytest.mark.parametrize("cell", ["", "3.5", 3.5, "十二", "12人", "1,2", 1e15, False, time(1)])
def test_what_is_no_whole_number_is_refused(cell):
    with pytest.raises(ValueError):
        whole_number(cell)


@given(st.integers(10**17, 10**18 - 1))
def test_any_id_number_that_became_a_number_has_lost_digits(number):
    assert lost_digits(float(number))
    assert lost_digits(number)
    assert lost_digits(f"{float(number):.5E}")
    assert not lost_digits(str(number))


@pytest.mark.parametrize("cell", ["3.41226E+17", "3E17", "３.4e+17", 1e15, math.inf])
def test_a_number_beyond_fifteen_digits_has_lost_some(cell):
    assert lost_digits(cell)


@pytest.mark.parametrize(
    "cell", ["", "341226199002060328", 999_999_999_999_999, 15036823726.0, "1E+5", True, date(2020, 1, 1)]
)
def test_a_shorter_number_and_a_text_have_lost_none(cell):
    assert not lost_digits(cell)
