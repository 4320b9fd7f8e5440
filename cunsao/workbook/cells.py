"""What one cell says: text, a day, an amount of yuan, a whole number, however it was typed."""

import math
import re
import unicodedata
from datetime import date, datetime, time, timedelta
from decimal import Decimal

from django.utils.translation import gettext as _

from cunsao.workbook.reading import Cell, Fault

DIGITS_KEPT = 15  # significant digits that Excel keeps of a number
# The marks of a sentence stay as typed, so that a remark comes out as it went in.
BETWEEN_SENTENCE_MARKS = re.compile("[^，；：！？]+")
EXPONENT = re.compile(r"[+-]?\d(?:\.\d+)?E\+?(\d{1,3})", re.IGNORECASE)
CLOCK = r"(?: \d{1,2}:\d{2}(?::\d{2}(?:\.\d+)?)?)?"
DAY = re.compile(rf"(\d{{4}}) ?[-./年] ?(\d{{1,2}}) ?[-./月] ?(\d{{1,2}}) ?[日号]?{CLOCK}")
DAY_OF_DIGITS = re.compile(r"((?:19|20)\d\d)(\d\d)(\d\d)")
MONTH = re.compile(r"(\d{4}) ?[-./年] ?(\d{1,2}) ?月?")
FIRST_YEAR, LAST_YEAR = 1900, 2100
# Excel counts days from here; a serial number is believed between 1927 and 2099 only, so that a quantity is not a day.
SERIAL_ZERO = date(1899, 12, 30)
FIRST_SERIAL, LAST_SERIAL = 10_000, 73_050
MONEY = re.compile(r"[¥￥]?\s*([+-]?)[¥￥]?\s*(\d{1,3}(?:,\d{3})+|\d+)(\.\d+)?\s*[元圆]?整?")
COUNT = re.compile(r"([+-]?)(\d{1,3}(?:,\d{3})+|\d+)(?:\.0+)?")
MOST_DIGITS = 12  # before the point; no payment and no count of a county has more


def text(cell: Cell) -> str:
    """The cell as one line: full-width digits, letters and brackets in their plain form, invisible characters gone.

    Each run of spaces, tabs and line breaks is one space, none at the ends; 3.0 is "3", a day "2020-01-02".

    Raises ValueError with a sentence where the cell holds a fault instead of a value.
    """
    if isinstance(cell, str):
        return _tidy(cell)
    if isinstance(cell, Fault):
        raise ValueError(cell.sentence)
    if isinstance(cell, bool):
        return "TRUE" if cell else "FALSE"
    if isinstance(cell, int | float):
        return _number_text(cell)
    return _moment_text(cell)


def day(cell: Cell, *, month_alone: bool = False) -> date:
    """The day a cell names: a date cell, 2020-1-2, 2020.1.2, 2020/1/2, 2020年1月2日, 20200102 or Excel's serial number.

    With `month_alone` also 2020-01 and 2020年1月, meaning the first of the month. Raises ValueError with a sentence.
    """
    if isinstance(cell, datetime):
        cell = cell.date()
    if not isinstance(cell, date):
        cell = _written_day(cell, month_alone)
    if not FIRST_YEAR <= cell.year <= LAST_YEAR:
        raise ValueError(_("The year %(year)s cannot be right. Write the day as 2020-01-02.") % {"year": cell.year})
    return cell


def amount(cell: Cell) -> Decimal:
    """Yuan with two places; a sign of currency, 元 and commas between thousands are understood.

    Raises ValueError with a sentence, also for fractions of a fen.
    """
    written = _quantity(cell).replace("，", ",")
    match = MONEY.fullmatch(written)
    if match is None or len(match[2].replace(",", "")) > MOST_DIGITS:
        raise ValueError(_("“%(cell)s” is no amount. Write yuan as 200 or 200.00.") % {"cell": written})
    value = Decimal(match[1] + match[2].replace(",", "") + (match[3] or ""))
    rounded = value.quantize(Decimal("0.01"))
    if value != rounded:
        raise ValueError(_("“%(cell)s” has more than two decimals. Round it to fen.") % {"cell": written})
    return rounded if rounded else abs(rounded)  # there is no -0.00


