"""Insuring all members of today at once, under one policy."""

from datetime import date
from typing import Any, NamedTuple

from django.db import connection
from django.db.models import Exists, Min, OuterRef, Q
from django.utils.translation import gettext as _

from councils import audit
from councils.foretelling import Refused
from cunsao import locks
from members.joining import LOCK
from members.models import InsurancePolicy, InsuredMember, Membership


class Insuring(NamedTuple):
    """How many members are newly insured, and how many are left as they are since they are insured already."""

    new: int
    left: int


def foretell(policy: InsurancePolicy, start: date, end: date, by: Any) -> Insuring:
    """What `insure_all` would do. Raises Refused."""
    return _plan(policy, start, end, by)[1]


def insure_all(policy: InsurancePolicy, start: date, end: date, by: Any) -> Insuring:
    """Insures every member of today whom `by` sees from `start` to `end`, or from the day she joined where that is
    later. Whoever is insured with this insurer on some of these days is left as she is, so that it may be done twice.

    One transaction, a fixed number of queries. Raises Refused.
    """
    with locks.exclusive(LOCK):
        rows, told = _plan(policy, start, end, by)
        columns = ["member", "village", "policy", "start", "end", "certificate", "remark"]
        fields: list[Any] = [InsuredMember._meta.get_field(name) for name in columns]
        audit.copy_in(
            InsuredMember, columns,
            [[field.get_db_prep_save(value, connection) for field, value in zip(fields, row, strict=True)]
             for row, _name in rows],
            names=[name for _row, name in rows], councils=[row[1] for row, _name in rows],
        )  # fmt: skip
        return told


def _plan(policy: InsurancePolicy, start: date, end: date, by: Any) -> tuple[list[tuple[list[Any], str]], Insuring]:
    """Values of each new record with its name, and the tally."""
    if end < start:
        raise Refused(_("An insurance cannot end before it begins."), "end")
    if start < policy.start or end > policy.end:
        words = {"start": policy.start, "end": policy.end}
        said = _("The policy runs from %(start)s to %(end)s. Choose a day within it.") % words
        raise Refused(said, "start" if start < policy.start else "end")
    hers = InsuredMember._base_manager.order_by().filter(
        Q(policy__insurer=policy.insurer, policy__kind=policy.kind), member=OuterRef("member"),
        start__lte=end, end__gte=start,
    )  # fmt: skip
    serving = Membership.objects.visible_to(by).filter(end=None).order_by("village__code", "member__syllables", "pk")
    known = serving.annotate(insured=Exists(hers), joined=Min("member__memberships__start"))
    found = list(known.values_list("member", "member__name", "village", "insured", "joined"))
    rows = [
        ([member, village, policy.pk, max(start, joined), end, "", ""],
         f"{name} {policy.insurer} {max(start, joined)} – {end}")
        for member, name, village, insured, joined in found if not insured and joined <= end
    ]  # fmt: skip
    return rows, Insuring(len(rows), sum(insured for *_who, insured, _joined in found))
