"""A township's empty register, to be filled in with Excel or WPS and imported: villages and words to choose from."""

from collections.abc import Sequence
from datetime import date
from typing import Any

from django.utils.translation import gettext as _

from councils.models import VILLAGES, Council
from cunsao.workbook import Column, Plan
from members.imports.words import ETHNICITIES, HEADINGS, POLITICAL, POSITIONS, SCHOOLING

BLANK_ROWS = 300
FIELDS = (
    "township", "village", "name", "national_id", "phone", "zone", "position", "political_status", "education",
    "ethnicity", "joined_on", "bank_name", "bank_account", "remark",
)  # fmt: skip
WIDTHS = {"national_id": 22, "phone": 15, "bank_account": 24, "bank_name": 20, "village": 18, "remark": 24, "zone": 16}
CHOICES = {"position": POSITIONS, "political_status": POLITICAL, "education": SCHOOLING, "ethnicity": ETHNICITIES}
# The importer leaves out a row whose name ends so; the number's check digit is wrong, so that it is nobody's.
SAMPLE = {
    "name": "王小梅(示例)", "national_id": "341226198001010000", "phone": "13800000000", "zone": "第1网格",
    "position": "会员", "political_status": "群众", "education": "初中", "ethnicity": "汉族",
    "joined_on": date(2022, 1, 1), "bank_name": "颍上农村商业银行", "bank_account": "6217780000000000000",
    "remark": "示例，可删去",
}  # fmt: skip


def sheets(council: Council) -> list[Plan]:
    """The list for `council`, a township or a village: its places filled in or to choose from; and how to fill it in.

    Raises ValueError for a county, whose villages are too many to choose from.
    """
    if council.level == "county":
        raise ValueError(_("Choose a township: a template is made for each."))
    township = council.parent if council.is_village else council
    villages = [council] if council.is_village else list(council.children.filter(level__in=VILLAGES, closed=None))
    names = [each.name for each in villages]
    given = {"township": township.name if township else "", "village": names[0] if len(names) == 1 else None}
    columns = [_column(name, names) for name in FIELDS]
    rows: list[list[Any]] = [[(SAMPLE | given | {"village": next(iter(names), "")}).get(name) for name in FIELDS]]
    rows += [[given.get(name) for name in FIELDS]] * BLANK_ROWS
    explained = [Column(_("Column"), width=16), Column(_("What belongs there"), width=90)]
    return [
        Plan(name=_("Register"), columns=columns, rows=rows, landscape=True),
        Plan(name=_("How to fill it in"), columns=explained, rows=_explained()),
    ]


def _column(name: str, villages: Sequence[str]) -> Column:
    words: dict[str, Sequence[str]] = {field: [each[0] for each in known.values()] for field, known in CHOICES.items()}
    return Column(
        HEADINGS[name][0], "day" if name == "joined_on" else "text", WIDTHS.get(name, 12),
        choices=villages if name == "village" else words.get(name, ()), length=18 if name == "national_id" else None,
    )  # fmt: skip


def _explained() -> list[list[Any]]:
    told = {
        "village": _("Choose it from the list."),
        "name": _("As on her ID card. Every row needs it."),
        "national_id": _("18 characters, X at the end if it has one. Every row needs it; it says who she is."),
        "phone": _("Her mobile number, 11 digits."),
        "zone": _("The name or number of her grid zone; several with 、 between them, the main one first."),
        "position": _("Choose it. A village has one president."),
        "political_status": _("Choose it."),
        "education": _("Choose it."),
        "ethnicity": _("Choose it."),
        "joined_on": _("A day, such as 2022-01-01, or a month, such as 2022-01."),
        "bank_account": _("The number of the account that her subsidy goes to."),
        "remark": _("Whatever else is worth knowing, up to 200 characters."),
    }
    general = [
        _("One row a person. The first row is a sample; it is not imported."),
        _("Do not change the headings. An empty cell changes nothing of what is known already."),
        _("Numbers stay text: type or paste them as values, so that no digit is lost."),
        _("Who is in another village already is transferred on her own page, not by this list."),
    ]
    return [*([HEADINGS[name][0], said] for name, said in told.items()), *([_("In general"), each] for each in general)]
