"""Workbooks in and out: no domain word, no table, and nothing that a hostile file could bring down."""

from cunsao.workbook.annotating import annotate
from cunsao.workbook.freezing import frozen
from cunsao.workbook.marks import Filled, Marked, fill, marked
from cunsao.workbook.reading import MOST_UPLOADED, Book, Cell, Fault, Row, Sheet, contents, open, over_cap
from cunsao.workbook.refusals import FileRefused
from cunsao.workbook.rows import MOST_ROWS
from cunsao.workbook.writing import Column, Plan, csv_pieces, write, write_csv

__all__ = [
    "MOST_ROWS",
    "MOST_UPLOADED",
    "Book",
    "Cell",
    "Column",
    "Fault",
    "FileRefused",
    "Filled",
    "Marked",
    "Plan",
    "Row",
    "Sheet",
    "annotate",
    "contents",
    "csv_pieces",
    "fill",
    "frozen",
    "marked",
    "open",
    "over_cap",
    "write",
    "write_csv",
]
