"""All months at a glance: for the county a grid of townships and months, for a township the month to do now."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date
from typing import Any

from django.db.models import Max
from django.http import HttpRequest, HttpResponse
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _

from councils.models import Council, Level
from cunsao import months as calendar
from members.models import MonthlyRoster, RosterStatus, SubsidyRate
from members.payroll import budget, deadlines
from members.payroll.deadlines import Timeliness, Timing
from members.views.story import page, permit

SHOWN = 12
TONES = {
    RosterStatus.DRAFT: "", RosterStatus.RETURNED: "bad", RosterStatus.SUBMITTED: "gap",
    RosterStatus.APPROVED: "community", RosterStatus.PUBLISHED: "community", RosterStatus.SENT: "community",
    RosterStatus.PARTLY_PAID: "gap", RosterStatus.PAID: "whole",
}  # fmt: skip


@dataclass(frozen=True, slots=True)
class Cell:
    """One township and month: a word, how it is drawn, whether it came late, and where it leads."""

    month: date
    word: str = ""
    tone: str = ""
    late: bool = False
    address: str = ""
    timing: str = ""
    deadline: date | None = None
    is_open: bool = False
    opened: bool = False


def months(request: HttpRequest) -> HttpResponse:
    """The months that the reader's role sees: her township's, or all townships' of the county."""
    permit(request, "members.view_monthlyroster")
    own: Council = request.user.council  # type: ignore[union-attr]
    county: Any = own if own.level == Level.COUNTY else own.parent
    years = _years(county)
    year = int(asked) if (asked := request.GET.get("year", "")).isdecimal() and int(asked) in years else None
    shown = _shown(request, year)
    found = deadlines.standing(county, shown)
    now = timezone.localdate()
    context: dict[str, Any] = {"title": _("Monthly rosters"), "shown": shown[::-1], "years": years, "year": year}
    if own.level == Level.TOWNSHIP:
        lines = [_cell(found, own, month) for month in reversed(shown)]
        todo = next((each for each in reversed(lines) if _waits(each)), None)
        others = [each for each in lines if each.word]
        return page(
            request, "members/my_months.html", **context, lines=others, todo=todo, now=now, township=own,
            rate=_percent(found.rate(township=own.pk)), may_open=request.user.has_perm("members.open_roster"),
        )  # fmt: skip
    money = budget.of(county, shown[-1].year) if request.user.has_perm("members.view_budget") else None
    return page(
        request, "members/months.html", **context, **_grid(found, shown[::-1]), budget=money,
        spent=money.paid + money.committed if money else 0,
    )  # fmt: skip


def _grid(found: Timeliness, shown: Sequence[date]) -> dict[str, Any]:
    """Rows of townships, the latest month first; beneath, how each month stands; beside, how punctual each was."""
    townships = [each for each in found.townships if _has_anything(found, each, shown)]
    rows = [
        (each, [_cell(found, each, month) for month in shown], _percent(found.rate(township=each.pk)))
        for each in townships
    ]
    sums = []
    for month in shown:
        counted = found.counted(month)
        sums.append((_percent(found.rate(month)), counted[Timing.LATE], counted[Timing.MISSING]))
    counted = found.counted()
    return {
        "rows": rows, "sums": sums, "on_time": _percent(found.rate()), "late": counted[Timing.LATE],
        "missing": counted[Timing.MISSING], "due": counted[Timing.DUE], "excused": counted[Timing.EXCUSED],
        "waiting": sum(each.status == RosterStatus.SUBMITTED for each in found.rosters.values()),
    }  # fmt: skip


def _has_anything(found: Timeliness, township: Council, shown: Sequence[date]) -> bool:
    return any((township.pk, month) in found.cells or (township.pk, month) in found.rosters for month in shown)


def _cell(found: Timeliness, township: Council, month: date) -> Cell:
    place = (township.pk, month)
    roster, timing = found.rosters.get(place), found.cells.get(place)
    if roster is None and timing is None:
        return Cell(month)
    word, tone = _words(roster, timing)
    address = reverse("month", args=[township.code, f"{month:%Y-%m}"])
    return Cell(
        month, word, tone, timing == Timing.LATE, address, timing or "", found.deadlines.get(month),
        bool(roster and roster.is_open), roster is not None,
    )  # fmt: skip


def _words(roster: MonthlyRoster | None, timing: Timing | None) -> tuple[str, str]:
    """The word of a cell and its tone: what it waits for, or how far it is."""
    if roster is None or (roster.status == RosterStatus.DRAFT and timing == Timing.MISSING):
        if timing == Timing.MISSING:
            return str(Timing.MISSING.label), "bad"
        if roster is None:
            return (str(Timing.EXCUSED.label), "") if timing == Timing.EXCUSED else (_("not opened"), "")
    status = RosterStatus(roster.status)
    return str(status.label), TONES[status]


def _waits(cell: Cell) -> bool:
    """Whether the chair still has to do something about the month."""
    return cell.is_open or (not cell.opened and cell.timing in (Timing.DUE, Timing.MISSING))


def _percent(rate: float | None) -> int | None:
    """Rounded down, so that only all of it is 100."""
    return None if rate is None else int(rate * 100)


def _shown(request: HttpRequest, year: int | None) -> list[date]:
    """The months of a chosen year, else twelve to this one, or to the last that was opened if that was long ago."""
    this = calendar.first(timezone.localdate())
    if year:
        return calendar.span(date(year, 1, 1), min(date(year, 12, 1), this))
    latest = MonthlyRoster.objects.visible_to(request.user).order_by().aggregate(latest=Max("month"))["latest"]
    last = this
    if latest and latest < _before(this):  # an own township's next month is what she opens next
        is_township = request.user.council.level == Level.TOWNSHIP  # type: ignore[union-attr]
        last = calendar.next_month(latest) if is_township else latest
    return calendar.span(_before(last), last)


def _before(month: date) -> date:
    """The first of as many months as are shown."""
    for _month in range(SHOWN - 1):
        month = calendar.previous(month)
    return month


def _years(county: Council) -> list[int]:
    """Years in which something was to be handed in, latest first."""
    first = SubsidyRate.objects.filter(county=county).order_by("start").values_list("start", flat=True).first()
    return list(range(timezone.localdate().year, first.year - 1, -1)) if first else []
