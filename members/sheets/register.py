"""The register (花名册) of a village or township: its rows once; page and workbook only dress them."""

from collections.abc import Iterator
from itertools import groupby
from typing import Any

from django.utils import timezone
from django.utils.translation import gettext as _

from councils.models import Council
from cunsao.printing import Column, Form
from members.exports import told_of
from members.imports.words import HEADINGS, POSITIONS
from members.models import Membership

WIDTHS = {
    "name": 20, "position": 20, "zone": 34, "political_status": 28, "education": 20, "joined_on": 24,
    "national_id": 41, "phone": 26, "remark": 48,
}  # fmt: skip
RANKS = {words[0]: rank for rank, words in enumerate(POSITIONS.values())}


def forms(council: Council, by: Any) -> list[Form]:
    """A form for each village of `council` that `by` sees and that has members, in the order of codes; numbers masked.

    A village that has nobody yet gets its empty form. Five queries whatever the number of members.
    """
    running = Membership.objects.filter(end=None).visible_to(by).under(council)
    told = told_of(running.order_by("village__code", "member__syllables", "member__pk"))
    found = [_form(list(people)) for _code, people in groupby(told, lambda each: each["village_code"])]
    return found or [_form([], council)]


def _form(people: list[dict[str, Any]], council: Council | None = None) -> Form:
    place = f"{people[0]['township']} {people[0]['village']}" if people else str(council)
    return Form(
        title=_("Register of the village-sister council"),
        columns=[
            Column(_("No."), 12, "number", centred=True),
            *(_column(name, width) for name, width in WIDTHS.items()),
        ],
        rows=list(_rows(people)),
        left=_("Village: %(place)s") % {"place": place},
        right=_("%(count)d members, as of %(day)s") % {"count": len(people), "day": timezone.localdate().isoformat()},
        signatures=[_("Filled in by:"), _("Checked by:"), _("President:")],
        landscape=True,
    )


def _column(name: str, width: int) -> Column:
    return Column(HEADINGS[name][0], width, "day" if name == "joined_on" else "text", centred=name != "remark")


def _rows(people: list[dict[str, Any]]) -> Iterator[list[Any]]:
    """The president first, then by post; within a post as the list comes."""
    ranked = sorted(people, key=lambda each: RANKS.get(each["position"], len(RANKS)))
    for number, each in enumerate(ranked, 1):
        yield [number, *(each[name] for name in WIDTHS)]
