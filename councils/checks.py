"""Start-up checks: a model without a rule of scope, or an admin that does not keep to it, stops the program."""

from typing import Any

from django.apps import apps
from django.contrib import admin
from django.core.checks import CheckMessage, Error, register

from councils.admin.scoped import ScopedAdmin
from councils.audit import Audited, AuditedQuerySet
from councils.scope import ScopedQuerySet

FLOORS = ("councils", "members", "reports")


@register()
def every_model_is_scoped(app_configs: Any, **_options: Any) -> list[CheckMessage]:
    """Each model of ours says how to get to its council, and its manager knows `visible_to`."""
    return [
        Error(
            f"{model._meta.label} says nothing of its scope.",
            hint='Give it council_path = "…" and a manager of ScopedQuerySet; without them it is invisible.',
            obj=model,
            id="cunsao.E001",
        )
        for floor in FLOORS
        for model in apps.get_app_config(floor).get_models()
        if not hasattr(model, "council_path") or not hasattr(model._default_manager, "visible_to")
    ]


@register()
def every_audited_model_is_written_through_its_trail(app_configs: Any, **_options: Any) -> list[CheckMessage]:
    """Bulk writes of an audited model go through AuditedQuerySet too."""
    return [
        Error(
            f"Bulk writes of {model._meta.label} would leave no entry.",
            hint="objects = AuditedQuerySet.as_manager()", obj=model, id="cunsao.E004",
        )
        for model in apps.get_models()
        if issubclass(model, Audited) and not isinstance(model._default_manager.all(), AuditedQuerySet)
    ]  # fmt: skip


@register()
def every_admin_keeps_scope(app_configs: Any, **_options: Any) -> list[CheckMessage]:
    """Each registered admin is a ScopedAdmin over a ScopedQuerySet, and none shows a key as a bare number to guess."""
    found: list[CheckMessage] = []
    for model, model_admin in admin.site._registry.items():
        if not isinstance(model_admin, ScopedAdmin) or not isinstance(model._default_manager.all(), ScopedQuerySet):
            found.append(Error(f"The admin of {model._meta.label} does not keep to scope.", id="cunsao.E002"))
        elif model_admin.raw_id_fields or model_admin.list_editable:
            found.append(
                Error(f"{model_admin} uses raw_id_fields or list_editable, which go round scope.", id="cunsao.E003")
            )
    return found
