from datetime import date

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.urls import reverse

from members import chapters
from members.chapters import Entry, chapter, story
from members.joining import leave
from members.merging import merge
from members.models import Member, Payment, ZoneAssignment
from members.transferring import transfer
from tests.factories import make_account, make_member, make_sent, make_township, make_village, make_zone, villages_of

pytestmark = pytest.mark.django_db


def test_her_story_is_one_line_the_newest_first():
    here, there = villages_of(make_township(villages=2))
    member, chair = make_member(here), make_account(here.parent)
    ZoneAssignment.objects.create(member=member, zone=make_zone(here), start=date(2022, 6, 1), primary=True)
    transfer(member, there, date(2023, 1, 1), chair)
    merge(member, make_member(there), None)
    leave(member, date(2024, 1, 31), "resigned", chair)
    told = story(member, chair)
    assert [each.day for each in told] == sorted((each.day for each in told), reverse=True)
    assert {each.icon for each in told} == {"member", "post", "zone", "move", "merge"}
    assert not any(each.runs for each in told)
    (last,) = [each for each in told if each.icon == "member" and each.where == str(there)]
    assert (str(last.until), bool(last.note)) == ("2024-01-31", True)


def test_only_who_may_end_a_term_finds_the_way_there():
    (village,) = villages_of(make_township(villages=1))
    member = make_member(village, zone_id=make_zone(village).pk)
    chair, auditor = make_account(village.parent), make_account(village.parent, "auditor")
    assert sum(bool(each.address) for each in story(member, chair)) == 2
    assert not any(each.address for each in story(member, auditor))


def test_a_waiting_transfer_is_told_to_both_sides_and_nobody_else():
    here, there, beside = (make_village(make_township()) for _each in range(3))
    member = make_member(here)
    transfer(member, there, date(2023, 1, 1), make_account(here.parent))
    waiting = [each for each in story(member, make_account(there.parent)) if each.icon == "move"]
    assert [each.runs for each in waiting] == [True]
    assert story(member, make_account(beside.parent)) == []


def test_what_later_work_adds_stands_in_the_same_line(client, monkeypatch):
    monkeypatch.setattr(chapters, "_CHAPTERS", [*chapters._CHAPTERS])
    (village,) = villages_of(make_township(villages=1))
    make_member(village)
    client.force_login(make_account(village.parent))

    @chapter
    def honours(member, reader):
        yield Entry(date(2023, 3, 8), "三八红旗手", "县妇联", "change")

    page = client.get(reverse("member", args=[Member.objects.get().pk]))
    assert page.context["entries"][0].what == "三八红旗手"
    assert "三八红旗手" in page.text


def test_her_story_is_narrowed_to_one_kind_and_printed_so(client):
    (village,) = villages_of(make_township(villages=1))
    member = make_member(village, zone_id=make_zone(village).pk)
    client.force_login(make_account(village.parent))
    whole = client.get(reverse("member", args=[member.pk])).context
    assert {each.name: each.number for each in whole["kinds"]} == {"member": 1, "post": 1, "zone": 1}
    assert (len(whole["entries"]), whole["chosen"]) == (3, "")
    narrowed = client.get(reverse("member", args=[member.pk]) + "?kind=zone").context
    assert [each.icon for each in narrowed["entries"]] == ["zone"]
    assert len(client.get(reverse("member", args=[member.pk]) + "?kind=nonsense").context["entries"]) == 3
    (paper,) = client.get(reverse("print_member", args=[member.pk]) + "?kind=zone").context["pages"]
    assert len(paper.rows) == 1


def test_payments_are_told_to_who_may_look_at_them():
    roster = make_sent(members=1)
    payroll_settled(roster)
    member = Member.objects.get()
    kinds = {
        role: [each.icon for each in story(member, make_account(place, role))].count("payment")
        for role, place in (
            ("county_staff", roster.township.parent), ("county_finance", roster.township.parent),
            ("township_chair", roster.township), ("village_president", villages_of(roster.township)[0]),
        )
    }  # fmt: skip
    assert kinds == {"county_staff": 1, "county_finance": 1, "township_chair": 1, "village_president": 0}
    assert story(member, make_account(make_township())) == []


def test_a_longer_story_costs_no_more_queries():
    (village,) = villages_of(make_township(villages=1))
    member, chair = make_member(village), make_account(village.parent)
    counts = []
    for _round in range(3):
        ZoneAssignment.objects.create(member=member, zone=make_zone(village), start=date(2022, 6, 1))
        with CaptureQueriesContext(connection) as asked:
            story(member, chair)
        counts.append(len(asked))
    assert len(set(counts)) == 1, counts


def payroll_settled(roster):
    Payment.objects.filter(roster=roster).update(state="paid", day=date(2022, 9, 5))
