"""Every address, found by itself, as every role: no name from elsewhere, no error, no full number."""

import io
import re
from datetime import date

import pytest
import time_machine
from django.contrib import admin
from django.urls import NoReverseMatch, get_resolver, reverse

from councils import statutes
from councils.models import Change, Council, Governance, User, Zone
from councils.roles import ROLES
from councils.tree import Move, Rename, carry_out
from members import payroll
from members.models import Donation, Member, Objection, RosterEntry
from reports.hazards import STEPS
from reports.kinds import Role
from reports.models import CampaignTarget, Photo
from reports.photos import keep
from tests.cunsao.test_documents import PDF
from tests.factories import (
    make_account,
    make_chair,
    make_county,
    make_member,
    make_month,
    make_rate,
    make_sent,
    make_staff,
    make_township,
    make_village,
    make_work,
    make_zone,
)
from tests.members.imports.test_insurance import make_claim
from tests.members.imports.test_training import make as make_attendance
from tests.members.imports.test_training import make_session
from tests.members.lists import HEADER, imported, person
from tests.reports.test_photos import picture

pytestmark = pytest.mark.django_db
CANARY = "金丝雀"
MOST_PAGES, MOST_RECORDS = 3600, 40
COMBINED = re.compile(r"&|_changelist_filters|\?o=[-\d]+\.")
PEOPLE = [Member]  # whom pages outside the admin are about
KINDS = dict.fromkeys(["batch", "batch_deed", "marked_workbook"], "batch") | {
    "insure_all": "insurancepolicy", "insurer_list": "insurancepolicy", "tick_attendance": "trainingsession",
    "hazard": "hazard", "hazard_deed": "hazard", "dispute": "dispute", "dispute_content": "dispute",
    "dispute_deed": "dispute", "campaign": "campaign", "withdraw_campaign": "campaign",
    "report_campaign": "campaigntarget", "withdraw_remark": "remark",
}  # fmt: skip
NAMES = {
    "payment_deed": ["send", "return", "resend", "settle", "object", "nonsense"],
    "month_deed": ["submit", "give_back", "approve", "publish", "take_over", "nonsense"],
    "hazard_deed": [*STEPS, "nonsense"], "dispute_deed": ["settle", "pass_on", "mend", "nonsense"],
    "enter_hazard": ["mend", "report", "nonsense"], "enter_hazard_in": ["mend", "report", "nonsense"],
}  # fmt: skip
LINK = re.compile(r'(?:href|action|data-branch|src)="([^"#]+)"')


@pytest.fixture(autouse=True)
def end_of_august():
    """In the month that the newest records are of: every month that a page leads to is looked at, and they are two."""
    with time_machine.travel("2022-08-31"):
        yield


@pytest.fixture
def county():
    """Two townships; everything of the second is named so that it cannot be missed."""
    county = make_county()
    make_rate(county, start=date(2022, 7, 1))  # and no page leads to a month before it
    make_township(county, villages=2, zones_each=2)
    foreign = make_township(county, name=f"{CANARY}镇")
    village = make_village(foreign, name=f"{CANARY}村")
    make_zone(village, name=f"{CANARY}片", bounds=f"东至{CANARY}沟")
    stranger = make_member(village, name=f"{CANARY}嫂", remark=f"{CANARY}话")
    keep(make_work(village, stranger, CANARY), picture(), None)
    home = own_township(county).children.first()
    own = make_member(home)
    keep(make_work(home, own, "本村"), picture(), None)
    for n, member in enumerate((stranger, own)):
        make_claim(member, n), make_attendance(member, remark=member.remark)
    make_session(f"{CANARY}课", foreign)
    other = make_village(foreign, name=f"{CANARY}旧名")
    carry_out(Rename(other.code, f"{CANARY}新名", other.code, other.opened))
    account = make_account(village, "village_president", username=f"{CANARY}账号")
    account.full_name = f"{CANARY}人"
    account.save()
    for place in (village, own_township(county)):
        called = CANARY if place == village else "本"
        Donation.objects.create(village=place, donor=f"{called}公司", form="money", amount=5, day=date(2022, 3, 1))
        Governance.objects.create(council=place, party_organisation=f"{called}党组织")
        statutes.add(place, "charter", f"{called}章程", date(2022, 3, 1), io.BytesIO(PDF), None)
    for by in (account, make_account(foreign)):
        imported([HEADER, person(f"{CANARY}镇", f"{CANARY}村", f"{CANARY}红")], by, CANARY)
    imported([HEADER, person(str(own_township(county)), str(own_township(county).children.first()))])
    for township in (own_township(county), foreign):
        make_objected(township)
        make_month(township, date(2022, 8, 1))
    return county


