"""Every list leaves as a workbook or csv file, as it is filtered, in the columns that it shows."""

from collections.abc import Iterable, Sequence
from typing import Any, ClassVar, NamedTuple

from django import forms
from django.contrib import admin
from django.contrib.admin.options import IS_POPUP_VAR, TO_FIELD_VAR, IncorrectLookupParameters
from django.contrib.admin.utils import label_for_field
from django.contrib.admin.views.main import ALL_VAR, ERROR_FLAG, PAGE_VAR, ChangeList
from django.core.exceptions import FieldDoesNotExist, PermissionDenied
from django.db import models
from django.http import HttpRequest, HttpResponse, HttpResponseBase, StreamingHttpResponse
from django.shortcuts import redirect
from django.template.response import TemplateResponse
from django.urls import path, reverse
from django.utils import timezone
from django.utils.http import content_disposition_header
from django.utils.text import capfirst
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from councils import exports
from councils.intake.resource import kinds, resource_of
from cunsao.workbook import MOST_ROWS, Column

NOT_OF_THE_FILTER = (PAGE_VAR, ALL_VAR, ERROR_FLAG, IS_POPUP_VAR, TO_FIELD_VAR)
TYPES = {exports.XLSX: "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet", exports.CSV: "text/csv"}


class Button(NamedTuple):
    """One of the buttons above a list; the first is drawn as the one that is meant."""

    label: Any
    url: str
    icon: str = ""


class ExportForm(forms.Form):
    ending = forms.ChoiceField(
        label=gettext_lazy("File"),
        choices=[
            (exports.XLSX, gettext_lazy("Excel or WPS workbook (.xlsx)")),
            (exports.CSV, gettext_lazy("Text with commas (.csv)")),
        ],
        widget=forms.RadioSelect,
        initial=exports.XLSX,
    )
    unmasked = forms.BooleanField(label=gettext_lazy("With whole numbers"), required=False)
    reason = forms.CharField(
        label=gettext_lazy("What it is needed for"), max_length=200, required=False,
        help_text=gettext_lazy("Needed with whole numbers alone. It is kept with your name and the time."),
    )  # fmt: skip

    def __init__(self, may_unmask: bool, *args: Any) -> None:
        super().__init__(*args)
        if not may_unmask:
            del self.fields["unmasked"], self.fields["reason"]


