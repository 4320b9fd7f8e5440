from datetime import timedelta

import pytest
from django.db import connection
from django.utils import timezone

from councils import audit, intake
from councils.models import Batch, BatchPage, Change
from cunsao import workbook
from members.models import Member
from tests.factories import make_account, make_township, make_village
from tests.members.lists import HEADER, imported, person, sheet_of

pytestmark = pytest.mark.django_db


@pytest.fixture
def village():
    return make_village(make_township(name="江口镇"), name="振兴村委会")


def staged(rows, by=None):
    content = sheet_of(rows)
    return intake.stage(intake.review("register", workbook.open(content, "list.xlsx"), by), content, by)


def test_staging_writes_no_member_and_keeps_numbers_sealed(village):
    row = person("江口镇", "振兴村")
    batch = staged([HEADER, row])
    assert not Member.objects.exists()
    with connection.cursor() as cursor:
        cursor.execute("SELECT rows FROM councils_batchpage")
        stored = [bytes(found[0]) for found in cursor.fetchall()]
        cursor.execute("SELECT content FROM councils_batch")
        stored += [bytes(found[0]) for found in cursor.fetchall()]
    assert not any(row[3].encode() in each or row[4].encode() in each for each in stored)
    assert not [each for each in Change.objects.filter(record="councils.batch") if row[3] in str(each.fields)]
    assert intake.lines_of(batch)[0].values["national_id"] == row[3]


def test_a_batch_is_kept_in_pages_of_fifty(village):
    batch = staged([HEADER, *(person("江口镇", "振兴村") for _each in range(51))])
    assert batch.pages.count() == 2
    assert len(intake.lines_of(batch, [0])) == 50
    assert [line.row for line in intake.lines_of(batch, [1])] == [52]


def test_a_batch_is_applied_once(village):
    batch = staged([HEADER, person("江口镇", "振兴村")])
    intake.apply(batch, None)
    with pytest.raises(intake.BatchRefused):
        intake.apply(batch, None)
    assert Member.objects.count() == 1


def test_a_batch_is_its_uploaders_to_apply(village):
    chair, other = make_account(village.parent), make_account(village.parent)
    batch = staged([HEADER, person("江口镇", "振兴村")], chair)
    for by in (other, make_account(make_township(name="谢桥镇"))):
        with pytest.raises(intake.BatchRefused):
            intake.apply(batch, by)
    assert intake.apply(batch, chair).batch.created == 1


def test_an_upload_that_nobody_applied_expires_with_its_file(village):
    batch = staged([HEADER, person("江口镇", "振兴村")])
    Batch.objects.filter(pk=batch.pk).update(at=timezone.now() - timedelta(days=8))
    with pytest.raises(intake.BatchRefused):
        intake.apply(batch, None)
    staged([HEADER, person("江口镇", "振兴村")])
    batch.refresh_from_db()
    assert (batch.state, batch.content, batch.pages.count()) == ("expired", None, 0)
    assert BatchPage.objects.count() == 1


def test_who_was_entered_meanwhile_is_told_row_by_row(village):
    both, later = person("江口镇", "振兴村"), person("江口镇", "振兴村")
    first, second = staged([HEADER, both]), staged([HEADER, both, later])
    intake.apply(first, None)
    done = intake.apply(second, None)
    assert [(each.row, each.code) for each in done.overtaken] == [(2, "overtaken")]
    assert (done.batch.created, done.batch.rejected) == (1, 1)
    assert Member.objects.count() == 2
    assert [line.verdict for line in intake.lines_of(done.batch)] == ["refused", "new"]


def test_of_two_changes_of_one_woman_the_later_is_told_that_it_was_overtaken(village):
    row = person("江口镇", "振兴村")
    imported([HEADER, row])
    wanted = [[*row[:4], phone, *row[5:]] for phone in ("13900000000", "13911111111")]
    first, second = (staged([HEADER, each]) for each in wanted)
    intake.apply(second, None)
    done = intake.apply(first, None)
    assert [(each.row, each.code) for each in done.overtaken] == [(2, "overtaken")]
    assert (done.batch.updated, done.batch.rejected) == (0, 1)
    assert Member.objects.get().phone == "13911111111"


def test_each_record_that_a_list_makes_has_its_entry_as_if_it_were_saved_by_hand(village):
    imported([HEADER, person("江口镇", "振兴村", zone="东网格", position="理事")])
    member = Member.objects.get()
    records = [member, *member.memberships.all(), *member.posts.all(), *member.zone_assignments.all()]
    assert len(records) == 4
    for record in records:
        entry = audit.history(record).get()
        own = {name: pair for name, pair in entry.fields.items() if isinstance(pair, list)}
        if record != member:
            own = entry.fields[record._meta.label_lower] | {"member": [None, str(entry.record_id)]}
            assert own.pop("id") == record.pk
        assert own == audit.differences({}, record.audit_values())
        assert (entry.action, entry.council, entry.record_name) == ("created", village, "王小梅")
        assert entry.actor_name == audit.history(Batch.objects.get()).first().actor_name


def test_undo_takes_away_who_came_and_gives_back_what_was(village):
    old = person("江口镇", "振兴村", zone="东网格")
    imported([HEADER, old])
    anew = person("江口镇", "振兴村", number=old[3], phone="13900000000", zone="西网格", position="理事")
    batch = imported([HEADER, anew, person("江口镇", "振兴村")]).batch
    assert Member.objects.count() == 2
    assert intake.undo(batch, None) == []
    member = Member.objects.get()
    assert member.phone == old[4]
    assert member.posts.get(end=None).position == "member"
    assert member.zone_assignments.get(end=None).zone.name == "东网格"
    batch.refresh_from_db()
    assert batch.state == "undone"


def test_undo_leaves_and_names_who_was_edited_since(village):
    batch = imported([HEADER, person("江口镇", "振兴村", "李秀英"), person("江口镇", "振兴村")]).batch
    edited = Member.objects.get(name="李秀英")
    edited.remark = "腿伤"
    edited.save()
    assert intake.undo(batch, None) == ["李秀英"]
    assert [each.name for each in Member.objects.all()] == ["李秀英"]
