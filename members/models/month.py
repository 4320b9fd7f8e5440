from typing import Any, Self

from django.conf import settings
from django.db import models
from django.db.models import CheckConstraint, F, Q, UniqueConstraint
from django.utils.translation import gettext_lazy as _

from councils.audit import Audited, AuditedQuerySet
from councils.models import Council
from cunsao import months
from cunsao.personal_data import EncryptedTextField, FingerprintField, masks
from members.models.member import Member
from members.models.rate import PerformanceScheme, SubsidyRate, first_of_month


class RosterStatus(models.TextChoices):
    DRAFT = "draft", _("draft")
    SUBMITTED = "submitted", _("submitted")
    RETURNED = "returned", _("returned")
    APPROVED = "approved", _("approved")
    PUBLISHED = "published", _("published")
    SENT = "sent", _("sent to the bank")
    PARTLY_PAID = "partly_paid", _("partly paid")
    PAID = "paid", _("paid")


OPEN = (RosterStatus.DRAFT, RosterStatus.RETURNED)  # its entries may be written
UNDECIDED = (*OPEN, RosterStatus.SUBMITTED)  # not approved yet; everything else is frozen
SETTLING = (RosterStatus.SENT, RosterStatus.PARTLY_PAID)


def _who(label: Any) -> Any:
    return models.ForeignKey(
        settings.AUTH_USER_MODEL, models.PROTECT, null=True, blank=True, related_name="+", db_index=False,
        verbose_name=label,
    )  # fmt: skip


def _when(label: Any) -> Any:
    return models.DateTimeField(label, null=True, blank=True)


def _others(name: str, one: str, other: str, message: Any) -> CheckConstraint:
    """Two steps that are never one person's."""
    return CheckConstraint(
        name=name,
        condition=Q(**{one: None}) | Q(**{other: None}) | ~Q(**{one: F(other)}),
        violation_error_message=message,
    )


def _after(name: str, later: str, earlier: str) -> CheckConstraint:
    return CheckConstraint(
        name=name,
        condition=Q(**{later: None}) | Q(**{earlier: None}) | Q(**{f"{later}__gte": F(earlier)}),
        violation_error_message=_("A step cannot come before the one that it follows."),
    )


class RosterQuerySet(AuditedQuerySet):
    def undecided(self) -> Self:
        return self.filter(status__in=UNDECIDED)

    def frozen(self) -> Self:
        """Approved and all that follows."""
        return self.exclude(status__in=UNDECIDED)


