"""A county's year of activities for benchmarks, and the questions that are asked of it."""

from collections.abc import Callable, Iterator
from datetime import date, timedelta
from random import Random
from typing import Any

from django.db import connection, transaction
from django.db.models import Count, Sum
from django.test import Client
from django.urls import reverse

from councils.models import Council, User
from cunsao import bulk, months
from members.models import Member, Membership
from reports import campaigns, kinds
from reports.appraisal import ranking
from reports.entering import COLUMNS
from reports.models import Activity, ActivityMember, Campaign, CampaignTarget, Scheme, SchemePoint
from reports.models.activity import print_of

END = date(2022, 8, 31)
PAGE = 50_000
WEIGHTS = {"elderly": 30, "child": 25, "policy_visit": 20, "inspection": 15, "wedding": 3, "dispute": 3}


def fill(rows: int, days: int) -> None:
    """`rows` activities by chance from a fixed seed, of the members there are; nine of ten are verified."""
    draw = Random(6)
    members: dict[int, list[tuple[int, str]]] = {}
    terms = Membership.objects.filter(end=None).order_by("village__code", "member")
    for village, member, name in terms.values_list("village", "member", "member__name"):
        members.setdefault(village, []).append((member, name))
    above = {
        pk: (township, county)
        for pk, township, county in Council.objects.filter(pk__in=members).values_list(
            "pk", "parent__pk", "parent__parent__pk"
        )
    }
    villages = list(members)
    keys = list(kinds.KINDS)
    weights = [WEIGHTS.get(key, 1) for key in keys]
    chair, president = User.objects.get(username="chair").pk, User.objects.get(username="president").pk
    with transaction.atomic():
        for start in range(0, rows, PAGE):
            count = min(PAGE, rows - start)
            who = [draw.choice(villages) for _row in range(count)]
            chosen = draw.choices(keys, weights, k=count)
            page, parts = [], []
            for village, key in zip(who, chosen, strict=True):
                day = END - timedelta(days=int(days * draw.random()))
                taking = draw.sample(members[village], min(1 + (draw.random() < 0.4), len(members[village])))
                page.append(_row(village, above[village], key, day, taking, draw, (president, chair)))
                parts.append([member for member, _name in taking])
            made = bulk.copy_in(Activity, (*COLUMNS, "verified_by", "verified_at"), page)
            pairs = [(pk, member) for pk, taking in zip(made, parts, strict=True) for member in taking]
            bulk.copy_in(ActivityMember, ["activity", "member"], pairs)


def _row(
    village: int, above: tuple[int, int], key: str, day: date, taking: Any, draw: Random, accounts: tuple[int, int]
) -> tuple[Any, ...]:
    text = f"入户第{int(draw.random() * 10**9)}次走访，情况良好" if draw.random() < 0.3 else ""
    moment = f"{day:%Y-%m-%d} 12:00:00" + ("+00" if connection.vendor == "postgresql" else "")
    verified = draw.random() < 0.9
    names = "、".join(name for _member, name in taking)
    return (
        f"{day}", f"{months.first(day)}", village, *above, None, kinds.KINDS[key].role.value, key,
        1 + int(9 * draw.random()), "", "", text, print_of(text), "{}", names, len(taking), "sheet", None,
        accounts[0], moment, "verified" if verified else "open", "", 1, accounts[1] if verified else None,
        moment if verified else None,
    )  # fmt: skip


def questions() -> Iterator[tuple[str, str, Callable[[], Any]]]:
    """(what, who asks, the asking): pages as they are served, then what other pages count."""
    member = Member.objects.filter(deeds__isnull=False).order_by("pk").first()
    assert member is not None
    village = Council.objects.filter(parent=User.objects.get(username="chair").council).order_by("code").first()
    assert village is not None
    asked = {
        "first page": {}, "page 200 of 200": {"p": "200"}, "one month": {"month": "2022-03"},
        "one day": {"day__gte": "2022-03-03", "day__lt": "2022-03-04"}, "role": {"role": "helper"},
        "rare kind": {"kind": "five_good_family"}, "frequent kind": {"kind": "elderly"},
        "role and month": {"role": "mediator", "month": "2022-03"}, "not verified": {"state__exact": "open"},
        "turned down (none)": {"state__exact": "rejected"}, "member": {"member": f"{member.pk}"},
        "township": {"township": village.code[:9]}, "village": {"village": village.code},
        "village and kind": {"village": village.code, "kind": "child"},
    }  # fmt: skip
    for who in ("county", "chair", "president"):
        client = Client()
        client.force_login(User.objects.get(username=who))
        for what, query in asked.items():
            if who == "president" and {"township", "village"} & query.keys():
                continue
            yield what, who, _asking(client, query)
        for what, address in _pages(who, village):
            yield what, who, _opening(client, address)
    yield from _counts()


def _asking(client: Client, query: dict[str, str]) -> Callable[[], Any]:
    address = reverse("admin:reports_activity_changelist")

    def ask() -> str:
        page: Any = client.get(address, query)
        if page.status_code != 200:
            return f"status {page.status_code}"
        listed = page.context_data["cl"]
        return f"{listed.result_count:,}{'+' if listed.paginator.is_capped else ''} rows"

    return ask


def _pages(who: str, village: Council) -> Iterator[tuple[str, str]]:
    """The pages of what was done that a role opens, in a month that is full."""
    own = User.objects.get(username=who).council
    place = own if own.is_village else village
    yield "what was done, a month", f"{reverse('work')}?month={END:%Y-%m}"
    yield "month's sheet of a village", reverse("work_sheet", args=[place.code, f"{END:%Y-%m}"])
    yield "phone page", f"{reverse('phone')}?village={place.code}"
    yield "spot checks, a month", f"{reverse('samples')}?month={END:%Y-%m}"
    if who != "president":
        yield "what waits, 30 of it", reverse("verify_work")


def _opening(client: Client, address: str) -> Callable[[], Any]:
    def ask() -> str:
        page = client.get(address)
        return f"{len(page.content) // 1024} kB" if page.status_code == 200 else f"status {page.status_code}"

    return ask


def _counts() -> Iterator[tuple[str, str, Callable[[], Any]]]:
    chair = User.objects.get(username="chair")
    county = User.objects.get(username="county")
    month = months.first(END)

    def by_kind(user: User) -> int:
        rows = Activity.objects.visible_to(user).filter(kind__in=kinds.KINDS, day__range=(month, END)).order_by()
        return len(list(rows.values("kind", "state").annotate(Count("pk"), Sum("quantity"))))

    yield "a month by kind and state", "county", lambda: f"{by_kind(county)} sums"
    yield "a month by kind and state", "chair", lambda: f"{by_kind(chair)} sums"
    scheme = Scheme.objects.create(township=chair.council, start=date(2022, 1, 1), name="积分办法")
    for kind in ("elderly", "child", "policy_visit"):
        SchemePoint.objects.create(scheme=scheme, kind=kind, points=1)
    yield "ranking of a township's month", "chair", lambda: f"{len(ranking(chair.council, month))} ranks"
    made = [
        Campaign.objects.create(
            county=county.council, title=f"{number}", kind=kind, start=date(2022, 7, 1), deadline=date(2022, 8, 31)
        )
        for number, kind in enumerate(("elderly", "child", "wedding"))
    ]
    for each in made:
        for council in Council.objects.filter(level__in=["township", "village", "community"]):
            CampaignTarget.objects.create(campaign=each, council=council, target=100)
    yield (
        "3 campaigns × 379 targets", "county",
        lambda: f"{sum(len(each) for each in campaigns.standings(made, county, END).values())} standings",
    )  # fmt: skip
