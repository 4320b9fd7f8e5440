"""The sheet on which members sign for what was issued to them: its rows once; page and workbook only dress them."""

from collections.abc import Sequence
from typing import Any

from django.utils import timezone
from django.utils.translation import gettext as _

from councils.models import VILLAGES, Council
from cunsao.printing import Column, Form
from members.models import Equipment


def forms(place: Council, reader: Any) -> list[Form]:
    """A form for each village of `place` where something is out, in the order of codes; one empty where nothing is."""
    villages = [place] if place.is_village else list(place.children.filter(level__in=VILLAGES).order_by("code"))
    out = rows(villages, reader)
    found = [_form(village, out[village.pk]) for village in villages if village.pk in out]
    return found or [_form(place, [])]


def rows(villages: Sequence[Council], reader: Any) -> dict[int, list[list[Any]]]:
    """What is out with the members of each village, by name. One query, and only what `reader` sees."""
    out = Equipment.objects.visible_to(reader).out().filter(village__in=villages).select_related("member")
    found: dict[int, list[list[Any]]] = {}
    for each in out.order_by("village", "member__syllables", "member", "kind"):
        lines = found.setdefault(each.village_id, [])
        lines.append([
            len(lines) + 1, each.member.name, each.get_kind_display(), each.serial, each.issued,
            each.get_condition_display(), "",
        ])  # fmt: skip
    return found


def _form(place: Council, lines: list[list[Any]]) -> Form:
    where = f"{place.parent} {place}" if place.is_village else str(place)
    return Form(
        title=_("Equipment signed for by members"),
        columns=[
            Column(_("No."), 12, "number", centred=True), Column(_("Full name"), 24, centred=True),
            Column(_("Thing"), 28, centred=True), Column(_("Serial number"), 46, centred=True),
            Column(_("Issued on"), 26, "day", centred=True), Column(_("Condition"), 20, centred=True),
            Column(_("Signature"), 30),
        ],
        rows=lines,
        left=_("Village: %(place)s") % {"place": where},
        right=_("As of %(day)s") % {"day": timezone.localdate().isoformat()},
        signatures=[_("Issued by:"), _("Checked by:")],
    )  # fmt: skip
