"""Workbooks in and out: no domain word, no table, and nothing that a hostile file could bring down."""

from cunsao.workbook.annotating import annotate
from cunsao.workbook.reading import Book, Cell, Fault, Row, Sheet, open
from cunsao.workbook.refusals import FileRefused
from cunsao.workbook.writing import Column, Plan, write, write_csv

__all__ = [
    "Book",
    "Cell",
    "Column",
    "Fault",
    "FileRefused",
    "Plan",
    "Row",
    "Sheet",
    "annotate",
    "open",
    "write",
    "write_csv",
]
