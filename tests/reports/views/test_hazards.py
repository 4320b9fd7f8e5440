from datetime import timedelta

import pytest
from django.urls import reverse
from django.utils import timezone

from reports.hazards import STEPS, report, take
from reports.models import Hazard, HazardStep
from tests.factories import make_account, make_chair, make_found, make_member, make_staff, make_township, make_village

pytestmark = pytest.mark.django_db


def found_days_ago(village, days, **said):
    day = timezone.localdate() - timedelta(days=days)
    return report(make_found(village, day=day, reported_on=day, **said), None)


def pressed(client, hazard, name, **said):
    """A step as its form sends it."""
    typed = {"version": hazard.version, "text": "见现场", "handler": "水利站", "day": f"{timezone.localdate()}"}
    return client.post(reverse("hazard_deed", args=[hazard.pk, name]), typed | said)


def lines(client, **asked):
    page = client.get(reverse("hazards"), asked)
    return [(each.hazard, each.left) for each in page.context["lines"]]


def test_the_list_says_how_long_each_is_overdue_the_longest_first(client, village, chair):
    fresh, old = found_days_ago(village, 1), found_days_ago(village, 20)
    grave = found_days_ago(village, 4, severity="grave")
    assert lines(client, show="open") == [(old, -5), (grave, -2), (fresh, 14)]
    assert lines(client, show="overdue") == [(old, -5), (grave, -2)]
    assert "超期 5 天" in client.get(reverse("hazards")).text


def test_what_was_handled_is_overdue_no_longer_and_waits_after_the_others(client, village, chair):
    handled, fresh = found_days_ago(village, 20), found_days_ago(village, 1)
    for name in ("accept", "dispatch", "handle"):
        handled = take(handled, name, handled.version, chair, text="好", handler="水利站")
    assert lines(client, show="open") == [(fresh, 14), (handled, None)]


def test_the_list_is_narrowed_by_severity_and_state(client, village, chair):
    grave, general = found_days_ago(village, 1, severity="grave"), found_days_ago(village, 1)
    take(general, "accept", 1, chair)
    assert [each for each, _left in lines(client, severity="grave")] == [grave]
    assert [each for each, _left in lines(client, state="accepted")] == [general]
    assert len(lines(client, severity="nonsense", state="nonsense")) == 2


def test_each_level_is_shown_first_what_lies_on_her_own_desk(client, village, chair):
    passed, kept = found_days_ago(village, 1), found_days_ago(village, 1)
    take(passed, "pass_up", 1, chair, text="请县里解决")
    assert [each for each, _left in lines(client, show="mine")] == [kept]
    client.force_login(make_staff(village.parent.parent))
    assert [each for each, _left in lines(client)] == [passed]
    client.force_login(make_account(village))
    assert lines(client, show="mine") == []


def test_a_small_one_is_put_right_in_one_form_and_sent_twice_it_is_one(client, village):
    member, president = make_member(village), make_account(village)
    client.force_login(president)
    address = client.get(reverse("enter_hazard", args=["mend"])).url
    key = client.get(address).context["form"]["client_key"].value()
    typed = {"day": f"{timezone.localdate()}", "place_found": "路口", "text": "玻璃", "members": member.pk}
    for _time in range(2):
        assert client.post(address, typed | {"client_key": key}).status_code == 302
    done = Hazard.objects.get()
    assert (done.state, done.severity, done.recorded_by) == ("closed", "small", president)


def test_a_big_one_is_reported_and_goes_to_the_township(client, village):
    member = make_member(village)
    client.force_login(make_account(village))
    address = reverse("enter_hazard_in", args=["report", village.code])
    typed = {"day": f"{timezone.localdate()}", "place_found": "桥", "text": "护栏", "members": member.pk}
    assert "severity" in client.post(address, typed).context["form"].errors
    answer = client.post(address, typed | {"severity": "grave"})
    made = Hazard.objects.get()
    assert answer.url == reverse("hazard", args=[made.pk])
    assert (made.state, made.due) == ("reported", timezone.localdate() + timedelta(days=2))
    client.force_login(make_chair(village.parent))
    assert [each for each, _left in lines(client, show="mine")] == [made]


