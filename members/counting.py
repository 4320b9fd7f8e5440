"""How many village sisters a council has, for the pages of the tree."""

from urllib.parse import urlencode

from django.db.models import Count
from django.urls import reverse
from django.utils.translation import gettext_lazy as _

from councils.counting import Figure, further
from councils.models import Council, Level
from members.models import Membership


def of_villages(council: Council) -> dict[int, int]:
    """{key of the village: members of today} at `council` and below it; one query."""
    running = Membership.objects.under(council).filter(end=None).order_by()
    return dict(running.values_list("village").annotate(members=Count("pk")))


def address(council: Council) -> str:
    """The list of those who were counted."""
    narrowed = {Level.COUNTY: {}, Level.TOWNSHIP: {"township": council.code}}.get(
        Level(council.level), {"village": council.code}
    )
    query = f"?{urlencode(narrowed)}" if narrowed else ""
    return reverse("admin:members_member_changelist") + query


further("members", Figure(_("village sisters"), of_villages, address, "members.view_member"))