def whole_number(cell: Cell) -> int:
    """A count, with or without commas between thousands; raises ValueError with a sentence."""
    written = _quantity(cell).replace("，", ",")
    match = COUNT.fullmatch(written)
    if match is None or len(match[2].replace(",", "")) > MOST_DIGITS:
        raise ValueError(_("“%(cell)s” is no whole number. Write digits alone, as 12.") % {"cell": written})
    return int(match[1] + match[2].replace(",", ""))


def lost_digits(cell: Cell) -> bool:
    """Whether Excel took a long number, as an ID number, for a quantity and kept 15 digits of it."""
    if isinstance(cell, bool):
        return False
    if isinstance(cell, int | float):
        return not math.isfinite(cell) or abs(cell) >= 10**DIGITS_KEPT
    if isinstance(cell, str):
        match = EXPONENT.fullmatch(_tidy(cell))
        return match is not None and int(match[1]) >= DIGITS_KEPT
    return False


def _tidy(written: str) -> str:
    if written.isascii() and written.isprintable():
        return " ".join(written.split())
    if not written.isprintable():
        written = "".join(mark for mark in written if _is_shown(mark))
    if not unicodedata.is_normalized("NFKC", written):
        written = BETWEEN_SENTENCE_MARKS.sub(lambda part: unicodedata.normalize("NFKC", part[0]), written)
    return " ".join(written.split())


def _is_shown(mark: str) -> bool:
    """Private-use characters are shown: rare names are written with them."""
    return mark.isspace() or unicodedata.category(mark) not in ("Cf", "Cc")


def _number_text(number: float) -> str:
    if not math.isfinite(number):
        raise ValueError(_("The cell holds a number that is too large. Type it again."))
    return str(int(number)) if number == int(number) else repr(number)


def _moment_text(moment: date | time | timedelta) -> str:
    if isinstance(moment, datetime):
        return moment.date().isoformat() if moment.time() == time() else moment.isoformat(" ", "minutes")
    if isinstance(moment, time):
        return moment.isoformat("seconds" if moment.second else "minutes")
    return str(moment)


def _quantity(cell: Cell) -> str:
    """A number as Excel shows it, which hides the noise of binary fractions, or the text."""
    if isinstance(cell, bool | date | time | timedelta):
        raise ValueError(_("“%(cell)s” is no number. Write digits alone, as 12.") % {"cell": text(cell)})
    if isinstance(cell, int | float) and math.isfinite(cell):
        return f"{Decimal(f'{cell:.{DIGITS_KEPT}g}'):f}"
    return text(cell)


def _written_day(cell: Cell, month_alone: bool) -> date:
    written = text(cell)
    match = DAY.fullmatch(written) or DAY_OF_DIGITS.fullmatch(written)
    month = MONTH.fullmatch(written) if month_alone and isinstance(cell, str) else None
    try:
        if match:
            return date(*map(int, match.groups()))
        if month:
            return date(int(month[1]), int(month[2]), 1)
    except ValueError as error:
        raise ValueError(
            _("There is no day “%(cell)s” in the calendar. Check year, month and day.") % {"cell": written}
        ) from error
    if serial := _serial(written):
        return SERIAL_ZERO + timedelta(days=serial)
    if month_alone:
        raise ValueError(_("“%(cell)s” is no day and no month. Write it as 2020-01-02 or 2020-01.") % {"cell": written})
    raise ValueError(_("“%(cell)s” is no day. Write it as 2020-01-02.") % {"cell": written})


def _serial(written: str) -> int | None:
    """The whole days of a serial number, or None; a month as the number 2020.1 is too small to be one."""
    if re.fullmatch(r"\d{5}(?:\.\d+)?", written) and FIRST_SERIAL <= float(written) <= LAST_SERIAL:
        return int(float(written))
    return None
