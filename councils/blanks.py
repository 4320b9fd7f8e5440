"""Any council of a level, and whoever works there: what a question is put together for that is asked of all of them."""

from datetime import date
from typing import Any

from django.db.models import BigAutoField, CharField, DateField

from councils.models import Council, Level, User
from cunsao.prepared import Blank

PK: Any = BigAutoField()
CODE: Any = CharField()
DAY: Any = DateField()


def day(name: str) -> Any:
    return Blank(name, DAY)


def council(level: str) -> Council:
    """Any one of the level, for a condition; nothing of it is in the database."""
    above = None if level == Level.COUNTY else Blank("parent", CODE)
    return Council(pk=Blank("council", PK), code=Blank("code", CODE), level=level, parent_id=above)


def reader(level: str) -> User:
    """Whoever works for a council of the level: what is visible to one of them is asked in the same words of all."""
    return User(council=council(level))


def filled(council: Council, **days: date) -> dict[str, Any]:
    """What goes into the blanks of a council, and into those of days by their names."""
    return {"council": council.pk, "code": council.code, "parent": council.parent_id, **days}
