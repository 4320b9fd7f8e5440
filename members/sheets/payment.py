"""The payment sheet (补贴发放表): who signs for what, by village; page and workbook only dress it.

Before approval it shows what the records say now and is marked a draft; from then on it is the frozen copy.
"""

from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from decimal import Decimal
from itertools import groupby
from typing import Any

from django.utils.translation import gettext as _

from councils.models import Council
from cunsao import chinese, months
from cunsao.printing import Column, Form
from members.models import EntryKind, MonthlyRoster, RosterEntry
from members.payroll import shown

NOTHING = Decimal("0.00")


@dataclass
class Row:
    """One woman's line: all that a month gives her, corrections too, since she signs once."""

    village: str
    name: str
    number: str  # of her identity card, masked
    county: Decimal
    performance: Decimal
    note: str

    @property
    def total(self) -> Decimal:
        return self.county + self.performance


def forms(roster: MonthlyRoster, village: Council | None = None) -> list[Form]:
    """A form for each village of the roster, or for one; after those of a township the sums of its villages.

    One query, whatever the number of members. A month that nobody stands in has one empty form.
    """
    entries = [each for each in shown(roster) if village is None or each.village_id == village.pk]
    found = [(name, list(_rows(here))) for name, here in groupby(entries, lambda each: each.village_name)]
    if not found:
        return [_form(roster, str(village or roster.township), [])]
    made = [_form(roster, name, rows, sealed=village is not None) for name, rows in found]
    return made if village else [*made, _summary(roster, found)]


def _rows(entries: Iterable[RosterEntry]) -> Iterator[Row]:
    """Entries of one village, a woman's together as `shown` has them; a correction stands with the village it is of."""
    for _member, own in groupby(entries, lambda each: each.member_id):
        lines = list(own)
        first = lines[0]
        yield Row(
            first.village_name, first.name, first.national_id_masked,
            sum((each.county_amount for each in lines), NOTHING),
            sum((each.performance_amount for each in lines), NOTHING),
            "; ".join(filter(None, map(_said, lines))),
        )  # fmt: skip


def _said(entry: RosterEntry) -> str:
    """What stands beside a line: a correction says which month it belongs to and how much it is."""
    if entry.kind == EntryKind.REGULAR or entry.corrected_month is None:
        return entry.note
    words = {"kind": entry.get_kind_display(), "month": f"{entry.corrected_month:%Y-%m}", "amount": f"{entry.total:+}"}
    return _("%(kind)s for %(month)s %(amount)s") % words


def _form(roster: MonthlyRoster, village: str, rows: Sequence[Row], sealed: bool = True) -> Form:
    return Form(
        title=_titled(roster, _("Village sisters' subsidies: payment sheet")),
        columns=[
            Column(_("No."), 20, "number", centred=True),
            Column(_("Full name"), 24, centred=True),
            Column(_("ID number"), 46, centred=True),
            Column(_("County subsidy (yuan)"), 30, "amount", summed=True),
            Column(_("Performance subsidy (yuan)"), 30, "amount", summed=True),
            Column(_("In all (yuan)"), 30, "amount", summed=True),
            Column(_("Signature"), 42),
            Column(_("Note"), 51),
        ],
        rows=[
            [at, each.name, each.number, each.county, each.performance, each.total, "", each.note]
            for at, each in enumerate(rows, 1)
        ],
        left=_("Village: %(place)s") % {"place": f"{roster.township} {village}"},
        right=_right(roster, len(rows)),
        **_foot(roster, sum((each.total for each in rows), NOTHING), sealed),
    )


def _summary(roster: MonthlyRoster, villages: Sequence[tuple[str, list[Row]]]) -> Form:
    """A line a village, for who approves."""
    rows = [row for _name, own in villages for row in own]
    return Form(
        title=_titled(roster, _("Village sisters' subsidies: sums of the villages")),
        columns=[
            Column(_("No."), 20, "number", centred=True),
            Column(_("Village"), 64),
            Column(_("Members"), 30, "number", summed=True),
            Column(_("County subsidy (yuan)"), 42, "amount", summed=True),
            Column(_("Performance subsidy (yuan)"), 42, "amount", summed=True),
            Column(_("In all (yuan)"), 42, "amount", summed=True),
            Column(_("Note"), 33),
        ],
        rows=[
            [at, name, len(own), sum((each.county for each in own), NOTHING),
             sum((each.performance for each in own), NOTHING), sum((each.total for each in own), NOTHING), ""]
            for at, (name, own) in enumerate(villages, 1)
        ],
        left=_("Township: %(place)s") % {"place": roster.township},
        right=_right(roster, len(rows)),
        **_foot(roster, sum((each.total for each in rows), NOTHING)),
    )  # fmt: skip


def seal_of(roster: MonthlyRoster) -> str:
    return _("Village-sister council of %(place)s") % {"place": roster.township}


def _titled(roster: MonthlyRoster, title: str) -> str:
    return title if roster.is_frozen else _("%(title)s (draft)") % {"title": title}


def _right(roster: MonthlyRoster, count: int) -> str:
    return _("Month: %(month)s, %(count)d members") % {"month": months.label(roster.month), "count": count}


def _foot(roster: MonthlyRoster, total: Decimal, sealed: bool = True) -> dict[str, Any]:
    """Beneath the last row: the sum in capitals, who answers for it, and room for the seal.

    A draft is not sealed. Of a whole township's sheets the last is, with the sums: a seal beneath each village would
    cost it a second sheet.
    """
    words = {"total": f"{total:,.2f}", "capitals": chinese.capitals(total)}
    return {
        "closing": [_("In all %(total)s yuan, in capitals: %(capitals)s") % words],
        "signatures": [_("Prepared by:"), _("Checked by:"), _("Approved by:")],
        "sealed_by": seal_of(roster) if roster.is_frozen and sealed else "",
        "landscape": True,
    }
