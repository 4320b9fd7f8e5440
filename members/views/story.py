"""A member's page: who she is, where she was and is, and what may be done."""

from typing import Any

from django.contrib import admin, messages
from django.core.exceptions import PermissionDenied
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect
from django.template.response import TemplateResponse
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST

from councils.models import Council
from councils.views.deeds import answer
from cunsao import drafts, printing
from members import chapters, merging
from members.deeds import DEEDS, deeds_for, place_of
from members.forms import AdmitForm
from members.models import Member, MergedRecord
from members.photos import file_of
from members.refusing import JoiningRefused
from members.revealing import REVEALED, RevealRefused, reveal
from members.searching import by_number
from members.sheets import story as story_sheet


def page(request: HttpRequest, template: str, **context: Any) -> TemplateResponse:
    return TemplateResponse(request, template, admin.site.each_context(request) | context)


def permit(request: HttpRequest, permission: str) -> None:
    if not request.user.has_perm(permission):
        raise PermissionDenied


def story(request: HttpRequest, pk: int) -> HttpResponse:
    """Her memberships, posts and zones, her numbers masked."""
    return _story(request, found_member(request, pk))


@require_POST
def show_number(request: HttpRequest, pk: int) -> HttpResponse:
    """One whole number on her page, this once, against a reason."""
    member = found_member(request, pk)
    name = request.POST.get("number", "")
    try:
        shown = reveal(member, name, request.POST.get("reason", ""), request.user)
    except RevealRefused as refusal:
        return _story(request, member, refusal=str(refusal))
    return _story(request, member, shown={name: shown})


def deed(request: HttpRequest, pk: int, name: str) -> HttpResponse:
    """A deed on one member, with a look at what will change."""
    member = found_member(request, pk)
    if name not in DEEDS:
        raise Http404
    permit(request, DEEDS[name].permission)
    if name not in deeds_for(member, request.user):  # type: ignore[arg-type]
        raise Http404
    return answer(request, DEEDS[name], member)


def admit(request: HttpRequest) -> HttpResponse:
    """The form by which a woman becomes a member, or comes back."""
    permit(request, "members.add_member")
    villages = Council.objects.visible_to(request.user)
    own = request.user.council  # type: ignore[union-attr]
    asked = request.GET.get("village", "")
    chosen = own if own.is_village else villages.filter(pk=asked).first() if asked.isdecimal() else None
    form = AdmitForm(request.user, chosen, drafts.take(request) or request.POST or None)  # type: ignore[arg-type]
    if request.method == "POST" and form.is_valid():
        try:
            pk = form.admit()
        except JoiningRefused as refusal:
            form.add_error(None, str(refusal))
        else:
            messages.success(request, _("%(name)s is a member now.") % {"name": form.cleaned_data["name"]})
            for doubt in form.doubts():
                messages.warning(request, doubt)
            return redirect("member", pk)
    return page(request, "members/admit.html", title=_("Admit a member"), form=form)


@require_POST
def find(request: HttpRequest) -> HttpResponse:
    """By a whole ID number or phone, which stands in no address."""
    permit(request, "members.view_member")
    found = list(by_number(request.user, request.POST.get("number", "")[:60])[:2])
    if len(found) == 1:
        return redirect("member", found[0].pk)
    messages.info(
        request,
        _("More than one member has this phone: search by name.") if found
        else _("Nobody in your jurisdiction has this number. Only a whole ID number or phone is searched for."),
    )  # fmt: skip
    return redirect("admin:members_member_changelist")


@require_POST
def undo_merge(request: HttpRequest, pk: int) -> HttpResponse:
    """Two records again."""
    permit(request, "members.merge_member")
    record = get_object_or_404(MergedRecord.objects.visible_to(request.user), pk=pk)
    try:
        merging.undo(record, request.user)
    except JoiningRefused as refusal:
        messages.error(request, str(refusal))
    else:
        messages.success(request, _("There are two records again."))
    return redirect("member", record.kept_id)


def found_member(request: HttpRequest, pk: int) -> Member:
    """A member that the reader may see, with her terms of today; 404 for any other."""
    permit(request, "members.view_member")
    found: Member = get_object_or_404(Member.objects.visible_to(request.user).with_terms(), pk=pk)
    return found


def print_story(request: HttpRequest, pk: int) -> HttpResponse:
    """Her story on paper, narrowed as on the page."""
    member = found_member(request, pk)
    told = _told(request, member)
    pages = printing.lay_out([story_sheet.form(member, str(member.village or ""), told["entries"])])
    context = {"title": str(member), "pages": pages, "back": reverse("member", args=[pk])}
    return TemplateResponse(request, "print/base.html", context)


def _told(request: HttpRequest, member: Member) -> dict[str, Any]:
    """Her story, all of it or of one kind, and the kinds that there are."""
    entries = chapters.story(member, request.user)
    kinds = chapters.kinds(entries)
    chosen = request.GET.get("kind", "")
    if chosen in {each.name for each in kinds}:
        entries = [each for each in entries if each.icon == chosen]
    else:
        chosen = ""
    return {"entries": entries, "kinds": kinds, "chosen": chosen, "whole": sum(each.number for each in kinds)}


def _story(
    request: HttpRequest, member: Member, shown: dict[str, str] | None = None, refusal: str = ""
) -> TemplateResponse:
    labels = {name: str(Member._meta.get_field(name).verbose_name) for name in REVEALED}  # type: ignore[union-attr]
    numbers = [(name, labels[name], getattr(member, name), (shown or {}).get(name)) for name in REVEALED]
    names = deeds_for(member, request.user)  # type: ignore[arg-type]
    return page(
        request, "members/story.html", title=str(member), member=member, numbers=numbers, refusal=refusal,
        deeds=[(name, DEEDS[name].title) for name in names if name != "photo"], may_change_photo="photo" in names,
        has_photo=bool(file_of(member, request.user)), place=place_of(member), **_told(request, member),
    )  # fmt: skip
