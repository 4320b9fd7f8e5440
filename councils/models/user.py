from typing import Any

from django.contrib.auth.models import AbstractBaseUser, BaseUserManager, Group
from django.contrib.auth.validators import UnicodeUsernameValidator
from django.core.exceptions import ValidationError
from django.db import models
from django.utils import timezone
from django.utils.crypto import salted_hmac
from django.utils.translation import gettext
from django.utils.translation import gettext_lazy as _

from councils import roles
from councils.audit import Audited, AuditedQuerySet
from councils.models.council import Council


class UserManager(BaseUserManager.from_queryset(AuditedQuerySet)):  # type: ignore[misc]
    def get_by_natural_key(self, username: str | None) -> "User":
        """The account with its council and role, so that a page asks for neither again."""
        return self.select_related("council", "role").get(username=username)


class User(Audited, AbstractBaseUser):
    """A staff account: one person, one council as jurisdiction, one role. There is no account above the roles."""

    council_path = "council"
    audit_left_out = frozenset({"last_login"})
    audit_unsaid = frozenset({"password"})

    username = models.CharField(
        _("user name"), max_length=40, unique=True, validators=[UnicodeUsernameValidator()],
        error_messages={"unique": _("This user name is taken. Choose another one.")},
    )  # fmt: skip
    full_name = models.CharField(_("person"), max_length=40)
    council = models.ForeignKey(Council, models.PROTECT, related_name="accounts", verbose_name=_("council"))
    role = models.ForeignKey(Group, models.PROTECT, related_name="accounts", verbose_name=_("role"))
    is_active = models.BooleanField(_("may sign in"), default=True)
    must_change_password = models.BooleanField(_("must choose a new password"), default=True)
    created = models.DateTimeField(_("created"), default=timezone.now, editable=False)

    objects = UserManager()
    USERNAME_FIELD = "username"
    REQUIRED_FIELDS = ["full_name", "council", "role"]
    is_staff = True
    is_superuser = False

    class Meta:
        verbose_name = _("account")
        verbose_name_plural = _("accounts")
        ordering = ["council__code", "username"]

    def __str__(self) -> str:
        return f"{self.full_name} ({self.username})" if self.full_name else self.username

    def clean(self) -> None:
        super().clean()
        if self.council_id and self.role_id and self.council.level not in roles.ROLES[self.role.name].levels:
            raise ValidationError(
                {"council": gettext("The role “%(role)s” belongs to another level of council.") % {"role": self.duty}}
            )

    @property
    def duty(self) -> str:
        """The role in the reader's language."""
        return str(roles.ROLES[self.role.name].label)

    def has_role(self, name: str) -> bool:
        return self.role.name == name

    def has_perm(self, perm: str, obj: Any = None) -> bool:
        """Whether the role grants `perm`; who may not sign in may nothing."""
        return self.is_active and perm in roles.granted(self.role.name)

    def has_perms(self, perm_list: Any, obj: Any = None) -> bool:
        return all(self.has_perm(perm, obj) for perm in perm_list)

    def has_module_perms(self, app_label: str) -> bool:
        return self.is_active and any(perm.startswith(f"{app_label}.") for perm in roles.granted(self.role.name))

    def get_full_name(self) -> str:
        return self.full_name or self.username

    get_short_name = get_full_name

    def _get_session_auth_hash(self, secret: Any = None) -> str:
        """Also of role and council, so that a change of either ends every open session at once."""
        bound = f"{self.password}|{self.role_id}|{self.council_id}|{self.is_active}"
        return salted_hmac("councils.User", bound, secret=secret, algorithm="sha256").hexdigest()
