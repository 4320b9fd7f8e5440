import csv
import json
import os

from reports.demo.people import people
from tests.races import at_once, own_database, run

LISTS, SHARED = 4, 20
CODES = "code,name,level,parent_code\n341226,县,county,\n341226104,江口镇,township,341226\n"
VILLAGE = "341226104201,振兴村,village,341226104\n"


def test_overlapping_lists_at_once_enter_each_person_once(tmp_path):
    codes = tmp_path / "codes.csv"
    codes.write_text(CODES + VILLAGE, encoding="utf-8")
    persons = people([("341226104201", "振兴村")], SHARED + LISTS)
    paths = []
    for number in range(LISTS):
        paths.append(tmp_path / f"{number}.csv")
        with paths[-1].open("w", encoding="utf-8", newline="") as file:
            lines = csv.writer(file)
            lines.writerow(["姓名", "身份证号", "所在村"])
            lines.writerows(
                [each.name, each.national_id, "振兴村"] for each in (*persons[:SHARED], persons[SHARED + number])
            )
    with own_database(tmp_path, os.environ["DATABASE_URL"]) as environment:
        run(environment, "manage.py", "migrate", "--verbosity", "0")
        run(environment, "manage.py", "load_divisions", str(codes))
        commands = [["manage.py", "import_members", str(path), "--accept-valid", "--json"] for path in paths]
        told = [json.loads(printed) for printed in at_once(environment, *commands, ends=(0, 1))]
        run(environment, "manage.py", "export_members", str(tmp_path / "all.csv"))
    with (tmp_path / "all.csv").open(encoding="utf-8-sig", newline="") as file:
        entered = [row["姓名"] for row in csv.DictReader(file)]
    assert sorted(entered) == sorted(each.name for each in persons)
    assert sum(each["created"] for each in told) == SHARED + LISTS
    assert all(each["created"] + each["unchanged"] + each["rejected"] == SHARED + 1 for each in told)
