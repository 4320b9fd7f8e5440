"""The one door to the council tree: create, rename, move, close, merge.

A deed says by official codes what is to be done, so that nothing read before the lock is written. `look()` says what it
will change, or raises TreeRefused; `carry_out()` takes the lock, looks again at what is there now, and writes.
"""

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date
from typing import Any, Protocol

from django.db.models import F, Max, Value
from django.db.models.functions import Concat, Substr
from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from councils.drawing import redraw
from councils.foretelling import Preview
from councils.models import BELOW, Council, FormerName, Level
from councils.tree_rules import (
    TreeRefused,
    read_council,
    refuse_blank,
    refuse_closed,
    refuse_future,
    refuse_taken,
)
from cunsao import locks


class Deed(Protocol):
    def look(self) -> Preview: ...
    def write(self) -> Council: ...


def carry_out(deed: Deed) -> Council:
    """Does it under the tree's lock, in one transaction, and draws its county anew. Raises TreeRefused."""
    with locks.exclusive("councils"):
        deed.look()
        council = deed.write()
        redraw(Council.objects.get(code=council.code[:6]))
        council.refresh_from_db()
        return council


@dataclass(frozen=True)
class Create:
    """A new council, directly below the one that its code begins with."""

    level: Level
    code: str
    name: str
    opened: date | None = None
    short_name: str = ""

    def look(self) -> Preview:
        refuse_blank(self.name)
        refuse_taken(self.code)
        council = self._made()
        if council.level != Level.COUNTY and council.parent is None:
            raise TreeRefused(_("There is no council with the code %(code)s above this one. Check the code.")
                              % {"code": self.code[:-3]}, "code")  # fmt: skip
        if council.parent:
            refuse_closed(council.parent)
            if council.level not in BELOW[Level(council.parent.level)]:
                raise TreeRefused(_("A council of this level cannot stand below %(above)s.")
                                  % {"above": council.parent}, "level")  # fmt: skip
        return Preview([_("%(name)s (%(code)s) is added.") % {"name": self.name, "code": self.code}])

    def write(self) -> Council:
        council = self._made()
        council.lft = council.rght = council.depth = 0
        council.tree_id = council.parent.tree_id if council.parent else next_tree()
        with Council.objects.disable_mptt_updates():
            council.save()
        return council

    def _made(self) -> Council:
        above = Council.objects.filter(code=self.code[:-3]).first() if self.level != Level.COUNTY else None
        return Council(
            level=self.level, code=self.code, name=self.name, short_name=self.short_name, opened=self.opened,
            parent=above,
        )  # fmt: skip


@dataclass(frozen=True)
class Rename:
    """Another name, another official code (a township that became a town), or both; the old ones stay findable."""

    council: str
    name: str
    code: str
    day: date
    short_name: str = ""

    def look(self) -> Preview:
        council = read_council(self.council)
        refuse_future(self.day)
        refuse_blank(self.name)
        if (self.name, self.code, self.short_name) == (council.name, council.code, council.short_name):
            raise TreeRefused(_("Nothing was changed. Enter the new name or the new code."))
        preview = Preview()
        if self.name != council.name:
            preview.changes.append(_("The name changes from “%(old)s” to “%(new)s”; it is still found by the old one.")
                                   % {"old": council.name, "new": self.name})  # fmt: skip
        if self.short_name != council.short_name:
            preview.changes.append(_("The short name changes to “%(new)s”.") % {"new": self.short_name})
        if self.code != council.code:
            if len(self.code) != len(council.code) or self.code[:-3] != council.code[:-3]:
                raise TreeRefused(_("The new code must begin with %(code)s; to change what is above, move the council.")
                                  % {"code": council.code[:-3]}, "code")  # fmt: skip
            refuse_taken(self.code)
            preview.changes.append(_("The official code changes from %(old)s to %(new)s.")
                                   % {"old": council.code, "new": self.code})  # fmt: skip
            if below := _below(council).count():
                preview.changes.append(ngettext(
                    "%(count)d council below gets the new beginning of its code.",
                    "%(count)d councils below get the new beginning of their codes.",
                    below) % {"count": below})  # fmt: skip
        return preview

    def write(self) -> Council:
        council = read_council(self.council)
        if (self.name, self.code) != (council.name, council.code):
            _remember(council, self.day)
        if self.code != council.code:
            _recode_below(council, self.code, self.day)
        council.name, council.code, council.short_name = self.name, self.code, self.short_name
        return _save(council)


@dataclass(frozen=True)
class Move:
    """A village into another township of the county, with the new code that it gets there."""

    council: str
    into: str
    code: str
    day: date

    def look(self) -> Preview:
        village, township = read_council(self.council), read_council(self.into)
        refuse_future(self.day)
        refuse_closed(village)
        refuse_closed(township)
        if not village.is_village or township.level != Level.TOWNSHIP:
            raise TreeRefused(_("Only a village or community can be moved, and only into a township."))
        if village.code[:6] != township.code[:6]:
            raise TreeRefused(_("A village cannot be moved into another county."), "into")
        if village.parent_id == township.code:
            raise TreeRefused(_("%(village)s belongs to %(township)s already.")
                              % {"village": village, "township": township}, "into")  # fmt: skip
        if len(self.code) != 12 or not self.code.startswith(township.code):
            raise TreeRefused(
                _("The new code has 12 digits and begins with %(code)s.") % {"code": township.code}, "code"
            )
        refuse_taken(self.code)
        words = {"village": village, "old": village.parent, "new": township, "from": village.code, "to": self.code}
        preview = Preview(
            [
                _("%(village)s moves from %(old)s to %(new)s.") % words,
                _("Its official code changes from %(from)s to %(to)s; it is still found by the old one.") % words,
            ]
        )
        preview.changes += list(_hanging(village, _("come along")))
        preview.cautions.append(_("The chair of %(old)s will no longer see this village.") % words)
        return preview

    def write(self) -> Council:
        village, township = read_council(self.council), read_council(self.into)
        _remember(village, self.day)
        village.parent, village.code, village.tree_id = township, self.code, township.tree_id
        return _save(village)


