"""A member's photo, for who may see her."""

from django.http import Http404, HttpRequest, HttpResponse

from cunsao import pictures, private_files
from members.photos import file_of
from members.views.story import found_member


def photo(request: HttpRequest, pk: int) -> HttpResponse:
    name = file_of(found_member(request, pk), request.user)
    if not name:
        raise Http404
    return private_files.respond(name, pictures.CONTENT_TYPE, "photo.jpg")