def make_objected(township):
    """July paid in part, with an objection that was answered."""
    finance = make_account(township.parent, "county_finance")
    roster = make_sent(township, members=0, finance=finance)
    first = roster.payments.order_by("pk").first()
    Objection.objects.create(
        roster=roster, day=roster.month, who=first.name, text=f"{first.name}有异议", noted_by=roster.approved_by
    )
    payroll.settle(roster, finance, {first.pk: f"{first.name}的账号不存在"})


def own_township(county):
    return county.children.exclude(name__contains=CANARY).first()


def place_for(role, county):
    level = next(iter(sorted(ROLES[role].levels & {"township", "village"})), "county")
    return {"county": county, "township": own_township(county), "village": own_township(county).children.first()}[level]


def addresses():
    """Every named address of the project, filled with every record there is, foreign ones too."""
    models = [*admin.site._registry, CampaignTarget]
    records = {model: list(model._default_manager.all()[:MOST_RECORDS]) for model in models}
    codes = list(Council.objects.values_list("code", flat=True))
    for name, fixed in _names(get_resolver()):
        yield from _filled(name, fixed, records, codes)


def _names(resolver, prefix=""):
    for pattern in resolver.url_patterns:
        if hasattr(pattern, "url_patterns"):
            inner = f"{prefix}{pattern.namespace}:" if pattern.namespace else prefix
            yield from _names(pattern, inner)
        elif pattern.name:
            yield f"{prefix}{pattern.name}", tuple(pattern.pattern.converters)


def _filled(name, arguments, records, codes):
    kind = name.rpartition(":")[2].split("_")[1] if "_" in name else ""
    kind = KINDS.get(name, kind)
    named = [model for model in records if model._meta.model_name == kind]
    keys = sorted({record.pk for model in named or PEOPLE for record in records.get(model, [])})
    values = {"object_id": keys, "pk": keys, "code": codes, "content_type_id": [1],
              "app_label": ["councils", "members", "reports"],
              "name": ["leave", "transfer", "merge", "rejoin", "photo", "edit", "nonsense"],
              "month": ["2022-07", "2022-08"], "period": ["2022-08"], "role": [*Role.values, "nonsense"],
              "kind": ["register", "month", "work_month", "equipment", "donations", "governance", "nonsense"],
              "deed": ["create", "rename", "move", "close", "merge", "apply", "undo", "discard", "nonsense"],
              "url": ["nowhere"]}  # fmt: skip
    if name in NAMES:
        values["name"] = NAMES[name]
    if name in ("work_photo", "remove_photo"):
        values["pk"] = list(Photo.objects.values_list("pk", flat=True))
    if name == "entry_deed":
        values |= {"name": ["correct", "take_out"], "pk": [record.pk for record in records[RosterEntry]]}
    filled = [{}]
    for argument in arguments:
        filled = [known | {argument: value} for known in filled for value in values[argument]]
    for each in filled:
        try:
            yield reverse(name, kwargs=each)
        except NoReverseMatch:
            continue


def pages(client, start):
    """All addresses, then all links found on their pages, each once."""
    waiting, seen = list(start), set()
    while waiting:
        assert len(seen) < MOST_PAGES, f"the pages never end: {sorted(seen)[::60]}"
        address = waiting.pop()
        if address in seen or address.startswith(("/static/", "/logout", "http")):
            continue
        seen.add(address)
        page = client.get(address)
        if page.streaming:
            continue
        text = page.content.decode(errors="replace")  # photos are pages too
        yield address, page.status_code, text
        path = address.partition("?")[0]
        found = (link.replace("&amp;", "&") for link in LINK.findall(text))
        # Filters and orders are followed one at a time; all their combinations would never end. The way out of a list
        # is that of its page: once as it is; narrowed ones are tested with exports.
        found = (link for link in found if not COMBINED.search(link) and "/export/?" not in link)
        waiting += [link if link.startswith("/") else path + link for link in found if link.startswith(("/", "?"))]


@pytest.mark.parametrize("role", ["township_chair", "village_president"])
def test_no_address_shows_a_name_from_elsewhere(client, county, role):
    client.force_login(make_account(place_for(role, county), role))
    visited = 0
    for address, status, text in pages(client, set(addresses())):
        assert CANARY not in text, address
        assert status < 500, address
        visited += 1
    assert visited > 100


def test_the_crawl_would_find_the_canary(client, county):
    client.force_login(make_staff(county, "system_administrator"))
    assert sum(CANARY in text for _address, _status, text in pages(client, set(addresses()))) > 10


@pytest.mark.parametrize("role", ["county_staff", "county_finance", "auditor"])
def test_no_address_fails_for_any_role(client, county, role):
    client.force_login(make_account(place_for(role, county) if role != "auditor" else county, role))
    assert all(status < 500 for _address, status, _text in pages(client, set(addresses())))


