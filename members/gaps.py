"""Holes in the net, each with the form that mends it."""

from collections.abc import Callable
from typing import Any, NamedTuple

from django.db.models import Exists, OuterRef, QuerySet
from django.utils.translation import gettext_lazy as _

from councils.models import VILLAGES, Council, Zone
from members.models import Member, Membership, Position, Post, ZoneAssignment


class Gap(NamedTuple):
    """One hole: what it is about, where, and the page that mends it: its name, query and the `key` of its record."""

    name: str
    place: str
    url_name: str
    query: str = ""
    key: Any = None


class Gaps(NamedTuple):
    """The holes of one kind: how many there are, and the first of them. `remedy` is empty for who may only read."""

    title: Any
    remedy: Any
    number: int
    first: list[Gap]
    about: str = ""  # the model that it is missing of, by which the page is grouped


MOST = 100  # of a kind on one page


GapList = Callable[[Any], Gaps]
_lists: list[GapList] = []


def gap_list(listed: GapList) -> GapList:
    """Announces one more kind of holes: a function of the reader, with a fixed number of queries."""
    _lists.append(listed)
    return listed


def gaps(user: Any) -> list[Gaps]:
    """Four kinds and those that ledgers announced, in the jurisdiction of `user`; a fixed number of queries."""
    councils = Council.objects.visible_to(user).filter(closed=None).select_related("parent")
    villages = councils.filter(level__in=VILLAGES)
    open_zones = Zone.objects.visible_to(user).filter(closed=None).select_related("village")
    enters, admits, gives = (user.has_perm(f"members.add_{name}") for name in ("post", "member", "zoneassignment"))
    return [
        gaps_of(_("Councils without a president"), enters and _("Enter a president"),
                without_president(councils), _president),
        gaps_of(_("Villages without members"), admits and _("Admit a member"), without_members(villages), _admission),
        gaps_of(_("Zones without a member"), gives and _("Give it to a member"),
                zones_without_member(open_zones), _zone),
        gaps_of(_("Members without a zone"), gives and _("Give her a zone"), _members(user), _assignment),
        *(listed(user) for listed in _lists),
    ]  # fmt: skip


TOPICS = {"council": _("Councils"), "zone": _("Grid zones"), "member": _("Members")}
OTHER = _("Records to be completed")


def by_topic(found: list[Gaps]) -> list[tuple[Any, list[Gaps]]]:
    """The kinds under what they are about: councils, zones, members, then all else; no empty heading."""
    grouped: dict[Any, list[Gaps]] = {label: [] for label in (*TOPICS.values(), OTHER)}
    for kind in found:
        grouped[TOPICS.get(kind.about, OTHER)].append(kind)
    return [(label, kinds) for label, kinds in grouped.items() if kinds]


def without_president(councils: QuerySet[Council]) -> QuerySet[Council]:
    presides = Post.objects.order_by().filter(council=OuterRef("pk"), position=Position.PRESIDENT, end=None)
    return councils.filter(~Exists(presides))


def without_members(villages: QuerySet[Council]) -> QuerySet[Council]:
    return villages.filter(~Exists(Membership.objects.order_by().filter(village=OuterRef("pk"), end=None)))


def zones_without_member(zones: QuerySet[Zone]) -> QuerySet[Zone]:
    return zones.filter(~Exists(ZoneAssignment.objects.order_by().filter(zone=OuterRef("pk"), end=None)))


def _members(user: Any) -> Any:
    return Member.objects.visible_to(user).without_zone().with_terms()


def gaps_of(title: Any, remedy: Any, found: Any, told: Callable[[Any], Gap]) -> Gaps:
    """How many records of a queryset there are, and what is told of the first; `remedy` for who may mend them."""
    return Gaps(title, remedy, found.count(), [told(each) for each in found[:MOST]], found.model._meta.model_name)


def _president(council: Council) -> Gap:
    query = f"council={council.pk}&position={Position.PRESIDENT}"
    if not council.is_village:  # there she is president by her office in the federation
        query += "&ex_officio=1"
    return Gap(str(council), str(council.parent or ""), "admin:members_post_add", query=query)


def _admission(village: Council) -> Gap:
    return Gap(str(village), str(village.parent or ""), "admit_member", query=f"village={village.pk}")


def _zone(zone: Zone) -> Gap:
    return Gap(str(zone), str(zone.village), "admin:members_zoneassignment_add", query=f"zone={zone.pk}")


def _assignment(member: Member) -> Gap:
    place = member.village
    return Gap(str(member), str(place or ""), "admin:members_zoneassignment_add", query=f"member={member.pk}")
