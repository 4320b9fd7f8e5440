from datetime import date, timedelta
from decimal import Decimal

import pytest
from django.core.exceptions import PermissionDenied, ValidationError
from django.db import IntegrityError, transaction
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _

from councils import intake
from councils.tree import Merge, carry_out
from cunsao import workbook
from members import receipts
from members.gaps import gaps
from members.models import Donation
from tests.factories import make_account, make_county, make_member, make_township, make_village
from tests.members.ledgers import Case, LedgerPromises, form_of, verdicts, village_of

pytestmark = pytest.mark.django_db


def give(council, n=0, **given):
    said = {
        "donor": f"公司{n}",
        "donor_kind": "trade",
        "form": "money",
        "amount": Decimal("500.00"),
        "remark": f"第{n}",
    }
    record = Donation(village=council, **said | {"day": date(2022, 3, 1)} | given)
    record.full_clean()
    record.save()
    return record


def make(member, n=0, **given):
    return give(village_of(member), n, **given)


def listed(council, n=0, **given):
    names = {"township": council.parent.name, "village": council.name} if council.is_village else {}
    if council.level == "township":
        names = {"township": council.name}
    said = {"donor": f"公司{n}", "donor_kind": "企业", "form": "现金", "amount": "500", "day": "2022-03-01"}
    return names | said | given


def row(member, n=0, **given):
    return listed(village_of(member), n, **given)


class TestDonations(LedgerPromises):
    case = Case("donations", make, row, ("purpose", "购买电动车"))


CASE = TestDonations.case


@pytest.fixture
def member():
    return make_member(make_village(make_township()), name="王一")


@pytest.fixture
def chair(client, member):
    account = make_account(village_of(member).parent)
    client.force_login(account)
    return account


@pytest.mark.parametrize(
    ("given", "field"),
    [
        ({"amount": ""}, "amount"),
        ({"amount": "0"}, "amount"),
        ({"amount": "-5"}, "amount"),
        ({"things": "大米10袋"}, "things"),  # money and things are two records
        ({"form": "kind", "amount": ""}, "things"),
        ({"day": f"{timezone.localdate() + timedelta(days=1)}"}, "day"),
        ({"donor": ""}, "donor"),
    ],
)
def test_bad_input_is_refused_alike_in_form_and_list(client, member, chair, given, field):
    typed = {"donor": "公司", "donor_kind": "trade", "form": "money", "amount": "500", "day": "2022-03-01"}
    typed |= {"village": village_of(member).pk} | given
    assert set(form_of(client, CASE.page("add"), typed)) == {field}
    said = given | ({"form": "实物"} if "form" in given else {})
    assert [each[1] for each in CASE.refused([row(member, **said)], chair)] == [field]
    assert not Donation.objects.exists()


def test_each_level_receives_and_its_export_comes_in_again(member):
    village = village_of(member)
    places = [village, village.parent, village.parent.parent]
    staff = make_account(places[2])
    CASE.imported([listed(place, n) for n, place in enumerate(places)], staff)
    assert {each.village for each in Donation.objects.all()} == set(places)
    seen = intake.review("donations", workbook.open(CASE.exported(staff), "list.xlsx"), staff)
    assert [str(each) for each in verdicts(seen)] == ["same"] * 3


def test_a_chair_gives_nothing_to_the_county_or_a_neighbour(member, chair):
    neighbour = make_township()
    for named in (neighbour.name, village_of(member).parent.parent.name):
        assert CASE.refused([listed(neighbour, township=named)], chair)
    CASE.imported([listed(village_of(member), village="", township="")], chair)
    assert Donation.objects.get().village == village_of(member).parent  # her own, where nothing is said


