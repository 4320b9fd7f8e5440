"""An admin that never reaches outside its user's jurisdiction: lists, choices, filters, look-ups, saving, history."""

from typing import Any, cast

from django.contrib import admin
from django.core.exceptions import PermissionDenied
from django.db import IntegrityError, models
from django.http import HttpRequest, HttpResponse, QueryDict
from django.shortcuts import get_object_or_404
from django.template.response import TemplateResponse
from django.utils.text import capfirst
from django.utils.translation import gettext as _

from councils import audit
from councils.admin.exporting import ExportingAdmin
from councils.admin.listing import ScopedList
from councils.admin.paging import CappedPaginator
from councils.clashing import in_words
from councils.deeds import calendar
from councils.models import Council
from councils.telling import entries
from cunsao import drafts

OPEN_TO_ALL = {"auth.group"}  # names of roles say nothing of any place


class ScopedFilter(admin.RelatedFieldListFilter):
    """Offers only what the user may see, and follows no other value typed into the address."""

    def field_choices(self, field: Any, request: HttpRequest, model_admin: admin.ModelAdmin) -> list[Any]:
        related = field.remote_field.model
        offered = related._default_manager.all()
        if related._meta.label_lower not in OPEN_TO_ALL:
            offered = offered.visible_to(request.user)
        value = field.target_field.attname if hasattr(field, "target_field") else "pk"
        return [(getattr(each, value), str(each)) for each in offered]


# Wherever a list is narrowed by a relation, in place of Django's, which offers every record there is.
admin.FieldListFilter.register(lambda field: bool(field.remote_field), ScopedFilter, take_priority=True)


class TownshipFilter(admin.SimpleListFilter):
    """By township, along the model's own way to its council."""

    title = _("township")
    parameter_name = "township"

    def lookups(self, request: HttpRequest, model_admin: Any) -> list[tuple[str, str]]:
        visible = Council.objects.visible_to(request.user).at_level("township")
        return [(code, short or name) for code, short, name in visible.values_list("code", "short_name", "name")]

    def queryset(self, request: HttpRequest, queryset: Any) -> Any:
        if not self.value():
            return queryset
        township = Council.objects.visible_to(request.user).filter(code=self.value()).first()
        return queryset.under(township) if township else queryset.none()


_offered_from_above: list[Any] = []


def narrows(listed: Any) -> Any:
    """Announces a filter of a floor above: a SimpleListFilter that stands on a list when its parameter is asked for and
    `listed.serves(model)`."""
    _offered_from_above.append(listed)
    return listed


