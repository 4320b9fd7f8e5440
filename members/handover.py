"""What a member still has in her hands, and what becomes of it when she leaves or moves."""

from collections.abc import Mapping
from datetime import date

from django.core.exceptions import ValidationError
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from councils.models import Council
from members.models import Condition, Ending, Equipment, InsuredMember, Member
from members.refusing import JoiningRefused

# How a thing can come back, in one word for a form
RETURNS = (
    ("good", gettext_lazy("given back in order")),
    ("broken", gettext_lazy("given back broken")),
    ("lost", gettext_lazy("lost")),
)


def held(member: Member) -> list[Equipment]:
    """The things that were issued to her and neither came back nor are lost."""
    return list(Equipment.objects.filter(member=member).out().order_by("kind", "pk"))


def hand_in(member: Member, day: date, returns: Mapping[int, str]) -> None:
    """Ends all issues to her with `day`; `returns` says of each, by its key, one of RETURNS.

    Raises JoiningRefused where a thing is not accounted for, or was issued after that day.
    """
    things = held(member)
    missing = [each for each in things if returns.get(each.pk) not in dict(RETURNS)]
    if missing:
        named = {"things": "、".join(str(each) for each in missing)}
        raise JoiningRefused("holds_things", _("She still has: %(things)s. Say what becomes of it.") % named)
    for each in things:
        said = returns[each.pk]
        ending = Ending.LOST if said == "lost" else Ending.RETURNED
        try:
            each.end(day, ending, "" if said == "lost" else Condition(said))
        except ValidationError as refusal:
            raise JoiningRefused("holds_things", f"{each}: {' '.join(refusal.messages)}") from None


def carry_along(member: Member, village: Council) -> None:
    """What she has goes with her into another village, and the insurances that run or are to come."""
    Equipment.objects.filter(member=member).out().update(village=village)
    InsuredMember.objects.filter(member=member, end__gte=timezone.localdate()).update(village=village)