def test_receipt_numbers_run_by_council_and_year_without_gaps(member, chair, monkeypatch):
    village = village_of(member)
    found = [give(village, n) for n in range(3)]
    above = give(village.parent, 9)
    assert [receipts.issue(each, chair).receipt for each in found] == [1, 2, 3]
    assert receipts.issue(found[0], chair).receipt == 1  # it keeps the one it has
    assert receipts.issue(above, chair).receipt_number == f"{village.parent.code}-{timezone.localdate().year}-0001"
    monkeypatch.setattr(timezone, "localdate", lambda: date(2030, 1, 1))
    assert receipts.issue(give(village, 5), chair).receipt == 1
    with pytest.raises(PermissionDenied):
        receipts.issue(give(village, 6), make_account(make_township()))


def test_what_has_a_receipt_is_cancelled_and_not_changed(client, member, chair):
    kept = receipts.issue(make(member), chair)
    kept = Donation.objects.get(pk=kept.pk)
    kept.amount = Decimal(600)
    with pytest.raises(ValidationError):
        kept.full_clean()
    number = {"number": f"JZ{kept.pk:06}"}
    assert [each[1] for each in CASE.refused([row(member) | number | {"amount": "600"}], chair)] == ["amount"]
    typed = {"amount": "700", "cancelled": "重复录入", "remark": ""}
    assert form_of(client, CASE.page("change", kept.pk), typed) == {}
    kept = Donation.objects.get(pk=kept.pk)
    assert (kept.amount, kept.cancelled, Donation.objects.valid().count()) == (Decimal(500), "重复录入", 0)
    assert "重复录入" in client.get(reverse("print_donation", args=[kept.pk])).content.decode()


def test_a_list_that_brought_it_is_taken_back_but_for_what_has_a_receipt(member, chair):
    batch = CASE.imported([row(member, 0), row(member, 1)], chair)
    receipts.issue(Donation.objects.first(), chair)
    assert len(intake.undo(batch, chair)) == 1
    assert Donation.objects.get().receipt == 1


def test_a_list_gives_no_receipt_numbers(member, chair):
    assert [each[1] for each in CASE.refused([row(member, receipt="7")], chair)] == ["receipt"]


def test_the_receipt_is_given_after_a_look_and_printed(client, member, chair):
    kept = make(member, amount=Decimal("1409.50"))
    page = reverse("print_donation", args=[kept.pk])
    (gap,) = [each for each in gaps(chair) if each.title == _("Donations without a receipt")]
    assert (gap.number, gap.first[0].key) == (1, kept.pk)
    assert f'href="{page}"' in client.get(reverse("gaps")).content.decode()
    assert "-0001" in client.post(page, {}).content.decode()
    assert Donation.objects.get().receipt is None
    client.post(page, {"confirmed": "1"})
    assert "壹仟肆佰零玖元伍角" in client.get(page).content.decode()
    client.force_login(make_account(make_township()))
    assert client.get(page).status_code == 404


def test_who_only_looks_gives_out_no_receipt(client, member):
    kept = make(member)
    client.force_login(make_account(make_county() and village_of(member).parent.parent, "auditor"))
    assert client.post(reverse("print_donation", args=[kept.pk]), {"confirmed": "1"}).status_code == 403
    assert Donation.objects.get().receipt is None


def test_the_database_holds_it_too(member):
    first = receipts.issue(make(member), None)
    second = make(member, 1)
    for wrong in ({"amount": None}, {"amount": Decimal(0)}, {"form": "kind"}, {"receipt": 3},
                  {"receipt": 1, "receipt_year": first.receipt_year}):  # fmt: skip
        with pytest.raises(IntegrityError), transaction.atomic():
            Donation.objects.filter(pk=second.pk).update(**wrong)


def test_when_villages_merge_a_receipt_stays_with_who_gave_it(member):
    village = village_of(member)
    other = make_village(village.parent)
    given, open_one = receipts.issue(make(member), None), make(member, 1)
    carry_out(Merge(village.code, other.code, date(2024, 1, 1)))
    assert Donation.objects.get(pk=given.pk).village == village
    assert Donation.objects.get(pk=open_one.pk).village == other
