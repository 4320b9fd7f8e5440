"""Things to test with, built by plain functions with defaults; names are unlike any other, so that a leak is seen."""

from datetime import date, timedelta
from decimal import Decimal
from itertools import count

from django.utils import timezone

from councils.accounts import open_account
from councils.models import Council, Level, Zone
from councils.tree import Create, carry_out
from cunsao.personal_data.numbers import check_digit
from members import payroll
from members.joining import Admission, admit
from members.models import Member, PerformanceScheme, SubsidyRate
from reports import activities, appraisal, campaigns, disputes, hazards, sampling
from reports.models import Campaign, Scheme

_numbers = count(1)
OPENED = date(2021, 1, 1)
JOINED = date(2022, 1, 1)


def make_county(name="", code=""):
    number = next(_numbers)
    return carry_out(Create(Level.COUNTY, code or f"{340000 + number}", name or f"县{number:04}", OPENED))


def make_township(county=None, villages=0, zones_each=0, name=""):
    county = county or Council.objects.filter(level=Level.COUNTY).first() or make_county()
    number = next(_numbers)
    code = f"{county.code}{100 + county.children.count():03}"
    township = carry_out(Create(Level.TOWNSHIP, code, name or f"镇{number:04}", OPENED))
    for _village in range(villages):
        make_village(township, zones=zones_each)
    return township


def make_village(township=None, zones=0, name="", level=Level.VILLAGE):
    township = township or make_township()
    number = next(_numbers)
    code = f"{township.code}{200 + township.children.count():03}"
    village = carry_out(Create(level, code, name or f"村{number:04}", OPENED))
    for _zone in range(zones):
        make_zone(village)
    return village


def make_zone(village=None, **values):
    village = village or make_village()
    number = next(_numbers)
    defaults = {
        "number": f"{village.zones.count() + 1:02}",
        "name": f"片{number:04}",
        "households": 80,
        "residents": 250,
    }
    return Zone.objects.create(village=village, **(defaults | values))


def make_account(council, role="", username="", password=""):
    """By default of the role that works on the council's level."""
    number = next(_numbers)
    role = role or {"county": "county_staff", "township": "township_chair"}.get(council.level, "village_president")
    account, _password = open_account(username or f"user{number:04}", f"员{number:04}", council, role, password)
    account.must_change_password = False
    account.save()
    return account


def make_chair(township):
    return make_account(township, "township_chair")


def make_staff(county=None, role="county_staff"):
    return make_account(county or Council.objects.filter(level=Level.COUNTY).first(), role)


def the_county():
    return Council.objects.filter(level=Level.COUNTY).first() or make_county()


def villages_of(township):
    return list(Council.objects.filter(parent=township.code))


def make_number(born="19800101"):
    """A valid ID number of a woman, another one each time."""
    body = f"341226{born}{next(_numbers) * 2 % 1000:03}"
    return body + check_digit(body)


def make_admission(village, **given):
    """A woman as a list has her."""
    number = next(_numbers)
    said = {
        "name": "王小梅", "national_id": make_number(f"19{50 + number % 45}0101"), "phone": f"138{number:08}",
        "village_id": village.pk, "zone_id": None, "position": "member", "political_status": "masses",
        "education": "junior", "ethnicity": "汉族", "joined_on": JOINED, "bank_name": "颍上农村商业银行",
        "bank_account": f"62177800000{number:08}", "remark": "",
    }  # fmt: skip
    return Admission(**said | given)


def make_member(village, name="王小梅", **given):
    day = max(JOINED, given.get("joined_on") or JOINED)
    done = admit([make_admission(village, name=name, **given)], day, None)
    assert not done.refused, done.refused
    return Member.objects.get(pk=(done.created | done.returned)[0])


MONTH = date(2022, 7, 1)


def make_rate(county=None, start=date(2021, 1, 1), **values):
    return SubsidyRate.objects.create(county=county or the_county(), start=start, **values)


def the_rate():
    return SubsidyRate.objects.filter(county=the_county()).first() or make_rate()


