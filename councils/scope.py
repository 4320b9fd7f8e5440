"""Who sees which rows: by foreign keys to the council and its parents, and nothing without a rule."""

from functools import lru_cache
from typing import TYPE_CHECKING, Any, Self

from django.db import models
from django.db.models import Q

if TYPE_CHECKING:
    from councils.models import Council


def within(path: str, council: "Council") -> Q:
    """Rows whose council at `path` ("" for councils themselves) is `council` or lies below it.

    The tree has three levels, so two steps upward reach every ancestor; left and right numbers are not asked, since a
    torn tree must not open a door. The councils are a list of their own, worked out once a question, and so are those
    between: an OR over joins would keep both databases from using an index, and from knowing how many rows come of it.
    """
    if council.is_village:  # nothing lies below
        return Q(**{path or "pk": council.pk})
    here, listed = _at_and_below(type(council), council.pk, council.code, council.parent_id is None)
    return Q(**{f"{path}__in": listed}) if path else here


@lru_cache(maxsize=1024)
def _at_and_below(model: Any, pk: int, code: str, top: bool) -> tuple[Q, models.QuerySet]:
    """The condition on councils and the list of their keys, neither of them asked; a page needs the same ten times."""
    councils = model._base_manager
    here = Q(pk=pk) | Q(parent=code)
    if top:
        here |= Q(parent__in=councils.filter(parent=code))
    return here, councils.filter(here).values("pk")


class ScopedQuerySet(models.QuerySet):
    """Querysets of everything that belongs to a council.

    The model says how to get there: `council_path = "village"`. A model that does not is invisible.
    """

    def visible_to(self, user: Any) -> Self:
        """What `user` may know of: her own council and what lies below; nothing for anybody without one."""
        council = getattr(user, "council", None) if getattr(user, "is_active", False) else None
        path = getattr(self.model, "council_path", None)
        if council is None or path is None:
            return self.none()
        return self.filter(within(path, council))

    def under(self, council: "Council") -> Self:
        """What belongs to `council` or to a council below it."""
        return self.filter(within(self.model.council_path, council))

    def hand_over(self, field: str, gone: "Council", kept: "Council") -> int:
        """What hung on `gone` by `field` hangs on `kept` from now on; for a merger. Returns how many rows moved."""
        return self.filter(**{field: gone}).update(**{field: kept})
