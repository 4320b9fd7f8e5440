from typing import Any, ClassVar

from django.core.exceptions import ValidationError
from django.core.validators import MinValueValidator
from django.db import models
from django.db.models import CheckConstraint, Q, UniqueConstraint
from django.utils.translation import gettext
from django.utils.translation import gettext_lazy as _

from councils.audit import AuditedQuerySet
from councils.models import Council
from members.models.entry import Entry


class Donor(models.TextChoices):
    TRADE = "trade", _("trade or enterprise")
    GROUP = "group", _("group or association")
    PERSON = "person", _("private person")


class GiftForm(models.TextChoices):
    MONEY = "money", _("money")
    KIND = "kind", _("things (given)")


class DonationQuerySet(AuditedQuerySet):
    def valid(self) -> Any:
        """What was not cancelled."""
        return self.filter(cancelled="")

    def hand_over(self, field: str, gone: Council, kept: Council) -> int:
        """A receipt stays with the council that gave it; the rest goes to the other."""
        return super(DonationQuerySet, self.filter(receipt=None)).hand_over(field, gone, kept)


MONEY_HAS_A_SUM = _("Enter how much money was given.")
THINGS_ARE_NAMED = _("Enter what was given and how many.")
NO_THINGS_WITH_MONEY = _("Money and things of one donor are two records. Enter the things separately.")
ON_THE_RECEIPT = ("donor", "donor_kind", "form", "amount", "things", "purpose", "village_id", "day")


class Donation(Entry):
    """What a trade, a group or a person gave to a council (`village`, which may be of any level).

    With its receipt (members/receipts.py) what stands on it is fixed; a mistake is cancelled, and entered anew.
    """

    audit_related = ("village",)

    village = models.ForeignKey(
        Council, models.PROTECT, related_name="donation_records", verbose_name=_("receiving council")
    )
    donor = models.CharField(_("donor"), max_length=80)
    donor_kind = models.CharField(_("kind of donor"), max_length=10, choices=Donor)
    form = models.CharField(_("given as"), max_length=10, choices=GiftForm)
    amount = models.DecimalField(
        _("sum or value in yuan"), max_digits=12, decimal_places=2, null=True, blank=True,
        validators=[MinValueValidator(0.01)],
    )  # fmt: skip
    things = models.CharField(_("what was given"), max_length=200, blank=True, help_text=_("Things and their number."))
    purpose = models.CharField(_("purpose"), max_length=120, blank=True)
    day = models.DateField(_("day"))
    receipt = models.PositiveIntegerField(_("receipt number"), null=True, blank=True, editable=False)
    receipt_year = models.PositiveSmallIntegerField(_("year of the receipt"), null=True, blank=True, editable=False)
    cancelled = models.CharField(
        _("why it is cancelled"), max_length=120, blank=True,
        help_text=_("Only if the record is wrong. Its receipt number stays used."),
    )  # fmt: skip
    remark = models.CharField(_("remarks"), max_length=200, blank=True)

    objects: ClassVar[Any] = DonationQuerySet.as_manager()

    class Meta:
        verbose_name = _("donation")
        verbose_name_plural = _("donations")
        ordering = ["-day", "-pk"]
        constraints = [
            CheckConstraint(
                name="donated_money_has_a_sum", condition=~Q(form="money") | Q(amount__isnull=False),
                violation_error_message=MONEY_HAS_A_SUM,
            ),
            CheckConstraint(
                name="donated_things_are_named", condition=~Q(form="kind") | ~Q(things=""),
                violation_error_message=THINGS_ARE_NAMED,
            ),
            CheckConstraint(
                name="donation_is_worth_something", condition=Q(amount=None) | Q(amount__gt=0),
                violation_error_message=_("A donation is more than nothing."),
            ),
            CheckConstraint(
                name="receipt_has_its_year",
                condition=Q(receipt=None, receipt_year=None) | Q(receipt__gte=1, receipt_year__isnull=False),
                violation_error_message=_("A receipt has a number and a year."),
            ),
            UniqueConstraint(
                fields=["village", "receipt_year", "receipt"], name="receipt_number_once",
                violation_error_message=_("This receipt number was given already. Try again."),
            ),
        ]  # fmt: skip

    def __str__(self) -> str:
        return f"{self.donor} {self.gift}"

    @property
    def gift(self) -> str:
        """What was given, in short."""
        return self.things if self.form == GiftForm.KIND else f"{self.amount or 0:,.2f}"

    @property
    def receipt_number(self) -> str:
        """As it stands on the receipt; empty until there is one."""
        return f"{self.village.code}-{self.receipt_year}-{self.receipt:04}" if self.receipt else ""

    def clean(self) -> None:
        self.refuse_days_to_come("day")
        if self.form == GiftForm.MONEY and self.amount is None:
            raise ValidationError({"amount": str(MONEY_HAS_A_SUM)})
        if self.form == GiftForm.MONEY and self.things:
            raise ValidationError({"things": str(NO_THINGS_WITH_MONEY)})
        if self.form == GiftForm.KIND and not self.things:
            raise ValidationError({"things": str(THINGS_ARE_NAMED)})
        self._refuse_other_than_the_receipt()

    def _refuse_other_than_the_receipt(self) -> None:
        loaded = getattr(self, "_loaded", {})
        if not loaded.get("receipt"):
            return
        changed = [name for name in ON_THE_RECEIPT if getattr(self, name) != loaded[name]]
        if changed:
            message = gettext("Its receipt %(number)s was given out. Cancel this record, and enter the right one anew.")
            raise ValidationError({changed[0].removesuffix("_id"): message % {"number": self.receipt_number}})
