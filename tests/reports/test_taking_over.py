from datetime import timedelta

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext

from reports import disputes, hazards, taking_over
from reports.models import Activity, Dispute, Hazard
from reports.taking_over import Done, Gone, Settled
from tests.factories import WORKED, make_account, make_brought, make_chair, make_found, make_member, make_village

pytestmark = pytest.mark.django_db
LATER = WORKED + timedelta(days=3)


@pytest.fixture
def village():
    return make_village()


def same(model, one, two, *but):
    left_out = {"id", "activity_id", "recorded_at", "recorded_by_id", "parties", "text", "agreement", *but}
    rows = [model.objects.values().get(pk=pk) for pk in (one, two)]
    kept = [{name: value for name, value in row.items() if name not in left_out} for row in rows]
    assert kept[0] == kept[1]


def test_a_dispute_taken_over_is_as_one_that_was_entered(village):
    president = make_account(village)
    brought = make_brought(village, make_member(village))
    entered = disputes.settle(disputes.bring(brought, president), LATER, "各让一尺", 1, president)
    taken = taking_over.disputes([Settled(brought, LATER, "各让一尺")])
    key = taken.created[0]
    same(Dispute, entered.pk, key)
    stored = Dispute.objects.get(pk=key)
    assert disputes.read(stored, president) == ("张三、李四", "宅基地", "各让一尺")
    assert list(stored.mediators.all()) == list(entered.mediators.all())
    assert (stored.activity.day, stored.activity.kind) == (LATER, "dispute")


def test_a_hazard_taken_over_is_as_one_that_went_its_way(village):
    chair, other = make_chair(village.parent), make_chair(village.parent)
    found = make_found(village)
    went = hazards.report(found, chair)
    way = [
        Done("accept", WORKED, chair.pk),
        Done("dispatch", WORKED, chair.pk, handler="水利站"),
        Done("handle", LATER, chair.pk, "修好了"),
        Done("verify", LATER, other.pk),
        Done("close", LATER, chair.pk),
    ]
    users = {chair.pk: chair, other.pk: other}
    for done in way:
        went = hazards.take(went, done.deed, went.version, users[done.by], done.text, done.handler, done.day)
    key = taking_over.hazards([Gone(found, way)]).created[0]
    same(Hazard, went.pk, key)
    columns = ("number", "day", "deed", "state_before", "state_after", "text", "handler")
    stored = Hazard.objects.get(pk=key)
    assert list(stored.steps.values_list(*columns)) == list(went.steps.values_list(*columns))


def test_a_small_hazard_taken_over_is_as_one_that_was_put_right(village):
    found = make_found(village, severity="small")
    mended = hazards.mend(found, None)
    key = taking_over.hazards([Gone(found)]).created[0]
    same(Hazard, mended.pk, key)
    stored = Hazard.objects.get(pk=key)
    columns = ("number", "day", "deed", "state_before", "state_after")
    assert list(stored.steps.values_list(*columns)) == list(mended.steps.values_list(*columns))
    assert (stored.activity.kind, stored.activity.place) == ("hazard_mended", found.place)
    assert taking_over.hazards([Gone(found, [Done("accept", WORKED)])]).refused


def test_what_breaks_a_rule_holds_back_no_other(village):
    chair = make_chair(village.parent)
    brought = make_brought(village)
    stranger = make_brought(village, members=[9999])
    rows = [Settled(brought, WORKED - timedelta(days=1)), Settled(brought, LATER), Settled(stranger, LATER)]
    told = taking_over.disputes(rows)
    assert (list(told.created), sorted(told.refused)) == ([1], [0, 2])
    found = make_found(village)
    own = [Done(deed, WORKED, chair.pk, "x", "y") for deed in ("accept", "dispatch", "handle", "verify")]
    small = Gone(make_found(village, severity="small"), own[:3])
    ways = [Gone(found, own), Gone(found, own[1:]), Gone(found, own[:3]), small]
    told = taking_over.hazards(ways)
    assert (list(told.created), sorted(told.refused)) == ([2], [0, 1, 3])
    assert Activity.objects.count() == 2


def test_many_cost_no_more_queries(village):
    brought, found = make_brought(village), make_found(village)
    counts = []
    for many in (1, 20):
        with CaptureQueriesContext(connection) as asked:
            assert len(taking_over.disputes([Settled(brought, LATER)] * many).created) == many
            assert len(taking_over.hazards([Gone(found)] * many).created) == many
        counts.append(len([each for each in asked if "INSERT" not in each["sql"] and "COPY" not in each["sql"]]))
    assert counts[0] == counts[1]