class ExportingAdmin(admin.ModelAdmin):
    """A list with its buttons, one of them leading to its export.

    `export_columns` are fields and methods as in `list_display`, which they are by default. Where numbers of persons
    may leave whole, `unmask_permission` names who may have them, and `outgoing` knows how. `import_kind` is the list's
    name among those that can be imported.
    """

    export_columns: ClassVar[Sequence[str]] = ()
    unmask_permission: ClassVar[str] = ""
    import_kind: ClassVar[str] = ""

    def get_urls(self) -> list[Any]:
        name = f"{self.opts.app_label}_{self.opts.model_name}_export"
        return [path("export/", self.admin_site.admin_view(self.export_view), name=name), *super().get_urls()]

    def changelist_view(self, request: HttpRequest, extra_context: Any = None) -> HttpResponse:
        return super().changelist_view(request, {"buttons": self.buttons(request)} | (extra_context or {}))

    def buttons(self, request: HttpRequest) -> list[Button]:
        """What stands above the list for this reader; a list adds its own before or after."""
        found = []
        if self.has_add_permission(request):
            found.append(Button(_("Add an entry"), self._address("add"), "create"))
        found.append(Button(_("Export"), self._address("export", _filter_of(request).urlencode()), "export"))
        resource = kinds().get(self.import_kind)
        if resource and request.user.has_perm(resource.permission):
            found.append(Button(_("Import"), reverse("upload", args=[self.import_kind]), "upload"))
            if resource.has_template:
                found.append(Button(_("Template"), reverse("template", args=[self.import_kind]), "template"))
        return found

    def outgoing(
        self, request: HttpRequest, found: models.QuerySet[Any], unmasked: bool
    ) -> tuple[Sequence[Column], Iterable[Sequence[Any]]]:
        """The columns and rows of the records `found`; its import's own, if any, so that it can come in again."""
        if self.import_kind:
            return resource_of(self.import_kind)(request.user).export_rows(found, unmasked)
        told = [self._told(name) for name in self.export_columns or self.get_list_display(request)]
        return [each.column for each in told], exports.rows(found, told)

    def export_view(self, request: HttpRequest) -> HttpResponseBase:
        """What will leave and how many rows; then, by POST, the file."""
        if not self.has_view_permission(request):
            raise PermissionDenied
        request.GET = _filter_of(request)
        try:
            shown = self.get_changelist_instance(request)
        except IncorrectLookupParameters:
            return redirect(self._address("changelist"))
        count = shown.queryset.count()
        form = ExportForm(self._may_unmask(request), request.POST or None)
        if request.method == "POST" and form.is_valid():
            try:
                return self._file(request, shown, count, **form.cleaned_data)
            except ValueError as refusal:
                form.add_error("reason" if form.cleaned_data.get("unmasked") else "ending", str(refusal))
        return self._export_page(request, shown, count, form)

    def _file(
        self, request: HttpRequest, shown: ChangeList, count: int, ending: str, unmasked: bool = False, reason: str = ""
    ) -> HttpResponseBase:
        name = str(capfirst(self.opts.verbose_name_plural))
        columns, rows = self.outgoing(request, shown.queryset, unmasked)
        said = "；".join(f"{title}：{value}" for title, value in narrowed(shown))
        out = exports.Outgoing(name, columns, rows, count, said)
        pieces = exports.hand_out(out, request.user, ending, unmasked, reason)
        file_name = f"{name}-{timezone.localdate():%Y%m%d}.{ending}"
        disposition = content_disposition_header(True, file_name) or "attachment"
        return StreamingHttpResponse(pieces, content_type=TYPES[ending], headers={"Content-Disposition": disposition})

    def _export_page(self, request: HttpRequest, shown: ChangeList, count: int, form: ExportForm) -> TemplateResponse:
        context = self.admin_site.each_context(request) | {
            "title": _("Export"), "opts": self.opts, "form": form, "count": count, "narrowed": narrowed(shown),
            "holds_numbers": bool(self.unmask_permission), "too_many": count >= MOST_ROWS, "most": MOST_ROWS - 1,
            "back": self._address("changelist", request.GET.urlencode()),
        }  # fmt: skip
        return TemplateResponse(request, "admin/export.html", context)

    def _may_unmask(self, request: HttpRequest) -> bool:
        return bool(self.unmask_permission) and request.user.has_perm(self.unmask_permission)

    def _told(self, name: Any) -> exports.Told:
        heading = str(label_for_field(name, self.model, self))
        try:
            return exports.Told(heading, self.opts.get_field(name))
        except FieldDoesNotExist:
            method = getattr(self, name, None)
            return exports.Told(heading, method or (lambda record: getattr(record, name)))

    def _address(self, page: str, query: str = "") -> str:
        address = reverse(f"admin:{self.opts.app_label}_{self.opts.model_name}_{page}")
        return f"{address}?{query}" if query else address


def _filter_of(request: HttpRequest) -> Any:
    """What the address says of filter, search and order; not of the page."""
    asked = request.GET.copy()
    for name in NOT_OF_THE_FILTER:
        asked.pop(name, None)
    return asked


def narrowed(shown: ChangeList) -> list[tuple[str, str]]:
    """By what the list is narrowed, in words: (filter, what is chosen)."""
    said = [(_("Search"), shown.query)] if shown.query else []
    for spec in shown.filter_specs:
        chosen = [each["display"] for each in list(spec.choices(shown))[1:] if each["selected"]]
        said += [(str(capfirst(spec.title)), str(each)) for each in chosen]
    parts = [shown.params.get(f"{shown.date_hierarchy}__{part}") for part in ("year", "month", "day")]
    day = "-".join(str(part) for part in parts if part)
    return [*said, (_("Time"), day)] if day else said
