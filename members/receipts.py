"""The receipts of donations: one number after the other within a council and a year, none left out, none used twice."""

from typing import Any

from django.core.exceptions import PermissionDenied
from django.db.models import Max
from django.utils import timezone

from councils.models import Council
from cunsao import locks
from members.joining import LOCK
from members.models import Donation


def next_number(council: Council, year: int) -> int:
    """The number that the next receipt of a council in a year has."""
    given = Donation.objects.filter(village=council, receipt_year=year).aggregate(last=Max("receipt"))["last"]
    return (given or 0) + 1


def issue(donation: Donation, by: Any, year: int | None = None) -> Donation:
    """Gives a donation its receipt number of this year, or of `year`; one that has it keeps it.

    `by` None is the command line. Raises PermissionDenied where `by` does not see the donation.
    """
    with locks.exclusive(LOCK):
        visible = Donation.objects if by is None else Donation.objects.visible_to(by)
        found: Donation | None = visible.select_related("village").filter(pk=donation.pk).first()
        if found is None:
            raise PermissionDenied
        if found.receipt is None:
            found.receipt_year = year or timezone.localdate().year
            found.receipt = next_number(found.village, found.receipt_year)
            found.save()
    return found
