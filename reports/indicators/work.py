"""Figures of work: each kind and each role in a period, and those of the county's case report since the beginning.

What counts is every record that was not given back, verified or not: a village's president sees what she entered at
once, and what is turned down is taken out again. Who ranks or pays by work asks for verified records (appraisal.py).
"""

from collections.abc import Sequence
from typing import Any

from django.db.models import Q, Sum
from django.utils.translation import gettext_lazy as _

from councils.models import Council
from reports import kinds
from reports.indicators.indicator import RECORDS, Indicator, Rule, Unit, in_days
from reports.models import Activity, Hazard, State
from reports.models.hazard import Severity
from reports.periods import Period


def _of_kinds(
    key: str, name: Any, unit: Unit, meaning: Any, wanted: Sequence[str], rule: Rule = Rule.FLOW, **more: Any
) -> Indicator:
    whole = Q(kind__in=list(wanted)) & ~Q(state=State.REJECTED)
    return Indicator(
        key, name, unit, meaning, rule, Activity,
        lambda period, council: whole & Q(day__range=(period.first, period.last)),
        RECORDS if more.get("records") else lambda where: Sum("quantity", filter=where, default=0),
        tuple(wanted), **more,
    )  # fmt: skip


def _big(period: Period, council: Council) -> Q:
    """Hazards that went upward and were found by the day."""
    return Q(day__lte=period.last) & ~Q(severity=Severity.SMALL)


KINDS = [
    _of_kinds(kind.key, kind.label, Unit(kind.unit), _("What was recorded of this kind, by its quantity."), [kind.key])
    for kind in kinds.KINDS.values()
]
ROLES = [
    _of_kinds(
        f"role_{role.value}", role.label, Unit.TIMES, _("Records of all kinds of work of this role."),
        [kind.key for kind in kinds.of_role(role)], records=True,
    )
    for role in kinds.Role
]  # fmt: skip
WORK = [
    _of_kinds("activities", _("work recorded"), Unit.TIMES, _("Records of all kinds of work."), list(kinds.KINDS),
              records=True),
    _of_kinds("simple_ceremonies", _("modest weddings, simple funerals, feasts left out"), Unit.CASE_TIMES,
              _("Weddings kept modest, funerals kept simple and other feasts left out, since the beginning."),
              kinds.counted_as("simple_ceremonies"), Rule.EVER),
    _of_kinds("family_campaigns", _("most beautiful and civil family activities"), Unit.TIMES,
              _("Activities to choose most beautiful families and civil families, since the beginning; five-good "
                "families are told apart."), kinds.counted_as("family_campaigns"), Rule.EVER),
    _of_kinds("five_good_activities", _("five-good family activities since the beginning"), Unit.TIMES,
              _("Activities to choose five-good families, since the beginning."), ["five_good_family"], Rule.EVER),
    _of_kinds("disputes_mediated", _("disputes mediated"), Unit.MATTERS,
              _("Disputes that were settled, since the beginning, by the day of settlement."),
              kinds.counted_as("disputes_mediated"), Rule.EVER),
    _of_kinds("hazards_reported", _("hazards reported upward"), Unit.ITEMS,
              _("Hazards reported upward in the last calendar year that was over; small ones put right on the spot are "
                "told apart."), kinds.counted_as("hazards_reported"), Rule.FULL_YEAR),
    _of_kinds("elderly_visits", _("care visits to elderly people"), Unit.PERSON_TIMES,
              _("Visits to left-behind and lone elderly people, each person each time, since the beginning."),
              kinds.counted_as("elderly_visits"), Rule.EVER, rounded=True),
    _of_kinds("children_visits", _("care visits to left-behind children"), Unit.PERSON_TIMES,
              _("Visits to left-behind children, each child each time, since the beginning."),
              kinds.counted_as("children_visits"), Rule.EVER, rounded=True),
]  # fmt: skip
WAITING = [
    Indicator("waiting", _("records to be verified"), Unit.TIMES, _("Records that nobody verified or gave back yet, "
              "done until this day."), Rule.EVER, Activity,
              lambda period, council: Q(state=State.OPEN, day__lte=period.last), county="county",
              prepared=True),
    Indicator("hazards_open", _("hazards not done with"), Unit.ITEMS, _("Hazards found until this day that were not "
              "closed on it."), Rule.STOCK, Hazard,
              lambda period, council: Q(closed_on=None) | Q(closed_on__gt=period.last), among=_big, prepared=True),
    Indicator("hazards_overdue", _("hazards overdue"), Unit.ITEMS, _("Hazards whose time had ended before this day and "
              "that were not handled on it."), Rule.STOCK, Hazard,
              lambda period, council: Q(due__lt=period.last)
              & (Q(handled_on=None) | Q(handled_on__gt=period.last)), among=_big, prepared=True),
    Indicator("hazards_closed", _("hazards done with"), Unit.ITEMS, _("Hazards reported upward that were closed in the "
              "period."), Rule.FLOW, Hazard, in_days("closed_on"), among=_big, prepared=True),
]  # fmt: skip
