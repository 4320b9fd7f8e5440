import csv
import json
from pathlib import Path

import pytest
from django.core.management import CommandError, call_command
from openpyxl import load_workbook

from councils import divisions
from councils.accounts import open_account
from councils.models import Batch, Change, Council
from members.models import Member
from tests.cunsao.workbook.hostile import FILES
from tests.cunsao.workbook.made import ole2
from tests.factories import make_account, make_township, make_village
from tests.members.lists import HEADER, command, person, sheet_of

pytestmark = pytest.mark.django_db
WORKBOOKS = Path(__file__).parents[2] / "workbooks"
DIVISIONS = Path(__file__).parents[3] / "reports" / "demo" / "divisions.csv"
COLUMNS = {"name": "姓名", "phone": "联系电话", "village_code": "村(社区)代码", "joined_on": "入会时间"}


def triples(found):
    return sorted((each["sheet"], each["row"], each["field"], each["code"]) for each in found)


@pytest.mark.parametrize("path", sorted(WORKBOOKS.glob("*.json")), ids=lambda path: path.stem)
def test_each_kind_of_list_comes_out_as_its_contract_says(path, capsys, tmp_path):
    want = json.loads(path.read_text(encoding="utf-8"))
    divisions.load(divisions.read(DIVISIONS))
    arguments = []
    if want["user"]:
        council = Council.objects.get(code=want["user"])
        open_account("chair", "赵桂兰", council, "township_chair")
        arguments = ["--as", "chair"]
    for earlier in want["setup"]:
        command(capsys, WORKBOOKS / earlier, "--accept-valid")
    code, got = command(capsys, WORKBOOKS / want["file"], "--accept-valid", *arguments)
    counted = ("rows", "created", "updated", "unchanged", "rejected", "file_error")
    assert code == want["exit"]
    assert {name: got[name] for name in counted} == {name: want[name] for name in counted}
    assert triples(got["errors"]) == triples(want["errors"])
    assert set(triples(want["warnings"])) <= set(triples(got["warnings"]))
    out = tmp_path / "out.csv"
    call_command("export_members", out, "--unmasked", "--reason", "test")
    with out.open(encoding="utf-8-sig", newline="") as file:
        people = {row["身份证号"]: row for row in csv.DictReader(file)}
    for member in want["members"]:
        row = people[member["national_id"]]
        assert {name: row[COLUMNS[name]] for name in member if name != "national_id"} == {
            name: said for name, said in member.items() if name != "national_id"
        }


@pytest.fixture
def village():
    return make_village(make_township(name="江口镇"), name="振兴村委会")


@pytest.fixture
def a_list(tmp_path, village):
    path = tmp_path / "list.xlsx"
    path.write_bytes(sheet_of([HEADER, person("江口镇", "振兴村"), person("江口镇", "振兴村", "")]))
    return path


def test_one_refused_row_holds_back_all_unless_good_rows_are_accepted(capsys, a_list):
    code, got = command(capsys, a_list)
    assert (code, got["created"], got["rejected"], got["batch"]) == (1, 0, 1, None)
    assert not Member.objects.exists()
    code, got = command(capsys, a_list, "--accept-valid")
    assert (code, got["created"], got["rejected"]) == (1, 1, 1)
    assert Batch.objects.get(pk=got["batch"]).state == "applied"


def test_a_dry_run_counts_and_writes_nothing(capsys, a_list):
    before = Change.objects.count()
    code, got = command(capsys, a_list, "--accept-valid", "--dry-run")
    assert (code, got["created"], got["batch"]) == (1, 1, None)
    assert (Member.objects.count(), Batch.objects.count(), Change.objects.count()) == (0, 0, before)


def test_the_report_is_the_same_workbook_with_what_to_do(capsys, a_list, tmp_path):
    command(capsys, a_list, "--report", tmp_path / "report.xlsx")
    sheet = load_workbook(tmp_path / "report.xlsx").active
    assert sheet["C3"].fill.fgColor.rgb == "FFFFC7CE"
    assert sheet["C3"].comment is not None
    assert sheet.cell(3, len(HEADER) + 1).value
    assert sheet.cell(2, len(HEADER) + 1).value is None


def test_a_report_that_was_mended_is_taken(capsys, a_list, tmp_path):
    command(capsys, a_list, "--report", tmp_path / "report.xlsx")
    book = load_workbook(tmp_path / "report.xlsx")
    book.active["C3"] = "李秀英"
    book.save(tmp_path / "report.xlsx")
    code, got = command(capsys, tmp_path / "report.xlsx")
    assert (code, got["created"]) == (0, 2)
    assert not [each for each in got["warnings"] if each["code"] == "unknown_column"]


@pytest.mark.parametrize(
    ("content", "error"),
    [
        (b"%PDF-1.7 no list at all", "unreadable_file"),
        (sheet_of([HEADER, person("江口镇", "振兴村")])[:900], "unreadable_file"),
        (sheet_of([["会议记录"], ["第一项"]]), "no_header"),
        (sheet_of([person("江口镇", "振兴村")] * 2), "no_header"),
        (b"", "unreadable_file"),
        (FILES["a bomb"][0], "too_large"),
        (FILES["ten thousand entries"][0], "too_large"),
        (FILES["a billion laughs"][0], "unreadable_file"),
        (FILES["merged to the end"][0], "no_header"),
        (ole2("EncryptedPackage"), "encrypted_file"),
    ],
    ids=["pdf", "cut off", "no list", "no heading", "empty", "bomb", "entries", "laughs", "merged", "password"],
)
def test_a_file_that_is_no_list_is_refused_as_a_whole(capsys, tmp_path, content, error, village):
    path = tmp_path / "file.xlsx"
    path.write_bytes(content() if callable(content) else content)
    code, got = command(capsys, path)
    assert (code, got["file_error"], got["rows"], got["errors"], got["batch"]) == (1, error, 0, [], None)


def test_an_account_writes_in_its_own_township_and_is_named_in_the_trail(capsys, a_list, village):
    own, other = make_account(village.parent), make_account(make_township(name="谢桥镇"))
    _code, got = command(capsys, a_list, "--accept-valid", "--as", other.username)
    assert triples(got["errors"])[0][2:] == ("village", "out_of_scope")
    assert not Member.objects.exists()
    _code, got = command(capsys, a_list, "--accept-valid", "--as", own.username)
    assert got["created"] == 1
    assert Change.objects.get(record="members.member").actor_name == own.username


def test_an_unknown_account_is_told(a_list):
    with pytest.raises(CommandError):
        call_command("import_members", str(a_list), "--as", "nobody")
