import io
import re
from datetime import timedelta

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.urls import reverse
from django.utils import timezone
from openpyxl import load_workbook

from councils import intake
from councils.models import Batch, Change
from cunsao import workbook
from members.models import Member
from tests.cunsao.workbook.hostile import FILES
from tests.cunsao.workbook.made import ole2
from tests.factories import make_account, make_number, make_staff, make_township, make_village, the_county
from tests.members.lists import HEADER, person, sheet_of

pytestmark = pytest.mark.django_db
UPLOAD = "/imports/register/"
QUERIES = {"staged": [6, 6, 4, 4], "applied": [5, 5, 3, 3]}  # new, refused, same, warnings: none has no page


@pytest.fixture
def village():
    return make_village(make_township(name="江口镇"), name="振兴村委会")


@pytest.fixture
def chair(client, village):
    account = make_account(village.parent)
    client.force_login(account)
    return account


def row(name="王小梅", **given):
    return person("江口镇", "振兴村", name, **given)


def uploaded(client, rows, name="六月.xlsx", **said):
    """The answer to an upload of these rows, or of a file's bytes."""
    content = rows if isinstance(rows, bytes) else sheet_of([HEADER, *rows])
    return client.post(UPLOAD, {"file": SimpleUploadedFile(name, content), **said})


def staged(rows, by, name="六月.xlsx"):
    content = sheet_of([HEADER, *rows])
    return intake.stage(intake.review("register", workbook.open(content, name), by), content, by)


def deed(client, batch, name):
    return client.post(reverse("batch_deed", args=[batch.pk, name]))


def look(client, batch, tab="", page=""):
    return client.get(reverse("batch", args=[batch.pk]), {"tab": tab, "page": page})


def test_an_upload_leads_to_what_is_in_it_and_enters_nobody(client, chair):
    answer = uploaded(client, [row(), row("")])
    batch = Batch.objects.get()
    assert answer.url == reverse("batch", args=[batch.pk])
    assert not Member.objects.exists()
    page = look(client, batch)
    assert {name: count for name, _label, count in page.context["tabs"]} == {
        "new": 1, "changed": 0, "same": 0, "refused": 1, "warnings": 0,
    }  # fmt: skip
    assert page.context["tab"] == "refused"


def test_what_is_applied_is_in_the_register_and_pressing_twice_changes_nothing(client, chair):
    batch = staged([row(), row("李秀英"), row("")], chair)
    for _press in range(2):
        answer = client.post(reverse("batch_deed", args=[batch.pk, "apply"]), follow=True)
        assert answer.status_code == 200
        assert not [said for said in answer.context["messages"] if said.level_tag == "error"]
        assert answer.templates[0].name == "councils/batch.html"
    assert Member.objects.count() == 2
    batch.refresh_from_db()
    assert (batch.state, batch.created, batch.rejected) == ("applied", 2, 1)


def test_a_second_tab_that_would_discard_what_the_first_applied_is_told(client, chair):
    batch = staged([row()], chair)
    deed(client, batch, "apply")
    answer = client.post(reverse("batch_deed", args=[batch.pk, "discard"]), follow=True)
    assert [said.level_tag for said in answer.context["messages"]] == ["error"]
    batch.refresh_from_db()
    assert batch.state == "applied"


def test_two_tabs_with_overlapping_lists_enter_each_person_once_and_name_the_row(client, chair):
    both = row("张桂兰")
    first, second = staged([both], chair), staged([both, row("李秀英")], chair)
    deed(client, first, "apply")
    deed(client, second, "apply")
    assert sorted(Member.objects.values_list("name", flat=True)) == ["张桂兰", "李秀英"]
    page = look(client, second, "refused")
    assert [(each.row, each.name) for each in page.context["rows"]] == [(2, "张桂兰")]
    assert [len(look(client, second, tab).context["rows"]) for tab in ("new", "refused")] == [1, 1]


def test_discarding_takes_rows_and_file_away_and_keeps_that_it_was_there(client, chair):
    batch = staged([row()], chair)
    answer = deed(client, batch, "discard")
    assert answer.url == UPLOAD
    batch.refresh_from_db()
    assert (batch.state, batch.content, batch.pages.count()) == ("discarded", None, 0)
    assert look(client, batch).status_code == 200


def test_taking_back_shows_before_whom_it_will_leave_alone(client, chair):
    batch = staged([row("李秀英"), row("王小梅")], chair)
    deed(client, batch, "apply")
    edited = Member.objects.get(name="李秀英")
    edited.remark = "腿伤"
    edited.save()
    before = Change.objects.count()
    page = client.get(reverse("batch_deed", args=[batch.pk, "undo"]))
    assert page.context["left"] == ["李秀英"]
    assert (Member.objects.count(), Change.objects.count()) == (2, before)
    for _press in range(2):
        page = client.post(reverse("batch_deed", args=[batch.pk, "undo"]), follow=True)
    assert [each.name for each in Member.objects.all()] == ["李秀英"]
    assert "李秀英" in page.text
    assert not [said for said in page.context["messages"] if said.level_tag == "error"]


