import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.urls import reverse

from members.gaps import by_topic, gaps
from tests.factories import make_account, make_member, make_township, make_village, make_zone, the_county, villages_of

pytestmark = pytest.mark.django_db


def counted(user):
    """Of the net itself; what ledgers find missing is tested with them."""
    return [kind.number for kind in gaps(user)][:4]


def test_each_hole_is_listed_until_it_is_mended():
    township = make_township(villages=1)
    (village,) = villages_of(township)
    chair = make_account(township)
    zone = make_zone(village)
    assert counted(chair) == [2, 1, 1, 0]
    make_member(village, position="president")
    assert counted(chair) == [1, 0, 1, 1]
    make_member(village, zone_id=zone.pk)
    assert counted(chair) == [1, 0, 0, 1]


def test_a_chair_is_told_of_no_hole_of_her_neighbour(client):
    township = make_township()
    other = make_village(make_township(name="邻镇"), name="邻村")
    make_zone(other, name="邻网格")
    make_member(other, name="赵外人")
    client.force_login(make_account(township))
    page = client.get(reverse("gaps"))
    for word in ("邻镇", "邻村", "邻网格", "赵外人"):
        assert word not in page.text


def test_each_hole_leads_to_the_form_that_mends_it(client):
    township = make_township(villages=2)
    village, _empty = villages_of(township)
    make_zone(village)
    make_member(village)
    client.force_login(make_account(township))
    found = [kind for kind in gaps(make_account(township)) if kind.number]
    assert len(found) >= 4
    for kind in found:
        for gap in kind.first:
            page = client.get(f"{reverse(gap.url_name, args=[gap.key] if gap.key else [])}?{gap.query}")
            assert page.status_code == 200
            if gap.key:  # the address says of what
                continue
            form = page.context["adminform"].form if "adminform" in page.context else page.context["form"]
            assert form["village" if "village" in gap.query else gap.query.split("=")[0]].value() is not None


def test_more_holes_cost_no_more_queries():
    user = make_account(the_county())
    counts = []
    for _round in range(3):
        village = make_village()
        make_zone(village)
        make_member(village)
        with CaptureQueriesContext(connection) as asked:
            gaps(user)
        counts.append(len(asked))
    assert counts[0] == counts[2]


def test_the_form_of_a_president_above_the_village_lacks_nothing_but_her_name(client):
    township = make_township(villages=1)
    member = make_member(villages_of(township)[0])
    client.force_login(make_account(township))
    (gap,) = (gap for gap in gaps(make_account(township))[0].first if gap.name == str(township))
    form = client.get(f"{reverse(gap.url_name)}?{gap.query}").context["adminform"].form
    said = {name: form[name].value() for name in ("council", "position", "ex_officio")}
    said |= {"member": member.pk, "start": f"{form['start'].value():%Y-%m-%d}"}
    assert client.post(reverse(gap.url_name), said).status_code == 302
    assert str(township) not in [gap.name for gap in gaps(make_account(township))[0].first]


def test_who_only_reads_is_led_to_no_form(client):
    make_zone(make_village(make_township()))
    client.force_login(make_account(the_county(), "auditor"))
    page = client.get(reverse("gaps"))
    assert sum(kind.number for kind in page.context["kinds"]) > 0
    assert "/add/?" not in page.text
    assert reverse("admit_member") not in page.text


def test_the_kinds_stand_under_what_they_are_about():
    found = gaps(make_account(make_village(make_township()).parent))
    grouped = by_topic(found)
    assert sorted(map(id, found)) == sorted(id(kind) for _topic, kinds in grouped for kind in kinds)
    assert [len({kind.about for kind in kinds}) for _topic, kinds in grouped[:3]] == [1, 1, 1]
