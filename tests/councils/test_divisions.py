from pathlib import Path

import pytest
from django.core.management import CommandError, call_command

from councils import divisions
from councils.models import Change, Council, Level
from councils.tree_check import faults
from tests.factories import make_county

pytestmark = pytest.mark.django_db
SHARED = Path(__file__).resolve().parents[3] / "shared/data/yingshang_divisions.csv"
HEADER = "code,name,level,parent_code\n"
COUNTY = "341226,颍上县,county,\n"
TOWNSHIP = "341226100,慎城镇,township,341226\n"


@pytest.fixture
def file(tmp_path):
    def write(text, name="codes.csv", encoding="utf-8"):
        path = tmp_path / name
        path.write_bytes(text.encode(encoding))
        return path

    return write


def test_the_real_county_comes_in_whole_and_a_second_time_changes_nothing(django_assert_max_num_queries):
    with django_assert_max_num_queries(15):
        first = divisions.load(divisions.read(SHARED))
    entries = Change.objects.count()
    assert (first.created, divisions.load(divisions.read(SHARED))) == (380, divisions.Counts(0, 0, 380))
    assert Change.objects.count() == entries == 380
    by_level = {level: Council.objects.at_level(level).count() for level in Level}
    assert by_level == {"county": 1, "township": 30, "village": 218, "community": 131}
    assert list(faults()) == []


def test_a_loaded_council_has_its_entry_in_the_trail():
    divisions.load(divisions.read(SHARED))
    village = Council.objects.get(code="341226100001")
    entry = Change.objects.get(record="councils.council", record_id=village.pk)
    assert entry.fields["name"] == [None, "龙门民族社区居委会"]
    assert entry.council == village


def test_councils_opened_after_a_load_get_keys_of_their_own():
    divisions.load(divisions.read(SHARED))
    assert make_county().pk > Council.objects.get(code="341226207").pk


def test_a_new_name_in_the_file_is_a_renaming(file):
    divisions.load(divisions.read(file(HEADER + COUNTY + TOWNSHIP)))
    counted = divisions.load(divisions.read(file(HEADER + COUNTY + TOWNSHIP.replace("慎城镇", "新城镇"))))
    assert counted == divisions.Counts(0, 1, 1)
    assert Council.objects.get(code="341226100").former_names.get().name == "慎城镇"


def test_a_later_file_fits_into_the_tree_that_is_there(file):
    divisions.load(divisions.read(file(HEADER + COUNTY + "341226200,乙乡,township,341226\n")))
    divisions.load(divisions.read(file(HEADER + TOWNSHIP)))
    assert list(Council.objects.values_list("code", flat=True)) == ["341226", "341226100", "341226200"]
    assert list(faults()) == []


@pytest.mark.parametrize(
    ("text", "line"),
    [
        (HEADER + COUNTY + "341226100001,甲居委会,village,341226100\n", 3),  # missing parent
        (HEADER + COUNTY + TOWNSHIP + TOWNSHIP, 4),  # double code
        (HEADER + COUNTY + TOWNSHIP.replace("township", "village"), 3),  # wrong level
        (HEADER + COUNTY + "3412261,慎城镇,township,341226\n", 3),  # no code
        (HEADER + COUNTY + TOWNSHIP.replace(",341226\n", ",341227\n"), 3),  # another parent
        (HEADER + COUNTY + "341226100,慎城镇,township\n", 3),  # a column short
        (HEADER + COUNTY + "341226100,,township,341226\n", 3),  # no name
        ("代码,名称\n" + COUNTY, 1),  # no header
        ("", 1),
    ],
)
def test_a_wrong_line_is_told_by_number_and_nothing_is_written(file, text, line):
    path = file(text)
    with pytest.raises(CommandError, match=str(line)) as refusal:
        call_command("load_divisions", str(path))
    assert path.name in str(refusal.value)
    assert not Council.objects.exists()
    assert not Change.objects.exists()


def test_all_wrong_lines_are_told_at_once(file):
    with pytest.raises(divisions.DivisionsRefused) as refusal:
        divisions.read(file(HEADER + "x,甲,county,\ny,乙,county,\n" + COUNTY))
    assert len(refusal.value.faults) == 2


def test_another_encoding_is_told_with_its_line(file):
    with pytest.raises(divisions.DivisionsRefused, match="2"):
        divisions.read(file(HEADER + COUNTY, encoding="gb18030"))


def test_a_mark_at_the_beginning_does_no_harm(file):
    assert len(divisions.read(file(HEADER + COUNTY, encoding="utf-8-sig"))) == 1


def test_the_national_tables_come_in_with_their_counties(file):
    file('code,name,areaCode,provinceCode,cityCode\n110101001,"东华门街道",110101,11,1101\n', "streets.csv")
    villages = file(
        "code,name,streetCode,provinceCode,cityCode,areaCode\n"
        '110101001001,"多福巷社区居委会",110101001,11,1101,110101\n',
        "villages.csv",
    )
    call_command("load_divisions", str(villages))
    assert list(Council.objects.values_list("code", "name", "level")) == [
        ("110101", "110101", "county"),
        ("110101001", "东华门街道", "township"),
        ("110101001001", "多福巷社区居委会", "community"),
    ]
    file('code,name,cityCode,provinceCode\n110101,"东城区",1101,11\n', "areas.csv")
    call_command("load_divisions", str(villages))
    assert Council.objects.get(code="110101").name == "东城区"


def test_a_file_that_is_not_there_is_told(tmp_path):
    with pytest.raises(CommandError, match=r"nowhere\.csv"):
        call_command("load_divisions", str(tmp_path / "nowhere.csv"))


@pytest.mark.parametrize(
    ("official", "short"),
    [
        ("龙门民族社区居委会", "龙门民族社区"),
        ("颍滨社区居民委员会", "颍滨社区"),
        ("姜庄村委会", "姜庄村"),
        ("姜庄村民委员会", "姜庄村"),
        ("慎城镇", ""),
    ],
)
def test_a_place_is_called_without_its_committee(official, short):
    assert divisions.short_name(official) == short
