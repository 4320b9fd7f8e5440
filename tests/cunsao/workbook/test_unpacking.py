import pytest

from cunsao import workbook
from cunsao.workbook.unpacking import MOST_ENTRIES, STEP
from tests.cunsao.workbook.made import FIRST_CELL, HEAD, xlsx


def refusal_of(content):
    with pytest.raises(workbook.FileRefused) as refusal:
        workbook.open(content)
    return refusal.value


@pytest.mark.parametrize(
    "prolog",
    [
        '<?xml version="1.0"?><!DOCTYPE worksheet>',
        f'{HEAD}<!DOCTYPE w SYSTEM "file:///etc/passwd">',
        '<?xml version="1.0" encoding="UTF-7"?>',
        '<?xml version="1.0" encoding="cp037"?>',
    ],
)
def test_xml_with_a_document_type_or_a_hiding_place_for_one_is_refused(prolog):
    assert refusal_of(xlsx(FIRST_CELL, prolog=prolog)).code == "unreadable_file"


def test_a_document_type_in_utf_16_is_refused():
    part = '<?xml version="1.0" encoding="UTF-16"?><!DOCTYPE w><w/>'.encode("utf-16")
    assert refusal_of(xlsx(FIRST_CELL, parts={"docProps/app.xml": part})).code == "unreadable_file"


@pytest.mark.parametrize("part", ["docProps/app.xml", "xl/worksheets/sheet1.xml"])
@pytest.mark.parametrize("before", range(1, 9))
def test_a_document_type_across_two_steps_is_refused(part, before):
    xml = " " * (STEP - before) + "<!DOCTYPE w><w/>"  # not packed, so that a step of the file is one of the XML
    assert refusal_of(xlsx(FIRST_CELL, parts={part: xml}, packed=False)).code == "unreadable_file"


def test_a_text_that_speaks_of_document_types_is_read():
    book = workbook.open(xlsx('<row r="1"><c r="A1" t="inlineStr"><is><t>&lt;!DOCTYPE</t></is></c></row>'))
    assert book.sheets[0].rows[0].cells == ["<!DOCTYPE"]


def test_a_picture_may_bring_its_own_document_type():
    assert workbook.open(xlsx(FIRST_CELL, parts={"xl/media/image1.svg": "<!DOCTYPE svg><svg/>"})).sheets


def test_too_many_entries_are_too_large():
    assert refusal_of(xlsx(FIRST_CELL, parts={f"{n}": "" for n in range(MOST_ENTRIES)})).code == "too_large"


@pytest.mark.parametrize(
    ("xml", "shown"),
    [
        ('<c r="B1" t="e"><v>#N/A</v></c>', "#N/A"),
        ("<c t='e' r='B1'><f>1/0</f><v>#DIV/0!</v></c>", "#DIV/0!"),
        ('<x:c r="B1" t="e"><x:v>#REF!</x:v></x:c>', "#REF!"),
        ('<c r="B1"><f>A1*2</f></c>', ""),
        ('<c r="B1"><f>A1*2</f><v/></c>', ""),
        ('<c r="B1"><f t="shared" si="0"/></c>', ""),
        ('<c r="B1">\n <f>A1*2</f>\n <v></v>\n</c>', ""),
    ],
)
def test_a_cell_without_its_value_is_a_fault(xml, shown):
    rows = f'<row r="1"><c r="A1"><v>1</v></c>{xml}<c r="C1"><v>3</v></c></row>'
    book = workbook.open(xlsx(rows, before='<cols xmlns:x="urn:x"/>'))
    assert book.sheets[0].rows[0].cells == [1, workbook.Fault(shown), 3]


@pytest.mark.parametrize(
    ("xml", "value"),
    [
        ('<c r="B1"><f>A1*2</f><v>2</v></c>', 2),
        ('<c r="B1" t="str"><f>IF(A1,"","x")</f><v></v></c>', ""),
        ('<c r="B1" t="inlineStr"><is><t>t="e"</t></is></c>', 't="e"'),
    ],
)
def test_a_cell_with_its_value_is_no_fault(xml, value):
    book = workbook.open(xlsx(f'<row r="1"><c r="A1"><v>1</v></c>{xml}<c r="C1"><v>3</v></c></row>'))
    assert book.sheets[0].rows[0].cells == [1, value, 3]


def test_faults_are_found_in_every_row_of_a_long_sheet():
    rows = (
        f'<row r="{n}"><c r="A{n}"><v>{n}</v></c><c r="B{n}" t="e"><v>#N/A</v></c></row>'.encode()
        for n in range(1, 9_001)
    )
    book = workbook.open(xlsx(rows))
    assert [row.cells for row in book.sheets[0].rows] == [[n, workbook.Fault("#N/A")] for n in range(1, 9_001)]
