"""Lists whose rows lead to a page of our own."""

from functools import cache
from typing import Any

from django.urls import reverse

from councils.admin.listing import ScopedList


@cache
def leading_to(name: str) -> type[ScopedList]:
    """The list whose rows open the page `name` of their record."""

    class Leading(ScopedList):
        def url_for_result(self, result: Any) -> str:
            return reverse(name, args=[result.pk])

    return Leading
