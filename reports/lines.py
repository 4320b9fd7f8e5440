"""What a dashboard is made of: which figures it tells, and the lines in which it tells them."""

from collections.abc import Mapping, Sequence
from decimal import Decimal
from typing import Any, NamedTuple

from django.utils.translation import gettext_lazy as _

from members.payroll.deadlines import Timing
from reports import kinds
from reports.comparing import Change
from reports.indicators import Figure
from reports.models import Campaign

HERO = ("members", "activities", "elderly", "child", "dispute", "hazards_open")
PEOPLE = ("villages", "villages_covered", "zones", "members", "joined", "left", "insured", "trained")
GAPS = ("zones_without_member", "members_without_zone", "uncovered", "hazards_open", "hazards_overdue", "waiting")
MONEY = ("subsidy_paid", "subsidy_committed")
ROLES = tuple(f"role_{role.value}" for role in kinds.Role)
LINES = tuple(dict.fromkeys((*HERO, *PEOPLE, *GAPS, *ROLES)))
COMPARED = tuple(key for key in LINES if key != "waiting")  # which stands today of days past
WORK = "activities"
SHORT = {  # of the councils below, as headings
    WORK: _("work recorded"), "members": _("village sisters"),
    "elderly": _("visits to elderly"), "child": _("visits to children"),
    "dispute": _("disputes"), "zones_without_member": _("zones without a member"),
    "hazards_open": _("open hazards"), "hazards_overdue": _("overdue hazards"),
}  # fmt: skip
BELOW = tuple(SHORT)
TIMED = {Timing.ON_TIME: "rosters_on_time", Timing.LATE: "rosters_late"}
TONES = {Timing.ON_TIME: "whole", Timing.LATE: "gap", Timing.DUE: "", Timing.MISSING: "bad", Timing.EXCUSED: ""}


class Line(NamedTuple):
    """One figure of the council and what it is beside: the month before, the same a year ago, its siblings' average."""

    key: str
    label: Any
    figure: Figure
    before: Change
    year: Change
    average: str = ""


class RoleLine(NamedTuple):
    """One of the six roles: its records this month, their share of all, and twelve months of them as columns."""

    line: Line
    look: int
    share: str
    columns: Any
    swatch: Any
    months: Sequence[tuple[str, int]]


class Row(NamedTuple):
    """One council below, or one member of a village, with figures; `address` leads one level down."""

    label: str
    address: str
    figures: Mapping[str, Figure]
    bar: Any = ""

    @property
    def work(self) -> int:
        return self.figures[WORK].value if WORK in self.figures else 0

    @property
    def others(self) -> list[Figure]:
        """All but the one that is drawn."""
        return [figure for key, figure in self.figures.items() if key != WORK]


class Task(NamedTuple):
    """A campaign of the month, and how far the council and those below it are with it."""

    campaign: Campaign
    targets: int
    reached: int  # of the targets
    late: int
    percent: int  # of all targets together, none counted beyond its own


class Rest(NamedTuple):
    """A county's budget of a year, and what is left of it, in yuan."""

    year: int
    amount: Decimal
    left: Decimal


class Completeness(NamedTuple):
    """How the month's sheets stand: words with their number, tone and list; and the share handed in on time."""

    counted: Sequence[tuple[str, int, str, str]]
    rate: str
    address: str
