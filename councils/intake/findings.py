"""What is wrong, or worth a second look, in an uploaded list: where it stands, by which rule, and what to do."""

from typing import Any, NamedTuple

from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _

# Each sentence says what is wrong and what to do; a resource may give one that says it better.
ERRORS: dict[str, Promise] = {
    "missing": _("This cell must not be empty. Fill it in."),
    "invalid_id": _("This is no ID number. Compare it with her card."),
    "id_lost_digits": _("The spreadsheet lost this number's last digits. Format the column as text and type it again."),
    "masked_id": _("This ID number is masked and names nobody. Type the whole number."),
    "not_female": _("This is a man's ID number. Compare it with her card."),
    "under_age": _("She is not of age. Compare the number with her card."),
    "duplicate_in_file": _("The same ID number stands in row %(row)s of “%(sheet)s”. Delete one of the two rows."),
    "unknown_village": _("No village or community is called “%(text)s”. Write it as in the list of divisions.%(near)s"),
    "ambiguous_village": _("Several are called “%(text)s”: %(which)s. Write the township in its own column."),
    "out_of_scope": _("This village is not in your jurisdiction. Delete the row, or send it to who is responsible."),
    "transfer": _("She is a member in %(village)s. Propose a transfer instead; a list moves nobody."),
    "invalid_name": _("This is no person's name. Write her name as on her card, nothing else."),
    "invalid_phone": _("This is no phone number. Write 11 digits."),
    "invalid_date": _("This is no day. Write it as 2020-01-02."),
    "future_date": _("This day has not come yet. Write when she joined, as 2020-01-02."),
    "invalid_choice": _("“%(text)s” is not known here. Choose one of: %(choices)s."),
    "invalid_number": _("This is no number. Write digits alone, as 12."),
    "out_of_range": _("This number is not between %(least)s and %(most)s. Correct it."),
    "too_long": _("This text is longer than %(length)s characters. Shorten it."),
    "unknown_record": _("No record of yours has this record number. Clear the cell to enter a new record."),
    "unknown_member": _("Nobody in your jurisdiction has this ID number. Compare it, or admit her first."),
    "unknown_name": _("No member here is called “%(name)s”. Check the name, or write her ID number."),
    "ambiguous_name": _("Several members are called “%(name)s”: %(which)s. Write her village or her ID number."),
    "duplicate_row": _("Row %(row)s of “%(sheet)s” says the same. Delete one of the two rows."),
    "in_the_way": _("Rows of this list stand in each other's way. Bring what ends and what begins as two lists."),
    "against_rules": _("This cannot be. Correct the row."),
    "overtaken": _("Somebody else changed this while you were looking. Upload the list again to see what is left."),
}
WARNINGS: dict[str, Promise] = {
    "bank_account_check": _("This is not the number of a bank card. Compare it with her card or passbook."),
    "masked_number": _("This number is masked and changes nothing. Type the whole number to change it."),
    "taken_as_villager": _("No member here is called “%(name)s”: this is entered for a villager of that name."),
    "name_changed": _("The register calls her %(name)s. Make sure that it is the same person."),
    "new_zone": _("The village has no zone “%(zone)s” yet; it will be opened."),
    "unknown_column": _("The column “%(heading)s” is not known and was not read. Rename it if it belongs to the list."),
    "unused_column": _("The column “%(heading)s” is not kept: it follows from the ID number."),
    "sheet_left_out": _("No list was found in the sheet “%(sheet)s”; it was not read."),
    "hidden_sheet": _("The sheet “%(sheet)s” is hidden and was not read. Show it in Excel if it belongs to the list."),
}
FILE_ERRORS: dict[str, Promise] = {
    "no_header": _(
        "No row of headings was found. The list needs a row that names its columns, with “%(key)s” among them."
    ),
}


class Finding(NamedTuple):
    """One remark: sheet and row as the user sees them, the field, its column from 0 where it has one."""

    sheet: str
    row: int
    field: str
    code: str
    message: str
    column: int | None = None

    @property
    def is_warning(self) -> bool:
        return self.code in WARNINGS

    def told(self) -> dict[str, Any]:
        """For programs; without the column, which the field names."""
        return {"sheet": self.sheet, "row": self.row, "field": self.field, "code": self.code, "message": self.message}


class FileFault(Exception):
    """A file that was read but is no list of this kind."""

    def __init__(self, code: str, **words: object) -> None:
        self.code = code
        self.message = sentence(code, **words)
        super().__init__(self.message)


def sentence(code: str, **words: object) -> str:
    """What is told about `code`, in the language of the moment."""
    told = ERRORS.get(code) or WARNINGS.get(code) or FILE_ERRORS[code]
    return str(told) % words if words else str(told)
