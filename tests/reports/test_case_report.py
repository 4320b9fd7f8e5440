import io
import json
from datetime import date
from pathlib import Path

import pytest
from django.core.management import call_command
from django.urls import reverse
from docx import Document

from councils.models import Action, Change
from reports import indicators
from reports.case_report import CaseReport
from tests.factories import (
    make_account,
    make_chair,
    make_county,
    make_rate,
    make_township,
    make_worker,
    villages_of,
)

pytestmark = pytest.mark.django_db
DAY = date(2022, 8, 31)


@pytest.fixture
def county():
    county = make_county()
    make_rate(county)
    for township in (make_township(county, villages=1), make_township(county, villages=1)):
        make_worker(villages_of(township)[0], elderly=78, wedding=14)
    return county


def words(document):
    return "\n".join("".join(run.text for run in each.iter_inner_content()) for each in document.paragraphs)


def test_every_figure_of_the_table_stands_in_a_sentence_too(county):
    report = CaseReport(county, DAY)
    named = [piece.key for _heading, pieces in report.paragraphs for piece in pieces if piece.key]
    assert sorted(named) == sorted(indicators.CASE_REPORT)


def test_it_says_what_the_command_says(county, capsys):
    call_command("case_report", as_of="2022-08-31", json=True)
    printed = json.loads(capsys.readouterr().out)
    told = {indicators.CASE_REPORT[row.number - 1]: row.figure.value for row in CaseReport(county, DAY).rows}
    assert told == printed
    assert (printed["elderly_visits"], printed["simple_ceremonies"], printed["members"]) == (156, 28, 2)


def test_each_number_leads_to_its_records(client, county, staff):
    page = client.get(reverse("case_report"), {"place": "", "day": "2022-08-31"})
    report = page.context["report"]
    pieces = [piece for _heading, pieces in report.paragraphs for piece in pieces if piece.key]
    assert all(piece.address for piece in pieces)
    for piece in pieces:
        assert client.get(piece.address).status_code == 200
        assert f'<a href="{piece.address}">{piece.text}</a>' in page.content.decode()


def test_the_document_says_the_figures_in_sentences_and_in_a_table(client, county, staff):
    answer = client.get(reverse("case_report"), {"place": "", "day": "2022-08-31", "format": "docx"})
    document = Document(io.BytesIO(b"".join(answer)))
    said, report = words(document), CaseReport(county, DAY)
    assert "156人次" in said
    assert "28件次" in said
    (table,) = document.tables
    rows = [[cell.text for cell in row.cells] for row in table.rows][1:]
    assert [row[2] for row in rows] == [report.shown(key) for key in indicators.CASE_REPORT]
    links = [each.reltype for each in document.part.rels.values()]
    assert sum(each.endswith("/hyperlink") for each in links) == len(indicators.CASE_REPORT)
    assert Change.objects.filter(action=Action.EXPORTED, actor=staff).exists()


def test_a_place_and_a_day_are_chosen(client, county, staff):
    township = county.children.first()
    report = client.get(reverse("case_report"), {"place": township.name, "day": "2022-08-09"}).context["report"]
    assert (report.council, report.figures["elderly_visits"].value, report.figures["members"].value) == (township, 0, 1)


@pytest.mark.parametrize("asked", [{"day": "2099-01-01"}, {"day": "x"}, {"place": "无名镇"}])
def test_what_cannot_be_told_is_refused_in_words(client, staff, asked):
    answer = client.get(reverse("case_report"), asked)
    assert answer.status_code == 400
    assert 'role="alert"' in answer.content.decode()


def test_what_lies_outside_is_not_told_of(client, county):
    one, other = county.children.all()
    client.force_login(make_chair(one))
    for place in (other.name, other.code, county.name, county.code, villages_of(other)[0].name):
        assert client.get(reverse("case_report"), {"place": place, "day": "2022-08-31"}).status_code == 400


def test_a_villages_president_has_hers(client, county):
    village = villages_of(county.children.first())[0]
    client.force_login(make_account(village))
    assert client.get(reverse("case_report")).context["report"].council == village


def test_no_figure_is_typed_in():
    text = (Path(indicators.__file__).parents[1] / "case_report.py").read_text(encoding="utf-8")
    for number in ("4240", "4,240", "349", "3590", "306", "14244", "2747", "5902", "2492"):
        assert number not in text
