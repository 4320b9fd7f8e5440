"""Uploaded files: kept in the data folder under names that tell nothing, reached by no address of their own.

A page that may show one looks up its row by `visible_to` first and answers with `photo` or `respond`.
"""

import secrets
from collections.abc import Iterator
from contextlib import contextmanager

from django.core.files.base import ContentFile
from django.core.files.storage import default_storage
from django.db import transaction
from django.http import Http404, HttpResponse
from django.utils.http import content_disposition_header

from cunsao import pictures


@contextmanager
def stored(content: bytes, folder: str, ending: str) -> Iterator[str]:
    """Writes a file before its row is written, and gives its name; it goes again if the row is not written."""
    name = default_storage.save(f"{folder}/{secrets.token_hex(16)}.{ending}", ContentFile(content))
    written = False
    try:
        with transaction.atomic():
            yield name
        written = True
    finally:
        if not written:
            default_storage.delete(name)


def discard(name: str) -> None:
    """Deletes a file once the transaction that no longer needs it is done."""
    transaction.on_commit(lambda: default_storage.delete(name))


def photo(name: str) -> HttpResponse:
    """A kept photo as an answer. Raises Http404 if `name` is empty or its file is gone."""
    if not name:
        raise Http404
    return respond(name, pictures.CONTENT_TYPE, "photo.jpg")


def respond(name: str, content_type: str, shown_as: str, attachment: bool = False) -> HttpResponse:
    """The file as an answer that no browser keeps or takes for something else; as an `attachment` none shows it.

    Raises Http404 if it is gone.
    """
    try:
        with default_storage.open(name) as file:
            content = file.read()
    except FileNotFoundError:
        raise Http404 from None
    return HttpResponse(
        content,
        content_type=content_type,
        headers={
            "Content-Disposition": content_disposition_header(attachment, shown_as) or "attachment",
            "X-Content-Type-Options": "nosniff",
            "Cache-Control": "no-store",
        },
    )
