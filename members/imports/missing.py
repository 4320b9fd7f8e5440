"""Who is in the register and not in a list that is said to be whole. She is named; nothing is done about her."""

from collections.abc import Sequence
from typing import Any

from django.urls import reverse
from django.utils.translation import gettext as _

from councils.intake import Absent, Line
from councils.models import Council
from cunsao.personal_data import prepared
from members.models import Member, Membership


def absent(lines: Sequence[Line], whole: Council | None, by: Any) -> list[int]:
    """Keys of the members of all villages below `whole`, or of those that the list names, who have no row in it.

    Who stands in a refused row is in the list, and so is, as long as that row's ID number cannot be read, whoever has
    the same name in the same village. In the order of villages and names; one query.
    """
    column: Any = Member._meta.get_field("national_id_print")
    numbers = [line.values["national_id"] for line in lines if "national_id" in line.values]
    listed = set(prepared(column, numbers))
    unread = {(line.council, line.values.get("name")) for line in lines if "national_id" not in line.values}
    here = _open(by)
    here = here.under(whole) if whole else here.filter(village__in={line.council for line in lines if line.council})
    rows = here.values_list("member", "member__national_id_print", "village", "member__name")
    return [key for key, number, *who in rows if bytes(number) not in listed and tuple(who) not in unread]


def tell(keys: Sequence[int], by: Any) -> list[Absent]:
    """Who they are and where, as far as they are still members; one query."""
    rows = _open(by).filter(member__in=keys).select_related("member", "village__parent")
    return [
        Absent(
            each.member.name, str(each.village), str(each.village.parent or ""),
            reverse("member", args=[each.member_id]), reverse("member_deed", args=[each.member_id, "leave"]),
            _("She has left"),
        )
        for each in rows
    ]  # fmt: skip


def _open(by: Any) -> Any:
    running = Membership.objects.filter(end=None).order_by("village__code", "member__pinyin", "member__pk")
    return running if by is None else running.visible_to(by)
