"""Workbooks in and out: no domain word, no table, and nothing that a hostile file could bring down."""

from cunsao.workbook.annotating import annotate
from cunsao.workbook.reading import Book, Cell, Fault, Row, Sheet, open
from cunsao.workbook.refusals import FileRefused
from cunsao.workbook.rows import MOST_ROWS
from cunsao.workbook.writing import Column, Plan, csv_pieces, write, write_csv

__all__ = [
    "MOST_ROWS",
    "Book",
    "Cell",
    "Column",
    "Fault",
    "FileRefused",
    "Plan",
    "Row",
    "Sheet",
    "annotate",
    "csv_pieces",
    "open",
    "write",
    "write_csv",
]