def test_no_number_stands_whole_on_any_page(client, chair):
    known, typo = row("张桂兰"), row("李秀英", number="341226198001010000")
    deed(client, staged([known], chair), "apply")
    changed = row("张桂兰", number=known[3], phone="13900001234")
    misplaced = row(make_number(), number=make_number())
    batch = staged([changed, typo, misplaced, row("陈桂芳")], chair)
    whole = re.compile(r"\d{17}[\dX]|1\d{10}")
    for state in ("staged", "applied"):
        batch.refresh_from_db()
        assert batch.state == state
        for tab in ("new", "changed", "same", "refused", "warnings"):
            page = look(client, batch, tab)
            assert not [found for found in whole.findall(page.text) if found not in batch.digest], tab
        deed(client, batch, "apply")
    shown = {each.row: each for each in look(client, batch, "refused").context["rows"]}
    assert shown[3].faults[0].typed == "341226********0000"
    assert shown[3].faults[0].address == "D3"
    assert look(client, batch, "changed").context["rows"][0].changes == [("联系电话", "138****5678", "139****1234")]


@pytest.mark.parametrize("role", ["county_staff", "county_finance", "auditor", "system_administrator"])
def test_a_staged_list_is_its_uploaders_alone(client, chair, role):
    batch = staged([row()], chair)
    client.force_login(make_staff(the_county(), role))
    for address in ("batch", "marked_workbook"):
        assert client.get(reverse(address, args=[batch.pk])).status_code in (403, 404)
    for name in ("apply", "discard", "undo"):
        assert deed(client, batch, name).status_code in (403, 404)
    assert batch.file_name not in client.get(reverse("admin:councils_batch_changelist")).content.decode()
    batch.refresh_from_db()
    assert batch.state == "staged"


def test_an_auditor_reads_what_was_applied_and_changes_nothing(client, chair):
    batch = staged([row(), row("")], chair)
    deed(client, batch, "apply")
    client.force_login(make_staff(the_county(), "auditor"))
    assert "王小梅" in look(client, batch, "new").text
    assert client.get(reverse("marked_workbook", args=[batch.pk])).status_code == 404
    assert client.get(UPLOAD).status_code == 403
    assert deed(client, batch, "undo").status_code == 403
    assert client.get(reverse("imports")).url == reverse("admin:councils_batch_changelist")
    assert Member.objects.count() == 1


def test_the_neighbours_list_is_not_there(client, chair):
    batch = staged([row()], chair)
    deed(client, batch, "apply")
    client.force_login(make_account(make_township(name="谢桥镇")))
    assert look(client, batch).status_code == 404
    assert deed(client, batch, "undo").status_code == 404
    assert Member.objects.count() == 1


@pytest.mark.parametrize("state", ["staged", "applied"])
@pytest.mark.parametrize("pages", [1, 3])
def test_a_longer_list_costs_no_more_queries(client, chair, pages, state):
    rows = [row("" if at % 3 == 0 else "王小梅") for at in range(pages * 50)]
    batch = staged(rows, chair)
    if state == "applied":
        deed(client, batch, "apply")
    look(client, batch)
    counted = []
    for tab in ("new", "refused", "same", "warnings"):
        with CaptureQueriesContext(connection) as queries:
            look(client, batch, tab, "1")
        counted.append(len(queries))
    assert counted == QUERIES[state]


def test_a_tab_opens_only_the_pages_that_hold_its_rows(chair, monkeypatch):
    rows = [row("" if at in (60, 160) else "王小梅") for at in range(200)]
    batch = staged(rows, chair)
    opened = []
    original = intake.showing.lines_of
    monkeypatch.setattr(intake.showing, "lines_of", lambda batch, pages: opened.extend(pages) or original(batch, pages))
    assert [each.row for each in intake.Sight(batch).rows("refused", 1)] == [62, 162]
    assert opened == [1, 3]
    assert [each.row for each in intake.Sight(batch).rows("new", 4)] == [*range(153, 162), *range(163, 202)]
    assert opened == [1, 3, 3]


def test_the_workbook_comes_back_marked_and_the_trail_knows(client, chair):
    batch = staged([row(), row("")], chair)
    answer = client.get(reverse("marked_workbook", args=[batch.pk]))
    assert answer.headers["Content-Disposition"].startswith("attachment")
    sheet = load_workbook(io.BytesIO(b"".join(answer.streaming_content))).active
    assert sheet["C3"].fill.fgColor.rgb == "FFFFC7CE"
    assert sheet.cell(3, len(HEADER) + 1).value
    assert Change.objects.get(action="exported").record_id == batch.pk