class ScopedAdmin(ExportingAdmin):
    """Every admin of ours. It declares; what it may show and save is decided here, by `visible_to`."""

    list_per_page = 50
    list_max_show_all = 200
    show_full_result_count = False
    show_facets = admin.ShowFacets.NEVER
    actions = None
    paginator = CappedPaginator
    formfield_overrides = {models.DateField: {"widget": calendar()}}

    def get_queryset(self, request: HttpRequest) -> models.QuerySet[Any]:
        return super().get_queryset(request).visible_to(request.user)  # type: ignore[attr-defined]

    def get_changelist(self, request: HttpRequest, **options: Any) -> type[ScopedList]:
        return ScopedList

    def get_field_queryset(self, db: Any, db_field: Any, request: HttpRequest) -> models.QuerySet[Any]:
        """What a foreign key or many-to-many field offers and accepts."""
        offered: Any = super().get_field_queryset(db, db_field, request)
        if offered is None:
            offered = db_field.remote_field.model._default_manager.using(db)
        if offered.model._meta.label_lower in OPEN_TO_ALL:
            return offered
        return offered.visible_to(request.user)

    def get_list_filter(self, request: HttpRequest) -> Any:
        above = [each for each in _offered_from_above if each.parameter_name in request.GET and each.serves(self.model)]
        return [*super().get_list_filter(request), *above]

    def lookup_allowed(self, lookup: str, value: str, request: HttpRequest) -> bool:  # type: ignore[override]
        """Only what a filter of this list asks for: any other look-up would read hidden columns letter by letter."""
        offered: set[str] = {
            f"{self.date_hierarchy}__{part}" for part in ("year", "month", "day") if self.date_hierarchy
        }
        for each in self.get_list_filter(request):
            name = each[0] if isinstance(each, tuple | list) else each
            if isinstance(name, str):
                offered |= {name, *(f"{name}__{ending}" for ending in ("exact", "id__exact", "isnull", "isempty"))}
                offered |= {f"{name}__{ending}" for ending in ("gte", "lt")}
            elif issubclass(filter_class := cast("Any", name), admin.SimpleListFilter):
                offered.add(str(filter_class.parameter_name))
        return lookup in offered

    def changelist_view(self, request: HttpRequest, extra_context: Any = None) -> HttpResponse:
        """Titled with what it lists, not with a command to choose one."""
        named = {"title": capfirst(self.opts.verbose_name_plural)}
        return super().changelist_view(request, named | (extra_context or {}))

    def changeform_view(
        self, request: HttpRequest, object_id: str | None = None, form_url: str = "", extra_context: Any = None
    ) -> HttpResponse:
        """Filled in with what was typed before a session ended; refused in words where somebody else was faster."""
        if draft := drafts.take(request):
            _show_unsaved(request, draft)
        try:
            return super().changeform_view(request, object_id, form_url, extra_context)
        except IntegrityError as fault:
            _show_unsaved(request, request.POST, in_words(fault))
            return super().changeform_view(request, object_id, form_url, extra_context)

    def get_form(self, request: HttpRequest, obj: Any = None, change: bool = False, **options: Any) -> Any:
        form = super().get_form(request, obj, change, **options)
        return _never_saved(form, request.unsaved) if hasattr(request, "unsaved") else form

    def has_delete_permission(self, request: HttpRequest, obj: Any = None) -> bool:
        """Nothing that was once recorded is deleted from a screen."""
        return False

    def save_model(self, request: HttpRequest, obj: Any, form: Any, change: bool) -> None:
        super().save_model(request, obj, form, change)
        self.look_again(request, obj)

    def save_formset(self, request: HttpRequest, form: Any, formset: Any, change: bool) -> None:
        super().save_formset(request, form, formset, change)
        for saved in [*formset.new_objects, *(each for each, _names in formset.changed_objects)]:
            self.look_again(request, saved)

    def look_again(self, request: HttpRequest, saved: Any) -> None:
        """What was saved must be visible to who saved it, or the whole request is taken back."""
        if not type(saved)._default_manager.visible_to(request.user).filter(pk=saved.pk).exists():
            raise PermissionDenied(_("This would reach outside your jurisdiction. Nothing was saved."))

    def history_view(self, request: HttpRequest, object_id: str, extra_context: Any = None) -> HttpResponse:
        """Before → after of every change of this record, out of the audit trail."""
        record = get_object_or_404(self.get_queryset(request), pk=self._key(object_id))
        if not self.has_view_permission(request, record):
            raise PermissionDenied
        context = self.admin_site.each_context(request) | {
            "title": _("History of %(name)s") % {"name": record},
            "entries": entries(audit.history(record), request.user, record),
            "object": record,
            "opts": self.opts,
            "media": self.media,
            "preserved_filters": self.get_preserved_filters(request),
        }
        return TemplateResponse(request, "admin/object_history.html", context)

    def _key(self, object_id: str) -> Any:
        return self.opts.pk.to_python(object_id) if object_id.isdecimal() else -1

    # The audit trail holds what the admin's own log would, and what that log does not.
    def log_addition(self, *args: Any) -> Any: ...
    def log_change(self, *args: Any) -> Any: ...
    def log_deletions(self, *args: Any) -> Any: ...


def _show_unsaved(request: HttpRequest, typed: QueryDict, refusal: str = "") -> None:
    """Lets the admin show the form with what was typed, and `refusal` above it, without saving anything."""
    _files = request.FILES  # read now, while the request is what was sent
    request.method, request.POST = "POST", typed  # type: ignore[assignment]
    request.unsaved = refusal  # type: ignore[attr-defined]


def _never_saved(form: type[Any], refusal: str) -> type[Any]:
    class Unsaved(form):
        def is_valid(self) -> bool:
            if refusal and not self.errors:
                self.add_error(None, refusal)
            return False

    return Unsaved


class ReadOnlyAdmin(ScopedAdmin):
    """Of what is written somewhere else: by a deed of its own, by an import, or by the trail itself."""

    def has_add_permission(self, request: HttpRequest) -> bool:
        return False

    def has_change_permission(self, request: HttpRequest, obj: Any = None) -> bool:
        return False
