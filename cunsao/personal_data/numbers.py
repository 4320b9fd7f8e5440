"""ID number, phone and bank account as people write them: brought to one form, checked, or refused with a remedy.

No message holds the number or a part of it: messages go into logs, titles and other people's files.
"""

import re
import unicodedata
from datetime import date
from operator import mul
from typing import NamedTuple

from django.core.exceptions import ValidationError
from django.utils import timezone
from django.utils.translation import gettext

EARLIEST_BIRTH = date(1900, 1, 1)
OLDEST, GROWN_UP = 120, 18  # years
KEPT_DIGITS = 15  # so many digits of a number a spreadsheet keeps; it makes zeros of the others

# GB/T 2260: the two digits of each province. A permanent residence card, in this form since 2023, begins with 9.
PROVINCE = re.compile(r"1[1-5]|2[1-3]|3[1-7]|4[1-6]|5[0-4]|6[1-5]|71|8[1-3]|9[1-8]")
# GB 11643, by ISO 7064 MOD 11-2
WEIGHTS = [2**place % 11 for place in range(17, 0, -1)]
OF_ZEROS = ord("0") * sum(WEIGHTS)  # the digits are counted as bytes
CHECK_DIGITS = "10X98765432"
DOUBLED = bytes.maketrans(b"0123456789", b"0246813579")  # the sum of the digits of twice each, by ISO/IEC 7812

# What stands for X in typed numbers: multiplication signs, Greek chi, Cyrillic ha
LOOKALIKES = str.maketrans("×✕✖╳⨯ΧХ", "XXXXXXX")
LEFT_OUT = {"Cc", "Cf", "Mn", "Pd", "Pc", "Zl", "Zp", "Zs"}  # Unicode's classes of controls, invisibles, dashes, spaces
PUNCTUATION = str.maketrans("", "", "()./")
QUOTES = "'`’‘′\"“”"

EXPONENT = re.compile(r"(\d+)(?:\.\d+)?E\+?(\d{1,3})", re.ASCII)
WITH_DECIMALS = re.compile(r"(\d+)\.0*", re.ASCII)
ID_NUMBER = re.compile(r"\d{17}[\dX]", re.ASCII)
MOBILE = re.compile(r"1[3-9]\d{9}", re.ASCII)
LANDLINE = re.compile(r"0(?:10|2\d)[2-9]\d{7}|0[3-9]\d{2}[2-9]\d{6,7}", re.ASCII)
ABROAD = re.compile(r"(\+|00)?86(?=\d{10,12}$)", re.ASCII)
ACCOUNT = re.compile(r"\d{8,30}", re.ASCII)
CARD_LENGTHS = range(12, 20)  # ISO/IEC 7812: the longest has 19


class NumberRefused(ValidationError):
    """A number that cannot be taken: `code` for programs, `message` for people."""

    def __init__(self, code: str, message: str) -> None:
        super().__init__(message, code=code)

    def __str__(self) -> str:
        return str(self.message)


class Doubt(NamedTuple):
    """A warning about a number that is taken all the same."""

    code: str
    message: str


class Account(str):
    """A bank account's digits; `doubt` says what to look at again, if anything."""

    __slots__ = ("doubt",)
    doubt: Doubt | None


def national_id(cell: object, on: date | None = None) -> str:
    """The 18 characters of a grown woman's ID number.

    Age is counted on the day `on`; whoever reads a list passes it, since finding out today costs as much as the rest.
    Raises NumberRefused: missing, id_lost_digits, invalid_id, not_female, under_age, in this order. A cell that a
    spreadsheet keeps as a number has lost its last digits even if the check digit happens to fit.
    """
    text, lost = _read(cell)
    day = on or timezone.localdate()
    if lost:
        raise NumberRefused("id_lost_digits", _lost_digits())
    if not ID_NUMBER.fullmatch(text):
        raise NumberRefused("invalid_id", _wrong_form(text))
    age = _age(text, day)
    if age is None or not PROVINCE.match(text):
        raise NumberRefused(
            "invalid_id", gettext("Place or birthday in this ID number do not exist. Compare it with her card.")
        )
    if check_digit(text) != text[17]:
        if text.endswith("000"):
            raise NumberRefused("id_lost_digits", _lost_digits())
        raise NumberRefused("invalid_id", gettext("A digit of this ID number is wrong. Compare it with her card."))
    if int(text[16]) % 2:
        raise NumberRefused("not_female", gettext("This is a man's ID number. Compare it with her card."))
    if age < GROWN_UP:
        message = gettext("She is younger than %(years)s. Compare the number with her card.")
        raise NumberRefused("under_age", message % {"years": GROWN_UP})
    return text


def check_digit(number: str) -> str:
    """The 18th character that belongs to the first 17 digits of `number`."""
    return CHECK_DIGITS[(sum(map(mul, number.encode(), WEIGHTS)) - OF_ZEROS) % 11]


