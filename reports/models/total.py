from typing import Any, Self

from django.db import models
from django.db.models import Index, Q, UniqueConstraint
from django.utils.translation import gettext_lazy as _

from councils.models import Council, Level
from councils.scope import ScopedQuerySet
from reports import kinds


class MonthlyTotalQuerySet(ScopedQuerySet):
    def of(self, council: Council) -> Self:
        """The rows whose sum is the council's: of a village its own, of a township its own, of a county its townships'.

        By where the village stood when the work was done, so that no later change of the tree moves a figure.
        """
        if council.level == Level.COUNTY:
            return self.filter(county=council.pk, village=None)
        if council.level == Level.TOWNSHIP:
            return self.filter(township=council.pk, village=None)
        return self.filter(village=council.pk)

    def below(self, council: Council) -> Self:
        """The rows of the councils one level below, as they stood; none below a village."""
        if council.level == Level.TOWNSHIP:
            return self.filter(township=council.pk, village__isnull=False)
        return self.of(council) if council.level == Level.COUNTY else self.none()


class MonthlyTotal(models.Model):
    """What was done of one kind in a month: by a village, and once more by all villages of a township together.

    Written by reports/totals.py alone, in the transaction of the records, whose own keys to the councils the database
    checks; it does not check them here once more, for each record that is added. `value` sums their quantities,
    `records` counts them; what was given back is in neither. A township's row has no village. A county has no row: it
    would be the one that everybody waits for, and its townships' are few to add up.
    """

    council_path = "township"
    stays_put = True  # in a merger: it was done where it was done

    month = models.DateField(_("month"))
    key = models.CharField(_("kind of work"), max_length=30, choices=kinds.choices)
    village = models.ForeignKey(
        Council, models.PROTECT, null=True, related_name="+", db_index=False, db_constraint=False,
        verbose_name=_("village"),
    )  # fmt: skip
    township = models.ForeignKey(
        Council, models.PROTECT, related_name="+", db_index=False, db_constraint=False, verbose_name=_("township")
    )
    county = models.ForeignKey(
        Council, models.PROTECT, related_name="+", db_index=False, db_constraint=False, verbose_name=_("county")
    )
    value = models.BigIntegerField(_("sum"))
    records = models.IntegerField(_("records"))

    objects: Any = MonthlyTotalQuerySet.as_manager()

    class Meta:
        verbose_name = _("monthly total")
        verbose_name_plural = _("monthly totals")
        default_permissions = ()
        constraints = [
            UniqueConstraint(
                fields=["village", "month", "key", "township"], condition=Q(village__isnull=False),
                name="one_total_of_a_village",
            ),
            UniqueConstraint(
                fields=["township", "month", "key"], condition=Q(village=None), name="one_total_of_a_township"
            ),
        ]  # fmt: skip
        indexes = [  # each answers its question by itself
            Index(
                fields=["county", "month", "key", "township", "value", "records"], condition=Q(village=None),
                name="total_of_county",
            ),
            Index(
                fields=["township", "month", "key", "village", "value", "records"],
                condition=Q(village__isnull=False), name="total_of_township",
            ),
        ]  # fmt: skip

    def __str__(self) -> str:
        return f"{self.month:%Y-%m} {self.key}"
