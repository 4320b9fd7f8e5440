import os

from tests.races import at_once, own_database, run

WRITERS, EACH = 8, 100
TOWNSHIPS = "".join(f"341226{100 + number},镇{number},township,341226\n" for number in range(WRITERS))


def test_eight_writers_leave_the_tree_whole_and_lose_nothing(tmp_path):
    codes = tmp_path / "codes.csv"
    codes.write_text("code,name,level,parent_code\n341226,县,county,\n" + TOWNSHIPS, encoding="utf-8")
    with own_database(tmp_path, os.environ["DATABASE_URL"]) as environment:
        run(environment, "manage.py", "migrate", "--verbosity", "0")
        run(environment, "manage.py", "load_divisions", str(codes))
        writers = [["-m", "tests.races.edit_tree", str(worker), str(EACH)] for worker in range(WRITERS)]
        assert sum(map(int, at_once(environment, *writers))) == WRITERS * EACH * 3
        run(environment, "manage.py", "check_tree")
        counted = run(environment, "-c", COUNT)
    assert counted.split() == [str(WRITERS * EACH), str(WRITERS * EACH), "0", "0"]


# Villages, closed ones among them, left or right numbers that stand twice, nodes outside their parents.
COUNT = """
import os, django
os.environ["DJANGO_SETTINGS_MODULE"] = "cunsao.settings"
django.setup()
from collections import Counter
from councils.models import Council
nodes = list(Council.objects.select_related("parent"))
numbers = Counter((node.tree_id, number) for node in nodes for number in (node.lft, node.rght))
double = sum(count - 1 for count in numbers.values())
outside = sum(not node.parent.lft < node.lft < node.rght < node.parent.rght for node in nodes if node.parent)
villages = [node for node in nodes if len(node.code) == 12]
print(len(villages), sum(not node.is_open for node in villages), double, outside)
"""
