from typing import Any

from django.core.exceptions import ValidationError
from django.db import models
from django.utils.translation import gettext
from django.utils.translation import gettext_lazy as _

from councils.audit import Audited, AuditedQuerySet
from councils.models import Council, Level


class BankColumn(models.TextChoices):
    """What a column of the bank's file may hold."""

    NUMBER = "number", _("number in the file")
    NAME = "name", _("full name")
    ACCOUNT = "account", _("bank account")
    BANK = "bank", _("bank")
    AMOUNT = "amount", _("amount")
    NATIONAL_ID = "national_id", _("ID number, masked")
    VILLAGE = "village", _("village")
    TOWNSHIP = "township", _("township")
    MONTH = "month", _("month")
    REMARK = "remark", _("remark")
    EMPTY = "empty", _("left empty")


def usual_columns() -> list[list[str]]:
    """The file's columns until the county sets its own: what a column holds, and its heading."""
    return [
        ["number", "序号"], ["account", "收款账号"], ["name", "收款户名"], ["bank", "开户行"], ["amount", "金额"],
        ["remark", "附言"],
    ]  # fmt: skip


class BankLayout(Audited):
    """How the county's bank wants its file, and how the bank answers."""

    council_path = "county"
    stays_put = True

    county = models.OneToOneField(Council, models.PROTECT, related_name="bank_layout", verbose_name=_("county"))
    columns = models.JSONField(_("columns"), default=usual_columns)  # [[BankColumn, heading], …]
    remark = models.CharField(_("remark of each line"), max_length=60, default="村嫂补贴")
    result_heading = models.CharField(_("heading of the result in the answer"), max_length=40, default="处理结果")
    reason_heading = models.CharField(_("heading of the reason in the answer"), max_length=40, default="失败原因")
    success_words = models.CharField(
        _("words for success, separated by spaces"), max_length=100, default="成功 交易成功 已入账"
    )
    failure_words = models.CharField(
        _("words for failure, separated by spaces"), max_length=100, default="失败 交易失败 退回 退汇"
    )

    objects = AuditedQuerySet.as_manager()

    class Meta:
        verbose_name = _("bank file layout")
        verbose_name_plural = _("bank file layouts")

    def __str__(self) -> str:
        return str(self.county)

    def clean(self) -> None:
        if self.county_id and self.county.level != Level.COUNTY:
            raise ValidationError({"county": gettext("A bank file layout is the county's.")})
        message = layout_fault(self.columns)
        if message:
            raise ValidationError({"columns": message})


def layout_fault(columns: Any) -> str:
    """What is wrong with the columns of a layout; nothing if they serve."""
    pairs = columns if isinstance(columns, list) else [columns]
    if not all(isinstance(each, list | tuple) and len(each) == 2 and all(map(_is_text, each)) for each in pairs):
        return gettext("Each column is a pair: what it holds, and its heading.")
    keys, headings = [str(each[0]) for each in pairs], [str(each[1]).strip() for each in pairs]
    if unknown := [key for key in keys if key not in BankColumn.values]:
        return gettext("No column holds “%(key)s”.") % {"key": unknown[0]}
    if not {"name", "account", "amount"} <= set(keys):
        return gettext("Name, account and amount are needed.")
    if len(set(headings)) < len(headings) or not all(headings):
        return gettext("Each column has a heading of its own.")
    return ""


def _is_text(value: Any) -> bool:
    return isinstance(value, str)
