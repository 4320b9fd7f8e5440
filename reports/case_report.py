"""The county's case report: its table, and what it says in whole sentences, each number out of the records."""

import io
import re
from collections.abc import Iterator
from datetime import date
from typing import Any, NamedTuple

from django.utils import formats, translation
from django.utils.translation import gettext as _
from docx import Document
from docx.enum.text import WD_ALIGN_PARAGRAPH
from docx.opc.constants import RELATIONSHIP_TYPE
from docx.oxml import OxmlElement
from docx.oxml.ns import qn
from docx.shared import Cm, Pt

from councils.models import Council
from reports import indicators
from reports.indicators import CASE_REPORT, CATALOGUE, Figure
from reports.periods import Period

NAMED = re.compile(r"%\((\w+)\)s")
BODY, HEADINGS = "FangSong", "SimHei"  # what official papers are set in; other programs take what is nearest


class Row(NamedTuple):
    """One line of the table."""

    number: int
    label: str
    figure: Figure
    shown: str
    meaning: str


class Piece(NamedTuple):
    """A stretch of a sentence: words, or a number with the address of its records."""

    text: str
    key: str = ""
    address: str = ""


class CaseReport:
    """The report of one council as of one day. `user` gets addresses to open; a fixed number of queries."""

    def __init__(self, council: Council, day: date, user: Any = None) -> None:
        self.council, self.day = council, day
        self.figures = indicators.values(council, Period.until(day), CASE_REPORT, user)

    @property
    def title(self) -> str:
        return _("Village-sister councils of %(place)s: what was done") % {"place": self.council}

    @property
    def subtitle(self) -> str:
        return _("as of %(day)s") % {"day": formats.date_format(self.day, "DATE_FORMAT")}

    @property
    def rows(self) -> list[Row]:
        return [
            Row(number, self._label(key), self.figures[key], self.shown(key), str(CATALOGUE[key].meaning))
            for number, key in enumerate(CASE_REPORT, 1)
        ]

    @property
    def paragraphs(self) -> list[tuple[str, list[Piece]]]:
        """(heading, pieces) of each paragraph."""
        return [(heading, list(self._pieces(text))) for heading, text in _narrative()]

    def shown(self, key: str) -> str:
        """As it stands in a sentence: whole yuan without places."""
        figure = self.figures[key]
        if key == "subsidy_per_member_month":
            return f"{figure.value:,.0f}" if figure.value == int(figure.value) else f"{figure.value:,.2f}"
        return str(figure.shown)

    def document(self, origin: str = "") -> bytes:
        """The same as a .docx; with `origin`, https://…, each number leads to its records."""
        return _Writer(self, origin).content()

    @property
    def hazard_year(self) -> str:
        return str(indicators.Rule.FULL_YEAR.own(Period.until(self.day)).first.year)

    def _label(self, key: str) -> str:
        if key == "hazards_reported":
            return _("hazards reported upward in %(year)s") % {"year": self.hazard_year}
        return str(CATALOGUE[key].name)

    def _pieces(self, text: str) -> Iterator[Piece]:
        said = {
            "place": str(self.council), "year": self.hazard_year,
            "day": formats.date_format(self.day, "DATE_FORMAT"),
        }  # fmt: skip
        for at, part in enumerate(NAMED.split(text)):
            if at % 2 == 0:
                yield Piece(part)
            elif part in said:
                yield Piece(said[part])
            else:
                yield Piece(self.shown(part), part, self.figures[part].address)