@dataclass(frozen=True)
class Close:
    """A council that is no more, from `day` on. It stays in every record of the time before."""

    council: str
    day: date

    def look(self) -> Preview:
        council = read_council(self.council)
        refuse_future(self.day)
        refuse_closed(council)
        if council.opened and self.day < council.opened:
            raise TreeRefused(
                _("It was opened on %(day)s and cannot be closed before.") % {"day": council.opened}, "day"
            )
        if below := council.children.filter(closed=None).count():
            raise TreeRefused(ngettext(
                "%(count)d council below is still open. Move or close it first.",
                "%(count)d councils below are still open. Move or close them first.",
                below) % {"count": below})  # fmt: skip
        preview = Preview([_("%(council)s is closed on %(day)s.") % {"council": council, "day": self.day}])
        if zones := council.zones.filter(closed=None).count():
            preview.changes.append(ngettext(
                "%(count)d grid zone is dissolved on that day.",
                "%(count)d grid zones are dissolved on that day.", zones) % {"count": zones})  # fmt: skip
        if accounts := council.accounts.filter(is_active=True).count():
            preview.cautions.append(ngettext(
                "%(count)d account can no longer sign in.", "%(count)d accounts can no longer sign in.", accounts)
                % {"count": accounts})  # fmt: skip
        preview.cautions.append(_("A council that was closed is not opened again from here."))
        return preview

    def write(self) -> Council:
        council = read_council(self.council)
        council.zones.filter(closed=None).update(closed=self.day)
        council.accounts.filter(is_active=True).update(is_active=False)
        council.closed = self.day
        return _save(council)


@dataclass(frozen=True)
class Merge:
    """Two villages become one: what hangs on `gone` moves to `kept`, `gone` is closed, nothing is deleted."""

    gone: str
    kept: str
    day: date

    def look(self) -> Preview:
        gone, kept = read_council(self.gone), read_council(self.kept)
        refuse_future(self.day)
        refuse_closed(gone)
        refuse_closed(kept)
        if gone == kept:
            raise TreeRefused(_("Choose another village than this one."), "kept")
        if not gone.is_village or not kept.is_village:
            raise TreeRefused(_("Only villages and communities can be merged."), "kept")
        if gone.code[:6] != kept.code[:6]:
            raise TreeRefused(_("Villages of two counties cannot be merged."), "kept")
        words = {"gone": gone, "kept": kept, "day": self.day}
        preview = Preview([_("%(gone)s is merged into %(kept)s and closed on %(day)s.") % words])
        preview.changes += list(_hanging(gone, _("move to the village that stays")))
        preview.changes.append(_("%(gone)s is still found by its name and code.") % words)
        if gone.parent_id != kept.parent_id:
            preview.cautions.append(_("The two villages belong to different townships."))
        return preview

    def write(self) -> Council:
        gone, kept = read_council(self.gone), read_council(self.kept)
        gone.closed, gone.merged_into = self.day, kept  # whoever hands over ends on this day
        for relation in _relations():
            relation.related_model.objects.all().hand_over(relation.field.name, gone, kept)
        return _save(gone)


def next_tree() -> int:
    """The number of the next county's drawing."""
    return (Council.objects.aggregate(last=Max("tree_id"))["last"] or 0) + 1


def _save(council: Council) -> Council:
    with Council.objects.disable_mptt_updates():  # the county is drawn anew afterwards
        council.save()
    return council


def _below(council: Council) -> Any:
    return Council.objects.under(council).exclude(pk=council.pk)


def _remember(council: Council, day: date) -> None:
    FormerName.objects.create(council=council, name=council.name, code=council.code, until=day)


def _recode_below(council: Council, code: str, day: date) -> None:
    """Codes and parents of all below get the new beginning; the foreign key looks again when the transaction ends."""
    below = _below(council)
    FormerName.objects.bulk_create(
        FormerName(council=each, name=each.name, code=each.code, until=day) for each in below
    )
    after = len(code) + 1
    below.update(
        code=Concat(Value(code), Substr(F("code"), after)), parent=Concat(Value(code), Substr(F("parent"), after))
    )


def _relations() -> Iterator[Any]:
    """Everything that hangs on a council and goes with it in a merger; history and the tree itself stay."""
    for relation in Council._meta.get_fields(include_hidden=True):
        if relation.auto_created and relation.one_to_many and not getattr(relation.related_model, "stays_put", False):
            yield relation


def _hanging(council: Council, what: str) -> Iterator[str]:
    for relation in _relations():
        if count := relation.related_model.objects.filter(**{relation.field.name: council}).count():
            kind = relation.related_model._meta.verbose_name_plural
            yield _("%(kind)s: %(count)d %(what)s.") % {"kind": kind, "count": count, "what": what}