class MonthlyRoster(Audited):
    """One township and one month: who is paid, and how far it has come.

    From approval on nothing of it is changed but its way onward: the database refuses to take it back, to delete it
    and to write its entries. Written by members/payroll alone. `version` counts the writings of the draft.
    """

    council_path = "township"
    stays_put = True
    audit_left_out = frozenset({"version"})
    audit_related = ("township",)

    township = models.ForeignKey(Council, models.PROTECT, related_name="rosters", verbose_name=_("township"))
    month = models.DateField(_("month"), db_index=True)
    rate = models.ForeignKey(SubsidyRate, models.PROTECT, related_name="rosters", verbose_name=_("subsidy rate"))
    scheme = models.ForeignKey(
        PerformanceScheme, models.PROTECT, null=True, blank=True, related_name="rosters",
        verbose_name=_("performance scheme"),
    )  # fmt: skip
    status = models.CharField(_("state"), max_length=12, choices=RosterStatus, default=RosterStatus.DRAFT)
    version = models.PositiveIntegerField(_("version"), default=0)
    unchanged = models.BooleanField(_("nothing changed"), default=False)
    return_reason = models.CharField(_("why it was returned"), max_length=300, blank=True)
    notice_until = models.DateField(_("last day of public notice"), null=True, blank=True)
    digest = models.CharField(_("digest of what was approved"), max_length=64, blank=True)
    opened_by, opened_at = _who(_("opened by")), _when(_("opened"))
    submitted_by, submitted_at = _who(_("submitted by")), _when(_("submitted"))
    first_submitted_at = _when(_("first submitted"))  # what counts for the deadline
    returned_by, returned_at = _who(_("returned by")), _when(_("returned"))
    approved_by, approved_at = _who(_("approved by")), _when(_("approved"))
    published_by, published_at = _who(_("published by")), _when(_("published"))
    sent_by, sent_at = _who(_("sent by")), _when(_("sent"))
    settled_by, settled_at = _who(_("settled by")), _when(_("settled"))

    objects = RosterQuerySet.as_manager()

    class Meta:
        verbose_name = _("monthly roster")
        verbose_name_plural = _("monthly rosters")
        ordering = ["-month", "township__code"]
        permissions = [
            ("open_roster", "Can open a month"),
            ("submit_roster", "Can submit a month"),
            ("return_roster", "Can return a month"),
            ("approve_roster", "Can approve a month"),
            ("publish_roster", "Can publish a month and note objections"),
            ("correct_roster", "Can enter corrections of approved months"),
            ("send_roster", "Can send a month to the bank"),
            ("settle_roster", "Can mark a month paid"),
        ]
        constraints = [
            UniqueConstraint(
                fields=["township", "month"],
                name="one_roster_a_month",
                violation_error_message=_("This month is open already."),
            ),
            first_of_month("roster_of_a_month"),
            _others(
                "approver_did_not_submit", "approved_by", "submitted_by",
                _("Who submitted a month does not approve it."),
            ),
            _others(
                "sender_did_not_approve", "sent_by", "approved_by", _("Who approved a month does not send it."),
            ),
            _others(
                "settler_did_not_approve", "settled_by", "approved_by", _("Who approved a month does not settle it."),
            ),
            _after("submitted_after_opened", "submitted_at", "opened_at"),
            _after("approved_after_submitted", "approved_at", "submitted_at"),
            _after("published_after_approved", "published_at", "approved_at"),
            _after("sent_after_published", "sent_at", "published_at"),
            _after("settled_after_sent", "settled_at", "sent_at"),
            CheckConstraint(
                name="roster_steps_have_names",
                condition=(
                    Q(status__in=OPEN, approved_by=None, approved_at=None)
                    | Q(status="submitted", submitted_by__isnull=False, submitted_at__isnull=False, approved_by=None)
                    | (
                        Q(submitted_by__isnull=False, submitted_at__isnull=False)
                        & Q(approved_by__isnull=False, approved_at__isnull=False) & ~Q(digest="")
                        & (
                            Q(status="approved")
                            | Q(published_by__isnull=False, published_at__isnull=False, notice_until__isnull=False)
                            & (
                                Q(status="published")
                                | Q(status="sent", sent_by__isnull=False, sent_at__isnull=False)
                                | Q(
                                    status__in=["partly_paid", "paid"], sent_by__isnull=False, sent_at__isnull=False,
                                    settled_by__isnull=False, settled_at__isnull=False,
                                )
                            )
                        )
                    )
                ),
                violation_error_message=_("Each step has somebody who took it and a time."),
            ),
        ]  # fmt: skip

    def __str__(self) -> str:
        return f"{self.township} {months.label(self.month)}"

    @property
    def is_open(self) -> bool:
        """Whether its entries may be written."""
        return self.status in OPEN

    @property
    def is_frozen(self) -> bool:
        return self.status not in UNDECIDED


class EntryKind(models.TextChoices):
    REGULAR = "regular", _("for the month")
    ARREARS = "arrears", _("arrears")
    CLAW_BACK = "claw_back", _("claw-back")


class EntryQuerySet(AuditedQuerySet):
    def frozen(self) -> Self:
        return self.exclude(roster__status__in=UNDECIDED)

    def regular(self) -> Self:
        return self.filter(kind=EntryKind.REGULAR)


