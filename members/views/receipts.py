"""The receipt of a donation: given once, printed as often as needed."""

from typing import Any

from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404
from django.template.response import TemplateResponse
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from councils.deeds import DeedForm, Preview
from councils.models import Council
from councils.views.deeds import answer
from cunsao import printing
from members import receipts
from members.models import Donation
from members.sheets import receipt
from members.views.story import permit


class ReceiptForm(DeedForm):
    """Gives a donation its number; from then on what stands on the receipt is fixed."""

    title = gettext_lazy("Give out the receipt")
    explained = gettext_lazy("It gets the next number. What stands on it can then be cancelled, not changed.")
    permission = "members.change_donation"

    def look(self) -> Preview:
        year = timezone.localdate().year
        number = receipts.next_number(self.subject.village, year)
        said = {"number": f"{self.subject.village.code}-{year}-{number:04}", "donation": self.subject}
        return Preview([_("%(donation)s gets the receipt %(number)s.") % said])

    def do(self) -> str:
        given = receipts.issue(self.subject, self.user)
        return _("The receipt %(number)s is ready to be printed.") % {"number": given.receipt_number}

    def home(self) -> str:
        given = Donation.objects.filter(pk=self.subject.pk).exclude(receipt=None).exists()
        if given:
            return reverse("print_donation", args=[self.subject.pk])
        return reverse("admin:members_donation_change", args=[self.subject.pk])

    def place(self) -> Council | None:
        return self.subject.village


def donation_receipt(request: HttpRequest, pk: int) -> HttpResponse:
    """The receipt on paper; where there is none yet, the deed that gives it."""
    permit(request, "members.view_donation")
    found: Any = get_object_or_404(Donation.objects.visible_to(request.user).select_related("village"), pk=pk)
    if found.receipt is None:
        return answer(request, ReceiptForm, found)
    context = {
        "title": _("Receipt %(number)s") % {"number": found.receipt_number},
        "pages": printing.lay_out([receipt.form(found)]), "back": reverse("admin:members_donation_change", args=[pk]),
    }  # fmt: skip
    return TemplateResponse(request, "print/base.html", context)
