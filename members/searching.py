"""Finding a woman by a whole number. What was typed is personal: it comes by POST alone and is kept nowhere.

By name, pinyin and initials: `Member.objects.visible_to(user).found_by(words)`.
"""

from typing import Any

from django.core.exceptions import ValidationError
from django.db.models import Q

from cunsao.personal_data import fingerprint, national_id, phone
from members.models import Member

READINGS = {"national_id": national_id, "phone": phone}


def by_number(user: Any, typed: str) -> Any:
    """Members `user` sees with this ID number or phone; none for a part of one, or for what is no number."""
    hit = Q()
    for name, reading in READINGS.items():
        try:
            hit |= Q(**{f"{name}_print": fingerprint(reading(typed), name)})
        except ValidationError:  # not a number of this kind
            continue
    return Member.objects.visible_to(user).filter(hit) if hit else Member.objects.none()