def make_scheme(township, **values):
    defaults = {"start": date(2021, 1, 1), "name": "绩效办法", "default_amount": Decimal(50), "cap": Decimal(300)}
    return PerformanceScheme.objects.create(township=township, **(defaults | values))


def make_month(township=None, month=MONTH, members=0):
    """An open roster; with `members`, of a township with a village of so many women who joined by 2022."""
    the_rate()
    township = township or make_township(villages=1)
    if members:
        village = villages_of(township)[0] if villages_of(township) else make_village(township)
        for _member in range(members):
            make_member(village)
    return payroll.open_month(township, month, None)


def make_submitted(township=None, month=MONTH, members=2, chair=None):
    roster = make_month(township, month, members)
    return payroll.submit(roster, roster.version, chair or make_chair(roster.township))


def make_approved(township=None, month=MONTH, members=2, staff=None):
    roster = make_submitted(township, month, members)
    return payroll.approve(roster, payroll.digest(payroll.shown(roster)), staff or make_staff())


def make_published(township=None, month=MONTH, members=2):
    """Approved by one of the county staff, and its notice is over."""
    staff, now = make_staff(the_county()), timezone.now()
    roster = make_month(township, month, members)
    roster.opened_at = now - timedelta(days=40)
    roster.save()
    payroll.submit(roster, roster.version, make_chair(roster.township), at=now - timedelta(days=30))
    payroll.approve(roster, payroll.digest(payroll.shown(roster)), staff, at=now - timedelta(days=25))
    return payroll.publish(roster, staff, at=now - timedelta(days=20))


def make_sent(township=None, month=MONTH, members=2, finance=None):
    roster = make_published(township, month, members)
    payroll.send(roster, finance or make_staff(the_county(), "county_finance"))
    roster.refresh_from_db()
    return roster


WORKED = date(2022, 8, 10)


def make_entry(village, *members, **said):
    """A day's work of `members`, or of somebody new."""
    keys = [each.pk for each in members or [make_member(village)]]
    return activities.Entry(**({"village": village.pk, "day": WORKED, "kind": "inspection", "members": keys} | said))


def make_activity(village, *members, by=None, **said):
    return activities.record(make_entry(village, *members, **said), by)


def make_worker(village, day=WORKED, **quantities):
    """A member with one record of so much of each kind."""
    member = make_member(village)
    for kind, quantity in quantities.items():
        make_activity(village, member, day=day, kind=kind, quantity=quantity)
    return member


def make_found(village, *members, **said):
    """A hazard as somebody found it."""
    keys = [each.pk for each in members or [make_member(village)]]
    given = {"village": village.pk, "day": WORKED, "severity": "general", "place": "桥头", "text": "护栏断了"}
    return hazards.Found(**(given | {"members": keys, "reported_on": WORKED} | said))


def make_brought(village, *members, **said):
    """A dispute as it was brought."""
    keys = [each.pk for each in members or [make_member(village)]]
    given = {"village": village.pk, "day": WORKED, "relation": "neighbours", "parties": "张三、李四", "text": "宅基地"}
    return disputes.Brought(**(given | {"members": keys} | said))


def make_work(village, member, word):
    """One record of every kind of work, with `word` wherever it may say something."""
    made = make_activity(village, member, place=f"{word}路", text=f"{word}家的院子打扫过了")
    hazards.report(make_found(village, member, place=f"{word}桥", text=f"{word}边护栏断了"), None)
    brought = disputes.bring(make_brought(village, member, parties=f"{word}甲、{word}乙"), None)
    disputes.pass_on(brought, WORKED, 1, None)
    appraisal.remark(member, WORKED, Decimal(1), f"{word}表现好", None)
    sampling.draw(village, WORKED, None)
    township = village.parent
    if appraisal.scheme_of(township, WORKED) is None:
        appraisal.introduce(Scheme(township=township, start=WORKED.replace(day=1), name=f"{word}办法"), [], None)
    campaign = Campaign(county=township.parent, title=f"{word}行动", kind="elderly", start=WORKED, deadline=WORKED)
    campaigns.launch(campaign, {village.pk: 1}, None)
    return made
