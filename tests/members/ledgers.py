"""What every ledger promises, to be tested of each by its Case."""

import io
from collections.abc import Callable
from dataclasses import dataclass
from typing import Any

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.urls import reverse

from councils import intake
from councils.intake import Verdict
from councils.intake.resource import resource_of
from councils.models import Batch, Change
from cunsao import workbook
from tests.factories import make_account, make_member, make_township, make_village
from tests.members.lists import sheet_of


@dataclass(frozen=True)
class Case:
    """One ledger: `make(member, n)` enters the n-th record; `row(member, n)` is a list's n-th row by column.

    `change` is a column and what it then says instead; `add` is what the form posts for a member.
    """

    kind: str
    make: Callable[[Any, int], Any]
    row: Callable[[Any, int], dict[str, str]]
    change: tuple[str, str]

    @property
    def resource(self) -> Any:
        return resource_of(self.kind)

    @property
    def model(self) -> Any:
        return self.resource.model

    def page(self, name: str, *arguments: Any) -> str:
        return reverse(f"admin:members_{self.model._meta.model_name}_{name}", args=arguments)

    def list_of(self, rows: list[dict[str, str]]) -> bytes:
        """The rows as a workbook under the words that exports write."""
        names = list(dict.fromkeys(name for row in rows for name in row))
        headings = [self.resource.headings[name][0] for name in names]
        return sheet_of([headings, *([row.get(name, "") for name in names] for row in rows)])

    def reviewed(self, rows: list[dict[str, str]], by: Any = None) -> intake.Review:
        return intake.review(self.kind, workbook.open(self.list_of(rows), "list.xlsx"), by)

    def imported(self, rows: list[dict[str, str]], by: Any = None) -> Batch:
        seen = self.reviewed(rows, by)
        assert not seen.errors, seen.errors
        return intake.apply(intake.stage(seen, self.list_of(rows), by), by).batch

    def refused(self, rows: list[dict[str, str]], by: Any = None) -> list[tuple[int, str, str]]:
        """(index of the row, field, sentence) of each error."""
        return [(each.row - 2, each.field, each.message) for each in self.reviewed(rows, by).errors]

    def exported(self, by: Any = None, unmasked: bool = False) -> bytes:
        resource = self.resource(by)
        columns, rows = resource.export_rows(resource.visible(), unmasked)
        stream = io.BytesIO()
        workbook.write([workbook.Plan(name="list", columns=columns, rows=list(rows))], stream)
        return stream.getvalue()


def verdicts(seen: intake.Review) -> list[Verdict]:
    return [line.verdict for line in seen.lines]


