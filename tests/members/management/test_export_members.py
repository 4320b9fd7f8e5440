import csv

import pytest
from django.core.management import CommandError, call_command

from councils.models import Change
from cunsao import workbook
from tests.factories import make_account, make_member, make_township, make_village

pytestmark = pytest.mark.django_db


def written(path):
    with path.open(encoding="utf-8-sig", newline="") as file:
        return list(csv.DictReader(file))


@pytest.fixture
def village():
    return make_village(make_township(name="江口镇"), name="振兴村委会")


def test_numbers_are_masked_unless_a_reason_is_given(village, tmp_path):
    member = make_member(village)
    out = tmp_path / "out.csv"
    call_command("export_members", out)
    assert (written(out)[0]["身份证号"], written(out)[0]["联系电话"]) == (str(member.national_id), str(member.phone))
    with pytest.raises(CommandError):
        call_command("export_members", out, "--unmasked", "--reason", " 核 ")
    call_command("export_members", out, "--unmasked", "--reason", "年度核对")
    assert written(out)[0]["身份证号"] == member.national_id.clear


def test_each_export_is_entered_with_its_reason(village, tmp_path):
    make_member(village)
    chair = make_account(village.parent)
    call_command("export_members", tmp_path / "out.xlsx", "--as", chair.username)
    call_command("export_members", tmp_path / "out.csv", "--unmasked", "--reason", "年度核对")
    masked, clear = Change.objects.filter(action="exported").order_by("pk")
    assert (masked.actor_name, masked.council, masked.fields["unmasked"][1]) == (chair.username, village.parent, False)
    assert (clear.actor_name, clear.fields["reason"][1]) == ("export_members", "年度核对")


def test_an_account_exports_its_own_township_alone(village, tmp_path):
    make_member(village, name="李秀英")
    other = make_village(make_township(name="谢桥镇"))
    make_member(other)
    out = tmp_path / "out.csv"
    call_command("export_members", out, "--as", make_account(village.parent).username)
    assert [row["姓名"] for row in written(out)] == ["李秀英"]


def test_an_account_without_the_permission_sees_no_whole_number(village, tmp_path):
    auditor = make_account(village.parent, "auditor")
    with pytest.raises(CommandError):
        call_command("export_members", tmp_path / "out.csv", "--as", auditor.username, "--unmasked", "--reason", "x")
    assert not (tmp_path / "out.csv").exists()


def test_nothing_that_somebody_typed_becomes_a_formula(village, tmp_path):
    make_member(village, remark="=1+1")
    for name in ("out.csv", "out.xlsx"):
        call_command("export_members", tmp_path / name)
    assert written(tmp_path / "out.csv")[0]["备注"] == "'=1+1"
    book = workbook.open((tmp_path / "out.xlsx").read_bytes(), "out.xlsx")
    assert book.sheets[0].rows[1].cells[-1] == "=1+1"
