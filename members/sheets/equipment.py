"""The sheet on which members sign for what was issued to them: its rows once; page and workbook only dress them."""

from collections.abc import Sequence
from typing import Any

from django.utils.translation import gettext as _

from councils.models import Council
from members.models import Equipment

WIDTHS = (12, 22, 28, 50, 26, 24, 40)  # millimetres, in the order of headings()


def headings() -> list[str]:
    """The last column is left empty for her signature."""
    return [
        _("No."), _("Full name"), _("Thing"), _("Serial number"), _("Issued on"), _("Condition"), _("Signature"),
    ]  # fmt: skip


def rows(village: Council, reader: Any, kinds: Sequence[str] = ()) -> list[list[Any]]:
    """What is out with the members of a village, by name; all kinds or some. One query, and only what `reader` sees."""
    out = Equipment.objects.visible_to(reader).out().filter(village=village).select_related("member")
    if kinds:
        out = out.filter(kind__in=kinds)
    return [
        [number, each.member.name, each.get_kind_display(), each.serial, each.issued, each.get_condition_display(), ""]
        for number, each in enumerate(out.order_by("member__pinyin", "member", "kind"), 1)
    ]
