import re
import string
from datetime import date

import pytest
from django.utils import translation
from hypothesis import assume, example, given
from hypothesis import strategies as st

from cunsao.personal_data import numbers
from cunsao.personal_data.numbers import NumberRefused
from tests.cunsao.personal_data.invented import id_number, with_check_digit, women_ids

DAY = date(2026, 6, 30)
GOOD = id_number()
WITH_X = next(number for order in range(0, 1000, 2) if (number := id_number(order=order)).endswith("X"))
CARD = with_check_digit("621700123456789012")
FULL_WIDTH = str.maketrans(string.digits + "X", "".join(chr(ord(mark) + 0xFEE0) for mark in string.digits + "X"))


def code_of(read, *args):
    with translation.override("en"), pytest.raises(NumberRefused) as refused:
        read(*args)
    assert not re.search(r"\d{4}", f"{refused.value} {refused.value!r} {refused.value.message}")
    return refused.value.code


# ID numbers


@given(women_ids)
def test_any_womans_number_is_taken_as_it_is(number):
    assert numbers.national_id(number, DAY) == number


@pytest.mark.parametrize(
    "written",
    [
        WITH_X.lower(),
        WITH_X.translate(FULL_WIDTH),
        f"  {WITH_X}\u00a0",
        f"\u200b{WITH_X}\ufeff",
        f"'{WITH_X}",
        f"’{WITH_X}",
        f"{WITH_X[:6]}-{WITH_X[6:14]} {WITH_X[14:]}",
        f"{WITH_X[:6]}\u3000{WITH_X[6:14]}－{WITH_X[14:]}",
        WITH_X[:-1] + "×",
        WITH_X[:-1] + "Χ",  # Greek
        WITH_X[:-1] + "х",  # Cyrillic
        WITH_X[:-1] + "ｘ",
    ],
)
def test_decoration_is_left_out(written):
    assert numbers.national_id(written, DAY) == WITH_X


@given(women_ids, st.integers(0, 17), st.sampled_from("0123456789X"))
def test_any_single_wrong_character_is_refused(number, place, mark):
    assume(number[place] != mark)
    wrong = number[:place] + mark + number[place + 1 :]
    assert code_of(numbers.national_id, wrong, DAY) in {"invalid_id", "id_lost_digits"}


@given(women_ids, st.integers(0, 16))
def test_any_two_neighbours_that_changed_places_are_refused(number, place):
    assume(number[place] != number[place + 1])
    wrong = number[:place] + number[place + 1] + number[place] + number[place + 2 :]
    assert code_of(numbers.national_id, wrong, DAY) in {"invalid_id", "id_lost_digits"}


@pytest.mark.parametrize("cell", [None, "", "  ", "\u200b", "'", "-"])
@pytest.mark.parametrize("read", [numbers.national_id, numbers.phone, numbers.bank_account])
def test_nothing_written_is_missing(read, cell):
    assert code_of(read, cell) == "missing"


@given(women_ids.filter(lambda number: number[-1] != "X"))
@example("341226198809197600")
def test_a_number_the_spreadsheet_kept_as_a_number_has_lost_digits_whatever_the_check_digit_says(number):
    for cell in (int(number), float(number), f"{float(number):.6E}", f"{float(number):.5e}", f"{float(number):.1f}"):
        assert code_of(numbers.national_id, cell, DAY) == "id_lost_digits"


def test_zeros_at_the_end_that_do_not_fit_are_lost_digits():
    rounded = GOOD[:15] + "000"
    assert code_of(numbers.national_id, rounded, DAY) == "id_lost_digits"


@pytest.mark.parametrize(
    "cell",
    [
        341226800102124,  # an old number, in a numeric cell
        "341226800102124",
        12.5,
        True,
        GOOD[:-1],
        GOOD + "0",
        "A" + GOOD[1:],
        GOOD[:5] + "X" + GOOD[6:],
        GOOD[:10] + "\u0660" + GOOD[11:],  # an Arabic nought
        id_number(place="001226"),
        "34122619800230124" + "0",
        id_number(date(1899, 12, 31)),
        id_number(date(1901, 1, 1)),  # 125 years old
        id_number(date(2026, 7, 1)),  # tomorrow
        GOOD.replace("1980", "198O"),
    ],
)
def test_what_is_no_id_number_is_refused(cell):
    assert code_of(numbers.national_id, cell, DAY) == "invalid_id"


def test_an_old_number_of_15_digits_is_told_what_is_needed():
    with translation.override("en"), pytest.raises(NumberRefused, match="18-digit"):
        numbers.national_id("341226800102124", DAY)


def test_a_mans_number_is_refused():
    assert code_of(numbers.national_id, id_number(order=125), DAY) == "not_female"


