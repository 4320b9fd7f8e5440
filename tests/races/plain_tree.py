"""The same writers on a plain django-mptt model, as its documentation has it: what the lock is there for.

Run as `python -m tests.races.plain_tree make|WORKER COUNT|count` with DATABASE_URL set.
"""

import os
import random
import sys

import django
from django.conf import settings

from cunsao.database import database

settings.configure(
    DATABASES={"default": database(os.environ["DATABASE_URL"], pool=False)},
    INSTALLED_APPS=["mptt"],
    DEFAULT_AUTO_FIELD="django.db.models.BigAutoField",
    USE_TZ=True,
)
django.setup()

from django.db import OperationalError, connection, models  # noqa: E402
from mptt.models import MPTTModel, TreeForeignKey  # noqa: E402

TOWNSHIPS = 8


class Node(MPTTModel):
    name = models.CharField(max_length=60)
    closed = models.BooleanField(default=False)
    parent = TreeForeignKey("self", models.PROTECT, null=True, related_name="children")

    class Meta:
        app_label = "plain"


def make() -> None:
    with connection.schema_editor() as editor:
        editor.create_model(Node)
    county = Node.objects.create(name="county")
    for number in range(TOWNSHIPS):
        Node.objects.create(name=f"township {number}", parent=county)


def edit(worker: int, count: int) -> int:
    """How many of the deeds came through without an error."""
    townships = list(Node.objects.filter(name__startswith="township").order_by("pk"))
    chance, done = random.Random(worker), 0
    for number in range(count):
        try:
            node = Node.objects.create(name=f"{worker}-{number}", parent=townships[worker])
            done += 1
            node.move_to(townships[chance.randrange(TOWNSHIPS)])
            done += 1
            node.closed = True
            node.save()
            done += 1
        except OperationalError:  # a deadlock, or a lock that could not be had in time
            continue
    return done


def count() -> str:
    """Lost inserts cannot be told from here; double numbers and nodes outside their parents can."""
    nodes = {node.pk: node for node in Node.objects.all()}
    numbers = [(node.tree_id, each) for node in nodes.values() for each in (node.lft, node.rght)]
    outside = sum(
        not (nodes[node.parent_id].lft < node.lft < node.rght < nodes[node.parent_id].rght)
        for node in nodes.values()
        if node.parent_id
    )
    return f"{len(nodes)} {len(numbers) - len(set(numbers))} {outside}"


if __name__ == "__main__":
    if sys.argv[1] == "make":
        make()
    elif sys.argv[1] == "count":
        sys.stdout.write(count() + "\n")
    else:
        sys.stdout.write(f"{edit(int(sys.argv[1]), int(sys.argv[2]))}\n")
