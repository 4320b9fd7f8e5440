"""The receipt of a donation, for paper."""

from collections.abc import Iterator
from decimal import Decimal
from typing import Any

from django.utils.translation import gettext as _

from cunsao import printing
from cunsao.chinese import capitals
from members.models import Donation
from members.models.donation import GiftForm


def form(donation: Donation) -> printing.Form:
    """One sheet: who gave what to whom for what, the sum in capitals, room for the seal."""
    title = _("Receipt of a donation")
    if donation.cancelled:
        title = _("%(title)s (cancelled)") % {"title": title}
    columns = [printing.Column(_("Item"), 45, centred=True), printing.Column(_("Contents"), 141)]
    number = _("No. %(number)s") % {"number": donation.receipt_number}
    return printing.Form(
        title=title, columns=columns, rows=list(_rows(donation)), left=number,
        right=f"{donation.day:%Y-%m-%d}", closing=[_("We thank you for what you do for the village sisters.")],
        signatures=[_("Received by:"), _("Cashier:"), _("Given by:")], sealed_by=donation.village.name,
    )  # fmt: skip


def _rows(donation: Donation) -> Iterator[tuple[Any, Any]]:
    in_money = donation.form == GiftForm.MONEY
    yield _("Donor"), donation.donor
    yield _("Kind of donor"), donation.get_donor_kind_display()
    yield _("Given as"), donation.get_form_display()
    if donation.things:
        yield _("What was given"), donation.things
    if donation.amount is not None:
        yield (_("Sum") if in_money else _("Value")), _("%(sum)s yuan") % {"sum": f"{Decimal(donation.amount):,.2f}"}
        yield (_("Sum in capitals") if in_money else _("Value in capitals")), capitals(donation.amount)
    yield _("Purpose"), donation.purpose or "–"
    yield _("Receiving council"), donation.village.name
    if donation.cancelled:
        yield _("Cancelled because"), donation.cancelled