class RosterEntry(Audited):
    """What a member gets for a month, or a correction of what she got for an earlier one.

    The columns from `name` on are filled at approval, as things stood then. They follow from the record and are no
    deed of anybody, so the trail leaves them out; what was approved is held by the roster's digest.
    """

    council_path = "roster__township"
    stays_put = True
    audit_related = ("member",)
    audit_left_out = frozenset(
        {"version", "changed_by", "changed_at", "name", "village_name", "national_id_masked", "bank_name",
         "bank_account", "bank_account_print"}
    )  # fmt: skip

    roster = models.ForeignKey(MonthlyRoster, models.PROTECT, related_name="entries", verbose_name=_("monthly roster"))
    month = models.DateField(_("month"))  # the roster's, for the constraint
    member = models.ForeignKey(Member, models.PROTECT, related_name="roster_entries", verbose_name=_("member"))
    village = models.ForeignKey(Council, models.PROTECT, related_name="roster_entries", verbose_name=_("village"))
    kind = models.CharField(_("kind"), max_length=10, choices=EntryKind, default=EntryKind.REGULAR)
    days = models.PositiveSmallIntegerField(_("days"), default=0)
    county_amount = models.DecimalField(_("county subsidy"), max_digits=10, decimal_places=2, default=0)
    performance_amount = models.DecimalField(_("performance subsidy"), max_digits=10, decimal_places=2, default=0)
    note = models.CharField(_("note"), max_length=200, blank=True)
    corrects = models.ForeignKey(
        "self", models.PROTECT, null=True, blank=True, related_name="corrections", verbose_name=_("corrects")
    )
    corrected_month = models.DateField(_("corrected month"), null=True, blank=True)
    automatic = models.BooleanField(_("made by the program"), default=False)
    mark = models.CharField(_("why it was marked"), max_length=200, blank=True)
    version = models.PositiveIntegerField(_("version"), default=0)
    changed_by = _who(_("changed by"))
    changed_at = _when(_("changed"))
    name = models.CharField(_("full name"), max_length=40, blank=True)
    village_name = models.CharField(_("village"), max_length=60, blank=True)
    national_id_masked = models.CharField(_("ID number"), max_length=20, blank=True)
    bank_name = models.CharField(_("bank"), max_length=60, blank=True)
    bank_account = EncryptedTextField(_("bank account"), null=True, blank=True, mask=masks.masked_account)
    bank_account_print = FingerprintField(of="bank_account", null=True, db_index=True)

    objects = EntryQuerySet.as_manager()

    class Meta:
        verbose_name = _("roster entry")
        verbose_name_plural = _("roster entries")
        ordering = ["-month", "pk"]
        constraints = [
            UniqueConstraint(
                fields=["member", "month"],
                condition=Q(kind="regular"),
                name="one_entry_a_member_and_month",
                violation_error_message=_("She stands in a roster of this month already."),
            ),
            UniqueConstraint(
                fields=["member", "corrected_month"],
                condition=Q(kind="arrears", corrects=None),
                name="forgotten_month_paid_once",
                violation_error_message=_("Arrears for this month were entered already."),
            ),
            UniqueConstraint(
                fields=["roster", "corrects"],
                condition=Q(automatic=True),
                name="one_automatic_correction_a_roster",
            ),
            CheckConstraint(
                name="entry_signs_of_its_kind",
                condition=Q(kind="regular", county_amount__gte=0, performance_amount__gte=0)
                | (
                    Q(kind="arrears", county_amount__gte=0, performance_amount__gte=0)
                    & ~Q(county_amount=0, performance_amount=0)
                )
                | (
                    Q(kind="claw_back", county_amount__lte=0, performance_amount__lte=0)
                    & ~Q(county_amount=0, performance_amount=0)
                ),
                violation_error_message=_("Arrears are above 0, a claw-back is below."),
            ),
            CheckConstraint(
                name="entry_corrects_an_earlier_month",
                condition=Q(kind="regular", corrects=None, corrected_month=None)
                | Q(kind="arrears", corrected_month__lt=F("month"))
                | Q(kind="claw_back", corrected_month__lt=F("month"), corrects__isnull=False),
                violation_error_message=_("A correction belongs to an earlier month than its own."),
            ),
        ]

    def __str__(self) -> str:
        return str(self.member)

    @property
    def total(self) -> Any:
        return self.county_amount + self.performance_amount
