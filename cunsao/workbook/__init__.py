"""Workbooks in and out: no domain word, no table, and nothing that a hostile file could bring down."""

from cunsao.workbook.reading import Book, Cell, Fault, Row, Sheet, open
from cunsao.workbook.refusals import FileRefused

__all__ = ["Book", "Cell", "Fault", "FileRefused", "Row", "Sheet", "open"]
