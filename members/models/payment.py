from typing import Self

from django.conf import settings
from django.db import models
from django.db.models import CheckConstraint, Q, UniqueConstraint
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from councils.audit import Audited, AuditedQuerySet
from councils.scope import ScopedQuerySet
from cunsao.personal_data import EncryptedTextField, FingerprintField, masks
from members.models.member import Member
from members.models.month import MonthlyRoster


class BankFile(Audited):
    """What was handed to the bank for a roster, once; failed lines that are tried again go into another file.

    Its lines are payments; the digest is that of their numbers, accounts and amounts. Nobody changes or deletes it.
    """

    council_path = "roster__township"
    audit_related = ("roster",)

    roster = models.ForeignKey(MonthlyRoster, models.PROTECT, related_name="bank_files", verbose_name=_("roster"))
    number = models.PositiveSmallIntegerField(_("number"))
    at = models.DateTimeField(_("made"), default=timezone.now)
    by = models.ForeignKey(
        settings.AUTH_USER_MODEL, models.PROTECT, related_name="+", db_index=False, verbose_name=_("made by")
    )
    rows = models.PositiveIntegerField(_("lines"))
    total = models.DecimalField(_("sum in yuan"), max_digits=14, decimal_places=2)
    digest = models.CharField(_("digest"), max_length=64)

    objects = AuditedQuerySet.as_manager()

    class Meta:
        verbose_name = _("bank file")
        verbose_name_plural = _("bank files")
        ordering = ["-at", "-pk"]
        constraints = [UniqueConstraint(fields=["roster", "number"], name="one_bank_file_a_number")]

    def __str__(self) -> str:
        return f"{self.roster_id}-{self.number}"


class PaymentState(models.TextChoices):
    SENT = "sent", _("sent to the bank")
    PAID = "paid", _("paid")
    FAILED = "failed", _("failed")
    OFFSET = "offset", _("settled by a claw-back")
    OWED = "owed", _("to be returned")


class PaymentQuerySet(AuditedQuerySet):
    def settled(self) -> Self:
        return self.filter(state__in=[PaymentState.PAID, PaymentState.OFFSET])


class Payment(Audited):
    """One try to pay a member what a roster gives her: all of her entries in one line.

    Banks take no negative line, so a claw-back lessens what she gets for the month that it stands in. `regular` says
    that the month itself is in it and not only corrections. Name and account are a copy as they stood when it was sent.
    """

    council_path = "roster__township"
    audit_related = ("member", "roster")
    audit_left_out = frozenset({"bank_account_print"})

    roster = models.ForeignKey(MonthlyRoster, models.PROTECT, related_name="payments", verbose_name=_("roster"))
    member = models.ForeignKey(Member, models.PROTECT, related_name="payments", verbose_name=_("member"))
    month = models.DateField(_("month"))  # the roster's, for the constraint
    regular = models.BooleanField(_("for the month itself"))
    county_amount = models.DecimalField(_("county subsidy"), max_digits=10, decimal_places=2)
    amount = models.DecimalField(_("amount in yuan"), max_digits=10, decimal_places=2)
    attempt = models.PositiveSmallIntegerField(_("attempt"), default=1)
    state = models.CharField(_("state"), max_length=10, choices=PaymentState)
    bank_file = models.ForeignKey(
        BankFile, models.PROTECT, null=True, blank=True, related_name="payments", verbose_name=_("bank file")
    )
    number = models.PositiveIntegerField(_("number in the file"), null=True, blank=True)
    name = models.CharField(_("full name"), max_length=40)
    bank_name = models.CharField(_("bank"), max_length=60, blank=True)
    bank_account = EncryptedTextField(_("bank account"), null=True, blank=True, mask=masks.masked_account)
    bank_account_print = FingerprintField(of="bank_account", null=True, db_index=True)
    day = models.DateField(_("settled on"), null=True, blank=True)
    reason = models.CharField(_("reason"), max_length=200, blank=True)

    objects = PaymentQuerySet.as_manager()

    class Meta:
        verbose_name = _("payment")
        verbose_name_plural = _("payments")
        ordering = ["-month", "pk"]
        indexes = [models.Index(fields=["roster", "state", "month", "county_amount"], name="payment_sum")]
        constraints = [
            UniqueConstraint(
                fields=["roster", "member"],
                condition=~Q(state="failed"),
                name="one_payment_at_a_time",
                violation_error_message=_("She was paid for this month, or her payment is on its way."),
            ),
            UniqueConstraint(
                fields=["member", "month"],
                condition=Q(regular=True, state__in=["paid", "offset"]),
                name="member_month_paid_once",
                violation_error_message=_("She was paid for this month already."),
            ),
            UniqueConstraint(fields=["roster", "member", "attempt"], name="one_payment_an_attempt"),
            UniqueConstraint(fields=["bank_file", "number"], name="one_payment_a_line"),
            CheckConstraint(
                name="payment_amount_of_its_state",
                condition=Q(state__in=["sent", "failed"], amount__gt=0, bank_file__isnull=False, number__isnull=False)
                | Q(state="paid", day__isnull=False)
                | Q(state="offset", amount=0, day__isnull=False)
                | Q(state="owed", amount__lt=0),
                violation_error_message=_("Only amounts above 0 are sent to the bank."),
            ),
        ]

    def __str__(self) -> str:
        return self.name


