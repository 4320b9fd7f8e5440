"""The peer of the import: a stock ModelResource as one writes it from django-import-export's documentation.

The same columns of the same workbook into Member and Membership, previewed with differences and then confirmed as the
package's admin does: the file is read, and each row looked up, compared and saved, in both steps. It is spared what it
does not have: posts, zones and the trail (`save` goes round the audit), and it takes the village by its code.
"""

from typing import Any

from django.db import models
from import_export import resources
from import_export.fields import Field
from import_export.widgets import CharWidget, ForeignKeyWidget, Widget
from tablib import Dataset

from councils.models import Council
from cunsao.personal_data import fingerprint, numbers
from members.models import Member, Membership

VILLAGE, JOINED = "村(社区)代码", "入会时间"


class PrintWidget(Widget):
    def render(self, value: Any, obj: Any = None, **options: Any) -> str:
        return value.hex() if value else ""


class MemberResource(resources.ModelResource):
    name = Field("name", "姓名")
    national_id = Field("national_id", "身份证号")
    national_id_print = Field("national_id_print", "fingerprint", widget=PrintWidget())
    phone = Field("phone", "联系电话")
    political_status = Field("political_status", "政治面貌")
    education = Field("education", "文化程度")
    ethnicity = Field("ethnicity", "民族")
    bank_name = Field("bank_name", "开户行")
    bank_account = Field("bank_account", "银行卡号")
    remark = Field("remark", "备注", widget=CharWidget(coerce_to_string=True, allow_blank=True))

    class Meta:
        model = Member
        fields = [
            "name", "national_id", "national_id_print", "phone", "political_status", "education", "ethnicity",
            "bank_name", "bank_account", "remark",
        ]  # fmt: skip
        import_id_fields = ["national_id_print"]
        skip_unchanged = True

    village = ForeignKeyWidget(Council, "code")

    def before_import(self, dataset: Any, **options: Any) -> None:
        at = dataset.headers.index("身份证号")
        dataset.append_col(lambda row: fingerprint(row[at], "national_id"), header="fingerprint")

    def before_import_row(self, row: Any, **options: Any) -> None:
        row["身份证号"] = numbers.national_id(row["身份证号"])
        row["联系电话"] = numbers.phone(row["联系电话"])

    def do_instance_save(self, instance: Any, is_create: bool) -> None:
        instance.derive()
        models.Model.save_base(instance)

    def after_save_instance(self, instance: Any, row: Any, **options: Any) -> None:
        if not Membership.objects.filter(member=instance, end=None).exists():
            membership = Membership(member=instance, village=self.village.clean(row[VILLAGE]), start=row[JOINED])
            models.Model.save_base(membership)


def preview_and_confirm(content: bytes) -> int:
    """How many women it entered."""
    for dry_run in (True, False):
        found = MemberResource().import_data(Dataset().load(content, format="xlsx"), dry_run=dry_run)
        if found.has_errors():
            raise ValueError([*found.base_errors, *(each.errors for _row, each in found.row_errors())][0])
    count: int = found.totals["new"]
    return count
