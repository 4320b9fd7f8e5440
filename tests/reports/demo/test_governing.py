import io

import pytest

from cunsao import documents
from members.imports.advancements import STEPS
from members.models.advancement import STAGE_OF
from reports.demo import governing, ledgers
from reports.demo.people import Draw, people
from tests.reports.demo.test_people import DAY, VILLAGES

pytestmark = pytest.mark.once


@pytest.fixture(scope="module")
def rows():
    invented = ledgers.Invented(VILLAGES, people(VILLAGES))
    joined = {each.national_id: each.joined_on for each in invented.people}
    found = list(governing.advancements(invented, Draw(9)))
    assert all(joined[row["national_id"]] <= row["day"] <= DAY for row in found)
    return found


def test_the_published_figures_are_distinct_women(rows):
    words = {word: STAGE_OF[step] for step, told in STEPS.items() for word in told}
    persons = {stage: set() for stage in STAGE_OF.values()}
    for row in rows:
        persons[words[row["step"]]].add(row["national_id"])
    assert {stage.value: len(found) for stage, found in persons.items()} == {
        "applicant": 306, "party": 51, "delegate": 204, "cadre": 130,
    }  # fmt: skip
    assert len(rows) > 306 + 51 + 204 + 130  # some hold two seats, and count once


def test_an_invented_charter_is_a_document_that_is_kept():
    content = governing.document("章程 & 制度", ["第一条 <甲>"])
    assert documents.known(io.BytesIO(content)).ending == "docx"
