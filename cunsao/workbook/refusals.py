"""Why a whole file is refused, told to the person who brought it."""

from collections.abc import Mapping

from django.utils.translation import gettext_lazy as _

# The reader's child process knows no translation: it sends a reason, the sentence stands here.
REASONS = {
    "empty": ("unreadable_file", _("The file is empty. Save the workbook again and upload it once more.")),
    "cut_off": ("unreadable_file", _("The file is incomplete: its end is missing. Copy or send it once more.")),
    "damaged": (
        "unreadable_file",
        _("The file is damaged. Open it in Excel or WPS, save it under a new name as .xlsx and upload that."),
    ),
    "pdf": ("unreadable_file", _("This is a PDF document. Upload the Excel or WPS workbook that it was made from.")),
    "image": ("unreadable_file", _("This is a picture. Upload the Excel or WPS workbook instead.")),
    "web_page": (
        "unreadable_file",
        _("This is a web page, whatever its name says. Open it in Excel or WPS, save it as .xlsx and upload that."),
    ),
    "xml_sheet": (
        "unreadable_file",
        _("This is an XML file, whatever its name says. Open it in Excel or WPS, save it as .xlsx and upload that."),
    ),
    "document": ("unreadable_file", _("This is a text document. Copy its table into a workbook and upload that.")),
    "slides": ("unreadable_file", _("This is a presentation. Copy its table into a workbook and upload that.")),
    "archive": ("unreadable_file", _("This is a packed archive. Unpack it and upload the workbook that is in it.")),
    "other_sheet": (
        "unreadable_file",
        _("This kind of workbook is not read. Open it in Excel or WPS, save it as .xlsx and upload that."),
    ),
    "unknown": (
        "unreadable_file",
        _("This is no workbook. Upload a file that Excel or WPS saved as .xlsx, .xls or .csv."),
    ),
    "quotation": (
        "unreadable_file",
        _("A quotation mark in line %(line)s has no partner. Open the file in Excel or WPS and save it as .xlsx."),
    ),
    "declarations": (
        "unreadable_file",
        _("The file holds declarations that no workbook needs. Save it in Excel or WPS as .xlsx and upload that."),
    ),
    "encrypted": (
        "encrypted_file",
        _("The file is protected by a password. Open it, remove the password, save it and upload it again."),
    ),
    "upload": ("too_large", _("The file is larger than %(megabytes)s MB. Split it into several files.")),
    "entries": ("too_large", _("The file has more than %(entries)s parts inside. Copy the table into a new workbook.")),
    "unpacked": (
        "too_large",
        _("The file takes more than %(megabytes)s MB when unpacked. Split it into several files."),
    ),
    "cells": ("too_large", _("The file has more than %(cells)s filled cells. Split it into several files.")),
    "rows": ("too_large", _("The file has more than %(rows)s rows. Split it into several files.")),
    "exhausted": (
        "too_large",
        _("Reading the file takes too much time or memory. Copy the table alone into a new workbook and upload that."),
    ),
    "exhausted_sheet": (
        "too_large",
        _(
            "The sheet “%(sheet)s” is too large, perhaps because something stands far below or beside its table."
            " Delete all rows and columns after the table, save the file and upload it again."
        ),
    ),
}


class FileRefused(Exception):
    """A file that cannot be read as a whole: `message` is a sentence for the user.

    `code` is unreadable_file, encrypted_file or too_large.
    """

    def __init__(self, code: str, message: str) -> None:
        super().__init__(message)
        self.code = code
        self.message = message


def refused(reason: str, values: Mapping[str, object] | None = None) -> FileRefused:
    """The refusal for one of REASONS, in the language of the moment."""
    code, sentence = REASONS[reason]
    return FileRefused(code, str(sentence) % (values or {}))


def exhausted(sheet: str) -> FileRefused:
    """The refusal of a file that takes too much; names the sheet where there is one with a name."""
    return refused("exhausted_sheet", {"sheet": sheet}) if sheet else refused("exhausted")
