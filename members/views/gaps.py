"""The page of holes in the net."""

from django.http import HttpRequest, HttpResponse
from django.utils.translation import gettext as _

from members.gaps import MOST, by_topic, gaps
from members.views.story import page, permit


def gap_list(request: HttpRequest) -> HttpResponse:
    """All kinds of holes in the reader's jurisdiction, each with the form that mends it."""
    permit(request, "members.view_member")
    found = gaps(request.user)
    return page(
        request, "members/gaps.html", title=_("Gaps in the net"), kinds=found, topics=by_topic(found), most=MOST
    )  # fmt: skip
