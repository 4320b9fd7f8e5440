"""Transfers that wait for the reader, those of her side, and those decided lately."""

from typing import Any

from django.contrib import messages
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST

from members import transferring
from members.models import Transfer
from members.refusing import JoiningRefused
from members.views.story import page, permit

LATELY = 50


def transfers(request: HttpRequest) -> HttpResponse:
    """What waits for her, what she waits for, and what was decided."""
    permit(request, "members.view_transfer")
    known = Transfer.objects.visible_to(request.user).select_related(
        "member", "from_village__parent", "to_village__parent", "decided_by"
    )
    deciding = set(transferring.deciding(request.user).values_list("pk", flat=True))
    waiting = list(known.waiting())
    return page(
        request, "members/transfers.html", title=_("Transfers"),
        mine=[each for each in waiting if each.pk in deciding],
        theirs=[each for each in waiting if each.pk not in deciding],
        decided=known.exclude(state="proposed")[:LATELY],
    )  # fmt: skip


@require_POST
def decide(request: HttpRequest, pk: int, deed: str) -> HttpResponse:
    """Accepts, turns down or withdraws one."""
    permit(request, "members.transfer_member")
    proposed = get_object_or_404(Transfer.objects.visible_to(request.user).select_related("member"), pk=pk)
    deeds: dict[str, Any] = {
        "accept": lambda: transferring.accept(proposed, request.user),
        "refuse": lambda: transferring.refuse(proposed, request.user, request.POST.get("reason", "")[:200]),
        "withdraw": lambda: transferring.withdraw(proposed, request.user),
    }
    if deed not in deeds:
        raise Http404
    try:
        decided = deeds[deed]()
    except JoiningRefused as refusal:
        messages.error(request, str(refusal))
    else:
        messages.success(request, f"{proposed.member}: {decided.get_state_display()}")
    return redirect("transfers")
