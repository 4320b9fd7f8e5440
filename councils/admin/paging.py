"""Pages of long lists: nothing is counted to the end, nothing is sorted with all its columns."""

from functools import cached_property
from typing import Any

from django.core.paginator import Page, Paginator


class CappedPaginator(Paginator):
    """Counts up to `cap` rows and says when there are more; further pages are not offered.

    Counting a million costs more than a page of it: whoever looks for one among more narrows the list by a filter.
    """

    cap = 20_000

    @cached_property
    def _seen(self) -> int:
        rows: Any = self.object_list
        found: int = rows.order_by().values("pk")[: self.cap + 1].count()
        return found

    @property
    def is_capped(self) -> bool:
        """Whether there are more rows than `count` says."""
        return self._seen > self.cap

    @cached_property
    def count(self) -> int:
        return min(self._seen, self.cap)


class KeyedPaginator(CappedPaginator):
    """For tables of millions: a page is found by its keys alone, so that an index serves; one query more."""

    cap = 10_000

    def page(self, number: Any) -> Page:
        valid = self.validate_number(number)
        first = (valid - 1) * self.per_page
        rows: Any = self.object_list
        keys = list(rows.values_list("pk", flat=True)[first : min(first + self.per_page, self.count)])
        return Page(rows.filter(pk__in=keys), valid, self)
