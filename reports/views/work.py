"""The month at a glance: what was done in the reader's own council, role by role, and what waits."""

from datetime import date

from django.http import HttpRequest, HttpResponse
from django.utils import timezone
from django.utils.translation import gettext as _

from cunsao import months
from members.views.story import page, permit
from reports import overview
from reports.leafing import first_month, newest_month, year_before
from reports.models import State


def work(request: HttpRequest) -> HttpResponse:
    """Six roles with their kinds; each number leads to the records that make it."""
    permit(request, "reports.view_activity")
    council = request.user.council  # type: ignore[union-attr]
    asked, today = request.GET.get("month"), timezone.localdate()
    month = months.read(asked) if asked else newest_month(council, today)
    roles = overview.of_month(council, month)
    kinds = [each for role in roles for each in role.kinds]
    return page(
        request, "reports/work.html", title=_("What was done"), month=f"{month:%Y-%m}", label=months.label(month),
        roles=roles, records=sum(each.records for each in kinds), waiting=sum(each.waiting for each in kinds),
        verified=sum(each.verified for each in kinds), returned=sum(each.returned for each in kinds),
        months=recent(month, first_month(council, today)), states=State,
        may_enter=request.user.has_perm("reports.add_activity"),
        may_verify=request.user.has_perm("reports.verify_activity"),
    )  # fmt: skip


def recent(shown: date, first: date) -> list[tuple[str, str]]:
    """Months to choose: thirteen to this one, but none before `first`; latest first, and the one that is shown."""
    today = timezone.localdate()
    listed = {*months.span(max(first, year_before(today)), today), shown}
    return [(f"{each:%Y-%m}", months.label(each)) for each in sorted(listed, reverse=True)]
