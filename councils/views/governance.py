"""A council's leadership, registration, charter and rules, and their files."""

from typing import Any

from django import forms
from django.contrib import admin
from django.core.exceptions import PermissionDenied, ValidationError
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404
from django.template.response import TemplateResponse
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from councils import statutes
from councils.deeds import DeedForm, Refused, day_field
from councils.models import Council, Level, Statute
from councils.models.governance import HEADS, Governance, StatuteKind
from councils.views.deeds import answer
from cunsao import documents, private_files


class StatuteForm(DeedForm):
    """Adds a version of the charter or the rules; old versions stay."""

    title = gettext_lazy("Add a charter or rules")
    explained = gettext_lazy("It becomes the version in force. Earlier versions stay and can still be opened.")
    permission = "councils.add_statute"
    looks_first = False
    button = gettext_lazy("Keep it")

    kind = forms.ChoiceField(label=gettext_lazy("kind of document"), choices=StatuteKind.choices)
    called = forms.CharField(label=gettext_lazy("title"), max_length=120)
    day = day_field(gettext_lazy("adopted on"))
    file = forms.FileField(
        label=gettext_lazy("File"), widget=forms.FileInput(attrs={"accept": documents.ACCEPTED}),
        error_messages={"required": gettext_lazy("Choose a file first.")},
        help_text=gettext_lazy("PDF, .docx, .xlsx, or a picture of the page (JPEG, PNG); 20 MB at most."),
    )  # fmt: skip

    def clean_day(self) -> Any:
        day = self.cleaned_data["day"]
        if day > timezone.localdate():
            raise ValidationError(_("This day has not come yet. Enter it when it has."))
        return day

    def do(self) -> str:
        said = self.cleaned_data
        try:
            added = statutes.add(self.subject, said["kind"], said["called"], said["day"], said["file"], self.user)
        except ValidationError as refusal:
            raise Refused(" ".join(refusal.messages), "file") from None
        return _("%(title)s is kept as version %(version)d.") % {"title": added, "version": added.version}

    def home(self) -> str:
        return reverse("governance", args=[self.subject.code])

    def place(self) -> Council | None:
        return self.subject


def governance(request: HttpRequest, code: str) -> HttpResponse:
    """Who leads and guides a council, how it is registered, and what it works by; the county's with its group."""
    council = _council(request, code)
    found = Governance.objects.filter(council=council).first()
    is_county = council.level == Level.COUNTY
    may_see_group = is_county and request.user.has_perm("councils.view_leader")
    leaders = list(council.leaders.order_by("end", "pk")) if may_see_group else []
    heads = {each.role for each in leaders if each.end is None}
    context = {
        "title": _("Leadership and registration"), "council": council, "found": found, "shows_group": may_see_group,
        "statutes": statutes.in_force(council.statutes.all()), "leaders": leaders,
        "missing_heads": [role.label for role in HEADS if role not in heads] if may_see_group else [],
        "missing": [kind.label for kind in StatuteKind if not council.statutes.filter(kind=kind).exists()],
    }  # fmt: skip
    return TemplateResponse(request, "councils/governance.html", admin.site.each_context(request) | context)


def add_statute(request: HttpRequest, code: str) -> HttpResponse:
    council = _council(request, code)
    if not council.is_open:
        raise Http404
    return answer(request, StatuteForm, council)


def open_statute(request: HttpRequest, pk: int) -> HttpResponse:
    """The file itself, to be kept and not to be shown by the browser."""
    if not request.user.has_perm("councils.view_statute"):
        raise PermissionDenied
    found: Any = get_object_or_404(Statute.objects.visible_to(request.user).select_related("council"), pk=pk)
    shown_as = f"{found.council}-{found.title}-{found.version}.{found.ending}"
    return private_files.respond(found.file, documents.TYPES[found.ending], shown_as, attachment=True)


def _council(request: HttpRequest, code: str) -> Council:
    if not request.user.has_perm("councils.view_governance"):
        raise PermissionDenied
    found: Council = get_object_or_404(
        Council.objects.visible_to(request.user).select_related("parent__parent"), code=code
    )
    return found