def born(national_id: str) -> date:
    """The birthday in an ID number; raises ValueError if there is no such day."""
    return date.fromisoformat(national_id[6:14])


def age_on(national_id: str, day: date) -> int:
    """Completed years on `day`."""
    return _years(born(national_id), day)


def phone(cell: object) -> str:
    """The digits of a Chinese mobile number, or of a landline with its area code.

    Raises NumberRefused: missing, invalid_phone.
    """
    if isinstance(cell, str) and MOBILE.fullmatch(cell):  # as nearly all are
        return cell
    text, _lost = _read(cell)
    digits = text.translate(PUNCTUATION)
    if prefix := ABROAD.match(digits):
        digits = digits[prefix.end() :]
        if not digits.startswith(("0", "1")):  # an area code loses its 0 behind +86
            digits = f"0{digits}"
    if not MOBILE.fullmatch(digits) and not LANDLINE.fullmatch(digits):
        message = gettext("This is no phone number: a mobile number has 11 digits, a landline its area code before it.")
        raise NumberRefused("invalid_phone", message)
    return digits


def bank_account(cell: object) -> Account:
    """The digits of a bank card, or of an account as passbooks have it: 8 to 30.

    Only cards end in a check digit, so whatever does not pass as one of 12 to 19 digits is taken with the doubt
    bank_account_check. Raises NumberRefused: missing, account_lost_digits, invalid_account.
    """
    text, lost = _read(cell)
    if lost:
        message = gettext(
            "The spreadsheet kept this account as a number and lost its last digits. Format the column as text and "
            "type the account again."
        )
        raise NumberRefused("account_lost_digits", message)
    if not ACCOUNT.fullmatch(text):
        raise NumberRefused(
            "invalid_account", gettext("An account has 8 to 30 digits and nothing else. Compare it with her card.")
        )
    account = Account(text)
    account.doubt = None
    if len(text) not in CARD_LENGTHS or not passes_luhn(text):
        message = gettext(
            "This is not the number of a bank card, or a digit of it is wrong. Compare it with her card or passbook."
        )
        account.doubt = Doubt("bank_account_check", message)
    return account


def passes_luhn(digits: str) -> bool:
    """Whether the last digit is the check digit of those before it, by ISO/IEC 7812."""
    counted = digits.encode()
    return (sum(counted[-2::-2].translate(DOUBLED)) + sum(counted[::-2]) - ord("0") * len(counted)) % 10 == 0


def _read(cell: object) -> tuple[str, bool]:
    """A cell's characters without what only decorates them, and whether a spreadsheet has lost some of its digits."""
    if isinstance(cell, str) and cell.isascii() and (cell.isdigit() or ID_NUMBER.fullmatch(cell)):  # as nearly all are
        return cell, False
    if isinstance(cell, int | float) and not isinstance(cell, bool):
        lost = not abs(cell) < 10**KEPT_DIGITS
        return ("" if lost else _whole(cell)), lost
    text = _plain("" if cell is None else str(cell))
    if not text:
        raise NumberRefused("missing", gettext("The number is missing."))
    if number := EXPONENT.fullmatch(text):
        return text, len(number[1]) + int(number[2]) > KEPT_DIGITS
    if number := WITH_DECIMALS.fullmatch(text):
        return number[1], len(number[1]) > KEPT_DIGITS
    return text, False


def _whole(number: float) -> str:
    return str(int(number)) if number == int(number) else str(number)


def _plain(text: str) -> str:
    text = unicodedata.normalize("NFKC", text).upper().translate(LOOKALIKES)
    return "".join(mark for mark in text if mark not in QUOTES and unicodedata.category(mark) not in LEFT_OUT)


def _age(text: str, day: date) -> int | None:
    """Completed years on `day`; None where the birthday in the number cannot be anybody's."""
    try:
        birthday = born(text)
    except ValueError:
        return None
    age = _years(birthday, day)
    return age if EARLIEST_BIRTH <= birthday <= day and age <= OLDEST else None


def _years(birthday: date, day: date) -> int:
    return day.year - birthday.year - ((day.month, day.day) < (birthday.month, birthday.day))


def _lost_digits() -> str:
    return gettext(
        "The spreadsheet kept this ID number as a number and lost its last digits. Format the column as text and type "
        "the number again."
    )


def _wrong_form(text: str) -> str:
    if len(text) == 15 and text.isdigit():
        return gettext("This is an old ID number of 15 digits. Ask for the 18-digit number on her present card.")
    if len(text) != 18:
        message = gettext("An ID number has 18 characters; this one has %(count)s. Compare it with her card.")
        return message % {"count": len(text)}
    return gettext("An ID number has 17 digits and at the end a digit or X. Compare it with her card.")
