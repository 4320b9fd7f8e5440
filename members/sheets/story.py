"""A member's story for paper: one line of time, the newest first."""

from collections.abc import Sequence

from django.utils import timezone
from django.utils.translation import gettext as _

from cunsao.printing import Column, Form
from members.chapters import Entry
from members.models import Member


def form(member: Member, place: str, entries: Sequence[Entry]) -> Form:
    """What the entries tell, without any number of hers."""
    return Form(
        title=_("The story of %(name)s") % {"name": member},
        columns=[
            Column(_("Day"), 24, "day", centred=True), Column(_("Until"), 24, centred=True), Column(_("What"), 64),
            Column(_("Where"), 40), Column(_("Note"), 34),
        ],
        rows=[(each.day, _until(each), each.what, each.where, each.note) for each in entries],
        left=_("Village: %(place)s") % {"place": place or "–"},
        right=_("As of %(day)s") % {"day": timezone.localdate().isoformat()},
    )  # fmt: skip


def _until(entry: Entry) -> str:
    return entry.until.isoformat() if entry.until else _("runs") if entry.runs else ""
