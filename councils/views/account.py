"""The page where a password that somebody else knows is changed."""

from django.contrib import admin, messages
from django.contrib.auth import update_session_auth_hash
from django.contrib.auth.decorators import login_required
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.template.response import TemplateResponse
from django.utils.translation import gettext as _

from councils.forms import FirstPasswordForm


@login_required
def first_password(request: HttpRequest) -> HttpResponse:
    """Asks for a password of her own; also reached by choice, to change it later."""
    form = FirstPasswordForm(request.user, request.POST or None)
    if request.method == "POST" and form.is_valid():
        form.save()
        update_session_auth_hash(request, form.user)
        messages.success(request, _("Your new password is in force. Use it from the next sign-in on."))
        return redirect("admin:index")
    context = admin.site.each_context(request) | {"form": form, "title": _("Choose your own password")}
    return TemplateResponse(request, "councils/first_password.html", context)