class LedgerPromises:
    """Inherited by each ledger's tests, which say `case`."""

    case: Case

    @pytest.fixture
    def members(self):
        village = make_village(make_township())
        return [make_member(village, name=name) for name in ("王一", "王二", "王三")]

    @pytest.fixture
    def chair(self, members):
        return make_account(village_of(members[0]).parent)

    def test_a_list_is_entered_and_entered_again_it_changes_nothing(self, members, chair):
        rows = [self.case.row(member, n) for n, member in enumerate(members)]
        batch = self.case.imported(rows, chair)
        assert (batch.created, self.case.model.objects.count()) == (3, 3)
        assert verdicts(self.case.reviewed(rows, chair)) == [Verdict.SAME] * 3
        entered = Change.objects.filter(record=self.case.model._meta.label_lower, action="created")
        assert entered.count() == 3
        assert {each.council for each in entered} == {village_of(members[0])}

    @pytest.mark.parametrize("unmasked", [True, False])
    def test_its_export_comes_in_again_with_no_change(self, members, chair, unmasked):
        for n, member in enumerate(members):
            self.case.make(member, n)
        content = self.case.exported(chair, unmasked)
        seen = intake.review(self.case.kind, workbook.open(content, "list.xlsx"), chair)
        assert not seen.errors + seen.warnings
        assert verdicts(seen) == [Verdict.SAME] * 3

    def test_a_changed_cell_is_a_change_that_can_be_taken_back(self, members, chair):
        column, said = self.case.change
        rows = [self.case.row(member, n) for n, member in enumerate(members)]
        first = self.case.imported(rows, chair)
        before = self.case.exported(chair)
        batch = self.case.imported([*rows[:1], rows[1] | {column: said}, rows[2]], chair)
        assert (batch.created, batch.updated, batch.unchanged) == (0, 1, 2)
        assert self.case.exported(chair) != before
        assert intake.undo(batch, chair) == []
        seen = intake.review(self.case.kind, workbook.open(before, "list.xlsx"), chair)
        assert verdicts(seen) == [Verdict.SAME] * 3
        assert len(intake.undo(first, chair)) == 1  # what was changed since, and changed back, was edited
        assert self.case.model.objects.count() == 1

    def test_what_is_edited_since_is_left_and_named(self, members, chair):
        rows = [self.case.row(member, n) for n, member in enumerate(members)]
        batch = self.case.imported(rows, chair)
        edited = self.case.model.objects.first()
        edited.remark = "改过"
        edited.save()
        assert len(intake.undo(batch, chair)) == 1
        assert list(self.case.model.objects.all()) == [edited]

    def test_a_neighbours_list_says_nothing_of_anybody(self, members):
        stranger = make_account(make_village(make_township()).parent)
        row = self.case.row(members[0], 0)
        assert self.case.refused([row], stranger)
        kept = self.case.make(members[1], 1)
        number = {"number": f"{self.case.resource.prefix}{kept.pk:06}"}
        told = [
            self.case.refused([row | number], stranger),
            self.case.refused([row | {"number": "ZZ999999"}], stranger),
        ]
        assert told[0] == told[1]

    def test_a_list_page_asks_as_much_for_three_as_for_one(self, client, members):
        client.force_login(make_account(village_of(members[0]).parent.parent))
        client.get(self.case.page("changelist"))
        counts = []
        for n, member in enumerate(members):
            self.case.make(member, n)
            counts.append(asked(client.get, self.case.page("changelist")))
        assert len({len(each) for each in counts}) == 1, counts

    def test_a_list_of_three_is_looked_at_with_as_many_questions_as_one_of_one(self, members, chair):
        rows = [self.case.row(member, n) for n, member in enumerate(members)]
        self.case.reviewed(rows, chair)
        new = [asked(self.case.reviewed, some, chair) for some in (rows[:1], rows)]
        self.case.imported(rows, chair)
        same = [asked(self.case.reviewed, some, chair) for some in (rows[:1], rows)]
        assert len(new[0]) == len(new[1]), new
        assert len(same[0]) == len(same[1]), same

    @pytest.mark.parametrize(
        ("role", "sees", "adds"),
        [("township_chair", True, True), ("village_president", True, False), ("county_staff", True, True),
         ("county_finance", True, False), ("auditor", True, False), ("system_administrator", False, False)],
    )  # fmt: skip
    def test_who_keeps_it_and_who_looks(self, client, members, role, sees, adds):
        self.case.make(members[0], 0)
        village = village_of(members[0])
        place = {"township_chair": village.parent, "village_president": village}.get(role, village.parent.parent)
        client.force_login(make_account(place, role))
        assert client.get(self.case.page("changelist")).status_code == (200 if sees else 403)
        assert client.get(self.case.page("add")).status_code == (200 if adds else 403)

    def test_a_neighbour_sees_none_of_it(self, client, members):
        kept = self.case.make(members[0], 0)
        client.force_login(make_account(make_village(make_township()).parent))
        assert str(kept) not in client.get(self.case.page("changelist")).content.decode()
        assert client.get(self.case.page("change", kept.pk)).status_code in (302, 404)


def village_of(member):
    return member.memberships.get(end=None).village


def number_of(member):
    return member.national_id.clear


def asked(deed, *arguments):
    """The questions that a deed asks the database."""
    with CaptureQueriesContext(connection) as questions:
        deed(*arguments)
    return [each["sql"][:300] for each in questions]


def form_of(client, page, said):
    """Errors of a form that is posted, by field."""
    answer = client.post(page, said)
    return {} if answer.status_code == 302 else dict(answer.context["adminform"].form.errors)