def test_the_page_tells_every_step_and_offers_what_is_hers_to_do(client, village, chair):
    hazard = found_days_ago(village, 1)
    pressed(client, hazard, "accept", text="镇里去看过了")
    page = client.get(reverse("hazard", args=[hazard.pk]))
    assert [(step.number, step.by) for step, _name in page.context["steps"]] == [(1, None), (2, chair)]
    assert "镇里去看过了" in page.text
    assert [name for name, _title, _back in page.context["deeds"]] == ["dispatch", "pass_up", "unaccept"]
    client.force_login(make_staff(village.parent.parent, "auditor"))
    assert client.get(reverse("hazard", args=[hazard.pk])).context["deeds"] == []


def test_the_whole_way_is_gone_by_forms(client, village, chair):
    hazard = found_days_ago(village, 3)
    for name in ("accept", "dispatch", "handle"):
        assert pressed(client, hazard, name).status_code == 302
        hazard.refresh_from_db()
    assert "不能自己核实" in "".join(pressed(client, hazard, "verify").context["form"].non_field_errors())
    client.force_login(make_chair(village.parent))
    for name in ("verify", "close"):
        assert pressed(client, hazard, name).status_code == 302
        hazard.refresh_from_db()
    assert (hazard.state, hazard.handler) == ("closed", "水利站")


def test_who_was_overtaken_is_told_and_makes_no_step(client, village, chair):
    hazard = found_days_ago(village, 1)
    assert pressed(client, hazard, "accept").status_code == 302
    late = pressed(client, hazard, "accept")
    assert late.context["form"].non_field_errors()
    assert HazardStep.objects.filter(hazard=hazard).count() == 2


@pytest.mark.parametrize("name", [name for name, step in STEPS.items() if step.says])
def test_a_step_that_has_to_say_something_asks_for_it(client, village, chair, name):
    hazard = found_days_ago(village, 1)
    page = client.get(reverse("hazard_deed", args=[hazard.pk, name]))
    assert page.context["form"].fields["text"].required


def test_nobody_sees_or_moves_what_lies_outside(client, village, chair):
    hazard = found_days_ago(make_village(make_township(village.parent.parent)), 1)
    assert lines(client, show="open") == []
    assert client.get(reverse("hazard", args=[hazard.pk])).status_code == 404
    assert pressed(client, hazard, "accept").status_code == 404
    address = reverse("enter_hazard_in", args=["report", hazard.village.code])
    assert client.get(address).status_code == 404
    assert HazardStep.objects.filter(hazard=hazard).count() == 1


def test_only_who_may_presses(client, village):
    hazard = found_days_ago(village, 1)
    client.force_login(make_account(village))
    assert pressed(client, hazard, "accept").status_code == 403
    client.force_login(make_staff(village.parent.parent, "auditor"))
    assert pressed(client, hazard, "accept").status_code == 403
    assert client.get(reverse("enter_hazard", args=["mend"])).status_code == 403
    client.force_login(make_staff(village.parent.parent, "county_finance"))
    assert client.get(reverse("hazards")).status_code == 403


@pytest.mark.parametrize("count", [1, 3])
def test_more_hazards_cost_no_more_queries(client, village, chair, django_assert_num_queries, count):
    member = make_member(village)
    for _hazard in range(count):
        hazard = report(make_found(village, member), None)
    with django_assert_num_queries(11):
        client.get(reverse("hazards"), {"show": "open"})
    with django_assert_num_queries(4):
        client.get(reverse("hazard", args=[hazard.pk]))


def test_the_list_for_export_leads_to_the_page(client, village, chair):
    hazard = found_days_ago(village, 1)
    assert f'href="/hazards/{hazard.pk}/' in client.get(reverse("admin:reports_hazard_changelist")).text
