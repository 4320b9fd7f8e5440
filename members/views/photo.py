"""A member's photo, for who may see her."""

from django.http import HttpRequest, HttpResponse

from cunsao import private_files
from members.photos import file_of
from members.views.story import found_member


def photo(request: HttpRequest, pk: int) -> HttpResponse:
    return private_files.photo(file_of(found_member(request, pk), request.user))
