"""Staff accounts: opening one, its first password, and who a session belongs to."""

import secrets
from functools import lru_cache
from typing import Any

from django.contrib.auth.backends import ModelBackend
from django.contrib.auth.models import Group
from django.contrib.auth.password_validation import validate_password

from councils import blanks
from councils.models import Council, User
from cunsao.prepared import Blank, Records

LETTERS = "abcdefghjkmnpqrstuvwxyz23456789"  # none that is mistaken for another when read aloud


class RoleBackend(ModelBackend):
    """Name and password; what an account may do stands in its role (councils/roles.py) and nowhere else."""

    def get_user(self, user_id: Any) -> User | None:
        """The account with all that a page asks of it, in one query; None when it may no longer sign in."""
        return next(iter(_account().find({"key": user_id})), None)


@lru_cache
def _account() -> Records:
    """It is on every page's way."""
    active = User.objects.order_by().filter(pk=Blank("key", blanks.PK), is_active=True)
    return Records(active, "role", "council", "council__parent", "council__parent__parent")


def open_account(username: str, full_name: str, council: Council, role: str, password: str = "") -> tuple[User, str]:
    """A new account and its first password, which must be changed at the first sign-in unless it was given.

    Raises ValidationError when the name is taken, the role does not fit the council, or a given password is weak.
    """
    user = User(username=username, full_name=full_name, council=council, role=Group.objects.get(name=role))
    if password:
        validate_password(password, user)
    user.must_change_password = not password
    first = password or new_password()
    user.set_password(first)
    user.full_clean()
    user.save()
    return user, first


def new_password() -> str:
    """Twelve letters and digits in three groups, easy to read out and to type."""
    return "-".join("".join(secrets.choice(LETTERS) for _letter in range(4)) for _group in range(3))