def test_she_must_be_18_on_the_day():
    number = id_number(date(2008, 6, 30))
    assert numbers.national_id(number, DAY) == number
    assert code_of(numbers.national_id, number, date(2026, 6, 29)) == "under_age"
    assert code_of(numbers.national_id, id_number(date(2015, 7, 9)), DAY) == "under_age"


@given(women_ids)
def test_birthday_and_age_are_read_from_the_number(number):
    birthday = numbers.born(number)
    assert f"{birthday:%Y%m%d}" == number[6:14]
    assert numbers.age_on(number, birthday) == 0
    assert numbers.age_on(number, date(birthday.year + 40, 12, 31)) == 40
    assert numbers.age_on(number, date(birthday.year + 40, 1, 1)) == (40 if f"{birthday:%m%d}" == "0101" else 39)


def test_a_birthday_on_the_29th_of_february_comes_on_the_1st_of_march_in_other_years():
    number = id_number(date(2008, 2, 29))
    assert [numbers.age_on(number, day) for day in (date(2026, 2, 28), date(2026, 3, 1))] == [17, 18]


# Phones


@pytest.mark.parametrize(
    "cell",
    [
        "13800001234",
        13800001234,
        13800001234.0,
        "13800001234.0",
        "138-0000-1234",
        "138 0000 1234",
        "+86 13800001234",
        "+86-138-0000-1234",
        "0086 13800001234",
        "8613800001234",
        "（+86）13800001234",
        "13800001234".translate(FULL_WIDTH),
        "\u200b13800001234",
        "'13800001234",
    ],
)
def test_a_mobile_number_is_read_however_it_is_written(cell):
    assert numbers.phone(cell) == "13800001234"


@pytest.mark.parametrize(
    "cell", ["0558-4412345", "（0558）4412345", "0558 4412345", "+86 558 4412345", "+86-0558-4412345"]
)
def test_a_landline_is_read_with_its_area_code(cell):
    assert numbers.phone(cell) == "05584412345"


@pytest.mark.parametrize(
    "cell",
    [
        "1380000",
        "12800001234",
        "138000012345",
        "4412345",
        5584412345,
        "1.38E+10",
        "无",
        "13800001234、13900001234",
        1e20,
        "05581412345",
    ],
)
def test_what_is_no_phone_number_is_refused(cell):
    assert code_of(numbers.phone, cell) == "invalid_phone"


# Accounts


@given(st.text(string.digits, min_size=11, max_size=18).map(with_check_digit))
def test_any_card_number_that_fits_its_check_digit_is_taken_without_doubt(number):
    account = numbers.bank_account(number)
    assert account == number
    assert account.doubt is None


@given(st.text(string.digits, min_size=11, max_size=18).map(with_check_digit), st.integers(0), st.integers(1, 9))
def test_any_wrong_digit_of_a_card_is_doubted_but_taken(number, place, shift):
    place %= len(number)
    wrong = number[:place] + str((int(number[place]) + shift) % 10) + number[place + 1 :]
    account = numbers.bank_account(wrong)
    assert account == wrong
    assert account.doubt.code == "bank_account_check"
    assert wrong not in account.doubt.message


@pytest.mark.parametrize(
    "cell", [f"{CARD[:4]} {CARD[4:8]} {CARD[8:]}", f"'{CARD}", CARD.translate(FULL_WIDTH), f"{CARD[:6]}-{CARD[6:]}\t"]
)
def test_an_account_is_read_however_it_is_written(cell):
    assert numbers.bank_account(cell) == CARD


@pytest.mark.parametrize("number", ["12345678", "2" * 23, "3" * 30])
def test_an_account_that_is_no_card_is_taken_with_a_doubt(number):
    assert numbers.bank_account(number).doubt.code == "bank_account_check"


@pytest.mark.parametrize("cell", [int(CARD), float(CARD), "6.21700E+18", f"{CARD}.0"])
def test_an_account_the_spreadsheet_kept_as_a_number_has_lost_digits(cell):
    assert code_of(numbers.bank_account, cell) == "account_lost_digits"


def test_a_short_account_survives_as_a_number():
    assert numbers.bank_account(123456789012.0) == "123456789012"


@pytest.mark.parametrize("cell", ["1234567", "1" * 31, "6217A0012345678901", "农行", 12.5])
def test_what_is_no_account_is_refused(cell):
    assert code_of(numbers.bank_account, cell) == "invalid_account"


@given(women_ids)
def test_any_refused_number_is_not_repeated_in_its_refusal(number):
    for wrong in (number[:-1], number + "0", float(number[:17]), number[:16] + "Y" + number[17]):
        code_of(numbers.national_id, wrong)  # looks for digits in all that the refusal says
        code_of(numbers.phone, wrong)