def test_the_mended_workbook_is_taken(client, chair):
    batch = staged([row(), row("")], chair)
    deed(client, batch, "apply")
    file = io.BytesIO(b"".join(client.get(reverse("marked_workbook", args=[batch.pk])).streaming_content))
    book = load_workbook(file)
    book.active["C3"] = "李秀英"
    mended = io.BytesIO()
    book.save(mended)
    uploaded(client, mended.getvalue())
    latest = Batch.objects.first()
    assert (latest.created, latest.unchanged, latest.rejected) == (1, 1, 0)


def test_the_same_file_again_is_recognised_and_changes_nothing(client, chair):
    content = sheet_of([HEADER, row()])
    uploaded(client, content)
    first = Batch.objects.get()
    deed(client, first, "apply")
    uploaded(client, content, "另存.xlsx")
    page = look(client, Batch.objects.first())
    assert page.context["earlier"] == first
    assert chair.full_name in page.text
    assert (page.context["good"], page.context["refused"]) == (0, 0)


def test_an_upload_waits_seven_days_for_who_brought_it(client, chair, village):
    batch = staged([row()], chair, "待办.xlsx")
    staged([row()], make_account(village.parent), "别人.xlsx")
    page = client.get(UPLOAD)
    assert [each.pk for each in page.context["waiting"]] == [batch.pk]
    Batch.objects.filter(pk=batch.pk).update(at=timezone.now() - timedelta(days=8))
    assert not client.get(UPLOAD).context["waiting"]
    answer = client.post(reverse("batch_deed", args=[batch.pk, "apply"]), follow=True)
    assert not Member.objects.exists()
    assert [said.level_tag for said in answer.context["messages"]] == ["error"]


@pytest.mark.parametrize("rows", [1, 3])
def test_the_upload_page_costs_the_same_with_more_that_waits(client, chair, rows, django_assert_num_queries):
    for _each in range(rows):
        staged([row()], chair)
    client.get(UPLOAD)
    with django_assert_num_queries(4):
        client.get(UPLOAD)


QUICK = ["a bomb", "ten thousand entries", "a billion laughs", "merged to the end"]
BAD = {name: FILES[name][0] for name in QUICK} | {
    "pdf": lambda: b"%PDF-1.7 no list", "password": lambda: ole2("EncryptedPackage"), "empty": lambda: b"",
    "cut off": lambda: sheet_of([HEADER, row()])[:900], "no header": lambda: sheet_of([["会议记录"], ["第一项"]]),
    "over the cap": lambda: b"x" * (workbook.MOST_UPLOADED + 1),
    "a flood": lambda: b"x" * (workbook.MOST_UPLOADED + 2_000_000),
}  # fmt: skip


@pytest.mark.parametrize("name", BAD)
def test_a_file_that_is_no_list_is_refused_on_the_upload_page(client, chair, name):
    answer = uploaded(client, BAD[name](), whole="named")
    assert answer.status_code == 400
    assert len(answer.context["form"].errors["file"]) == 1
    assert len(answer.context["form"].errors["file"][0]) > 10
    assert answer.context["form"]["whole"].value() == "named"
    assert not Batch.objects.exists()


def test_nothing_chosen_is_said_so(client, chair):
    answer = client.post(UPLOAD, {})
    assert (answer.status_code, len(answer.context["form"].errors["file"])) == (400, 1)


def test_of_a_whole_list_the_missing_are_named_with_the_form_to_end_their_time(client, chair, village):
    stays, gone = row("王小梅"), row("陈桂芳")
    deed(client, staged([stays, gone], chair), "apply")
    uploaded(client, [stays], whole=village.parent.code)
    batch = Batch.objects.first()
    page = look(client, batch, "absent")
    assert [each.name for each in page.context["missing"]] == ["陈桂芳"]
    assert reverse("member_deed", args=[Member.objects.get(name="陈桂芳").pk, "leave"]) in page.text
    assert page.context["tabs"][-1][2] == 1
    deed(client, batch, "apply")
    assert Member.objects.serving().count() == 2


def test_a_chair_may_not_call_a_list_whole_of_another_township(client, chair):
    other = make_township(name="谢桥镇")
    assert uploaded(client, [row()], whole=other.code).status_code == 400


@pytest.mark.parametrize("query", ["?tab=nonsense", "?page=0", "?page=-1", "?page=99999999", "?tab=new&page=x"])
def test_a_mistyped_address_shows_the_nearest_page(client, chair, query):
    batch = staged([row()], chair)
    page = client.get(reverse("batch", args=[batch.pk]) + query)
    assert len(page.context["rows"]) == 1


def test_an_unknown_kind_and_an_unknown_deed_are_not_there(client, chair):
    batch = staged([row()], chair)
    assert client.get("/imports/nonsense/").status_code == 404
    assert deed(client, batch, "nonsense").status_code == 404