def test_no_address_opens_without_signing_in(client, county):
    for address in set(addresses()):
        page = client.get(address)
        public = ("/login/", "/language/", "/jsi18n/")
        assert page.status_code in (301, 302, 403, 404, 405) or address.startswith(public), address
        assert CANARY not in page.content.decode()


@pytest.mark.parametrize(
    "query",
    [
        "q=" + CANARY,
        "village__name__startswith=" + CANARY[0],
        "parent__name__contains=" + CANARY,
        "password__startswith=p",
        "village__accounts__password__startswith=p",
        "township=" + "9" * 9,
        "o=1.2.3&p=5&all=",
        "_to_field=name&_popup=1",
    ],
)
@pytest.mark.parametrize("model", [Council, Zone, User, Change])
def test_no_query_reads_letters_of_what_is_not_shown(client, county, model, query):
    client.force_login(make_chair(own_township(county)))
    page = client.get(reverse(f"admin:councils_{model._meta.model_name}_changelist") + "?" + query)
    assert page.status_code in (200, 302, 400, 403)
    assert CANARY not in page.content.decode().replace(f'value="{CANARY}"', "")


def test_a_look_up_offers_only_what_is_visible(client, county):
    client.force_login(make_chair(own_township(county)))
    where = {"app_label": "councils", "model_name": "zone", "field_name": "village"}
    answer = client.get(reverse("admin:autocomplete"), where | {"term": "村"}).json()["results"]
    names = {each["text"] for each in answer}
    assert names
    assert names <= {str(each) for each in Council.objects.visible_to(make_chair(own_township(county)))}
    assert not client.get(reverse("admin:autocomplete"), where | {"term": CANARY}).json()["results"]


def zone_form(zone, **values):
    names = ["number", "name", "bounds", "households", "residents", "closed"]
    return {name: getattr(zone, name) or "" for name in names} | {"village": zone.village_id} | values


def test_a_forged_key_neither_adds_to_nor_moves_into_another_township(client, county):
    chair = make_chair(own_township(county))
    client.force_login(chair)
    foreign = Council.objects.get(name=f"{CANARY}村")
    own = Zone.objects.visible_to(chair).first()
    before = foreign.zones.count()
    client.post("/councils/zone/add/", zone_form(own, village=foreign.pk, number="77"))
    client.post(f"/councils/zone/{own.pk}/change/", zone_form(own, village=foreign.pk))
    own.refresh_from_db()
    assert foreign.zones.count() == before
    assert own.village != foreign


def test_a_foreign_record_is_neither_opened_nor_changed_nor_deleted(client, county):
    client.force_login(make_chair(own_township(county)))
    zone = Zone.objects.get(name=f"{CANARY}片")
    for deed in ("change", "delete", "history"):
        for answer in (
            client.get(f"/councils/zone/{zone.pk}/{deed}/"),
            client.post(f"/councils/zone/{zone.pk}/{deed}/", {"post": "yes"}),
        ):
            assert answer.status_code in (302, 403, 404, 405)
    zone.refresh_from_db()


@pytest.mark.parametrize("role", ["county_finance", "auditor", "township_chair", "village_president"])
@pytest.mark.parametrize("deed", ["rename", "move", "merge", "close"])
def test_only_who_may_reshapes_the_tree(client, county, role, deed):
    village = own_township(county).children.first()
    client.force_login(make_account(place_for(role, county) if role != "auditor" else county, role))
    answer = client.post(
        f"/tree/{village.code}/{deed}/", {"confirmed": "1", "name": "甲", "code": village.code, "day": "2022-01-01"}
    )
    assert answer.status_code in (403, 404)
    village.refresh_from_db()
    assert (village.is_open, village.former_names.count()) == (True, 0)


def test_a_refused_attempt_is_entered(client, county):
    chair = make_chair(own_township(county))
    client.force_login(chair)
    zone = Zone.objects.get(name=f"{CANARY}片")
    client.get("/councils/user/")
    client.get(f"/tree/{zone.village.code}/?secret=1")
    names = list(Change.objects.filter(action="refused", actor=chair).values_list("record_name", flat=True))
    assert names == [f"GET /tree/{zone.village.code}/", "GET /councils/user/"]


def test_a_village_that_left_is_no_longer_seen(client, county):
    own, foreign = own_township(county), county.children.get(name=f"{CANARY}镇")
    chair = make_chair(own)
    village = own.children.first()
    carry_out(Move(village.code, foreign.code, f"{foreign.code}777", village.opened))
    client.force_login(chair)
    assert client.get(f"/tree/{foreign.code}777/").status_code == 404
    assert client.get(f"/tree/search/?q={village.code}").context["found"] == []