def _narrative() -> list[tuple[str, str]]:
    """Our own words; a name in brackets is a figure of the catalogue, or the place, the day or the hazards' year."""
    return [
        (_("The net"), _(
            "As of %(day)s, %(members)s village sisters look after the grid zones of %(villages_covered)s villages "
            "and communities of %(place)s. Each zone has a name beside it, and each household knows whom to turn to. "
            "The county pays every one of them %(subsidy_per_member_month)s yuan a month out of its yearly budget."
        )),
        (_("The people"), _(
            "Who proves herself goes on. %(party_activists)s village sisters became applicants for the Party and "
            "%(party_members)s became members; %(delegates)s were elected delegate or committee member, and "
            "%(village_cadres)s entered the two committees of their village or its reserve. From among their "
            "neighbours they recommended %(role_models)s role models, good mothers-in-law and good daughters-in-law "
            "first."
        )),
        (_("Civility"), _(
            "Courtyards and customs changed from door to door. %(model_households)s households were chosen as "
            "beautiful courtyards or clean, civil households; %(simple_ceremonies)s weddings, funerals and feasts "
            "were kept modest or left out; %(family_campaigns)s activities chose most beautiful and civil families."
        )),
        (_("Peace and safety"), _(
            "Small matters were settled before they grew: %(disputes_mediated)s disputes were mediated. In %(year)s "
            "the village sisters reported %(hazards_reported)s hazards upward, each followed until it was closed."
        )),
        (_("Care"), _(
            "Those who are left at home are looked in on: %(elderly_visits)s visits to elderly people who are alone "
            "or left behind, and %(children_visits)s visits to children whose parents work far away."
        )),
    ]  # fmt: skip


class _Writer:
    """Sets the report as a text document of A4, in memory."""

    def __init__(self, report: CaseReport, origin: str) -> None:
        self.report, self.origin = report, origin
        self.document: Any = Document()
        section = self.document.sections[0]
        section.page_width, section.page_height = Cm(21), Cm(29.7)
        section.left_margin = section.right_margin = Cm(2.7)
        section.top_margin = section.bottom_margin = Cm(2.5)
        style = self.document.styles["Normal"]
        style.font.name, style.font.size = BODY, Pt(14)
        style.element.get_or_add_rPr().get_or_add_rFonts().set(qn("w:eastAsia"), BODY)
        told = self.document.core_properties
        told.title, told.author, told.language = report.title, "cunsao", translation.get_language()

    def content(self) -> bytes:
        self._heading(self.report.title, 20)
        self._heading(self.report.subtitle, 12)
        for heading, pieces in self.report.paragraphs:
            paragraph = self.document.add_paragraph()
            paragraph.paragraph_format.first_line_indent = Pt(28)
            paragraph.paragraph_format.line_spacing = 1.5
            paragraph.paragraph_format.space_after = Pt(0)
            self._run(paragraph, f"{heading}　", HEADINGS)
            for piece in pieces:
                self._piece(paragraph, piece)
        self._heading(_("Table of figures"), 14)
        self._table()
        held = io.BytesIO()
        self.document.save(held)
        return held.getvalue()

    def _heading(self, text: str, size: int) -> None:
        paragraph = self.document.add_paragraph()
        paragraph.alignment = WD_ALIGN_PARAGRAPH.CENTER
        self._run(paragraph, text, HEADINGS).font.size = Pt(size)

    def _run(self, paragraph: Any, text: str, font: str = BODY) -> Any:
        run = paragraph.add_run(text)
        run.font.name = font
        run._element.get_or_add_rPr().get_or_add_rFonts().set(qn("w:eastAsia"), font)
        return run

    def _piece(self, paragraph: Any, piece: Piece) -> None:
        run = self._run(paragraph, piece.text)
        if not piece.key:
            return
        run.bold = True
        if piece.address and self.origin:
            place = self.document.part.relate_to(
                self.origin + piece.address, RELATIONSHIP_TYPE.HYPERLINK, is_external=True
            )
            link = OxmlElement("w:hyperlink")
            link.set(qn("r:id"), place)
            paragraph._p.append(link)
            link.append(run._element)

    def _table(self) -> None:
        heads = [_("No."), _("Figure"), _("How many"), _("Unit of counting")]
        table = self.document.add_table(rows=1, cols=len(heads), style="Table Grid")
        for cell, text in zip(table.rows[0].cells, heads, strict=True):
            self._cell(cell, text, HEADINGS)
        for row in self.report.rows:
            told = [str(row.number), row.label, row.shown, row.figure.unit]
            for cell, text in zip(table.add_row().cells, told, strict=True):
                self._cell(cell, text)
        for column, width in zip(table.columns, (Cm(1.4), Cm(8.6), Cm(3.2), Cm(2.4)), strict=True):
            for cell in column.cells:
                cell.width = width

    def _cell(self, cell: Any, text: str, font: str = BODY) -> None:
        self._run(cell.paragraphs[0], text, font).font.size = Pt(11)