class ReturnFile(Audited):
    """An answer of the bank that was read. Nobody changes or deletes it."""

    council_path = "roster__township"
    audit_related = ("roster",)

    roster = models.ForeignKey(MonthlyRoster, models.PROTECT, related_name="return_files", verbose_name=_("roster"))
    name = models.CharField(_("file"), max_length=200)
    digest = models.CharField(_("digest"), max_length=64)
    at = models.DateTimeField(_("read"), default=timezone.now)
    by = models.ForeignKey(
        settings.AUTH_USER_MODEL, models.PROTECT, related_name="+", db_index=False, verbose_name=_("read by")
    )

    objects = AuditedQuerySet.as_manager()

    class Meta:
        verbose_name = _("answer of the bank")
        verbose_name_plural = _("answers of the bank")
        ordering = ["-at", "-pk"]
        constraints = [
            UniqueConstraint(
                fields=["roster", "digest"],
                name="one_answer_a_digest",
                violation_error_message=_("This file was read already."),
            )
        ]

    def __str__(self) -> str:
        return self.name


class LineVerdict(models.TextChoices):
    PAID = "paid", _("paid")
    FAILED = "failed", _("failed")
    UNKNOWN = "unknown", _("not in what was sent")
    DOUBLE = "double", _("stands in the file twice")
    ALREADY = "already", _("settled before")
    WRONG_AMOUNT = "wrong_amount", _("wrong amount")
    UNREADABLE = "unreadable", _("not understood")


class ReturnLine(models.Model):
    """One row of a bank's answer and what became of it. The account stands masked."""

    council_path = "file__roster__township"

    file = models.ForeignKey(ReturnFile, models.PROTECT, related_name="lines", verbose_name=_("answer of the bank"))
    row = models.PositiveIntegerField(_("row"))
    name = models.CharField(_("full name"), max_length=40, blank=True)
    account = models.CharField(_("bank account"), max_length=40, blank=True)
    amount = models.CharField(_("amount"), max_length=40, blank=True)
    said = models.CharField(_("what the bank says"), max_length=200, blank=True)
    verdict = models.CharField(_("verdict"), max_length=14, choices=LineVerdict)
    payment = models.ForeignKey(
        Payment, models.PROTECT, null=True, blank=True, related_name="lines", verbose_name=_("payment")
    )

    objects = ScopedQuerySet.as_manager()

    class Meta:
        verbose_name = _("line of an answer")
        verbose_name_plural = _("lines of answers")
        ordering = ["file", "row"]
        constraints = [UniqueConstraint(fields=["file", "row"], name="one_line_a_row")]

    def __str__(self) -> str:
        return f"{self.row} {self.name}"
