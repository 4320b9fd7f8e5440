"""Which member each line of a list means: by her whole ID number, or by her name within the village or township."""

from collections import defaultdict
from collections.abc import Iterable, Iterator, Sequence
from typing import Any

from django.db.models import Q, QuerySet

from councils.intake import Line
from councils.intake.findings import sentence
from councils.matching import Ambiguous, NotFound, OutOfScope, Places
from councils.models import Council, Level
from cunsao.personal_data import masks, prepared
from members.models import Member, Membership

PAGE = 20_000  # keys in one question
MOST_TOLD = 4


class People:
    """The members that lines name, of those the user sees; five questions whatever the lines' number."""

    def __init__(self, user: Any, lines: Sequence[Line], places: Places) -> None:
        self.places = places
        whole = sorted({number for line in lines if (number := whole_number(line))})
        column: Any = Member._meta.get_field("national_id_print")
        self._print_of = dict(zip(whole, prepared(column, whole), strict=True))
        visible = Member.objects.all() if user is None else Member.objects.visible_to(user)
        known = in_pages(visible.prefetch_related("memberships"), "national_id_print", self._print_of.values())
        self._by_print = {each.national_id_print: each for each in known}
        self._called: dict[str, list[Membership]] = defaultdict(list)
        names = {line.values["name"] for line in lines if "name" in line.values and not whole_number(line)}
        terms = Membership.objects.filter(end=None).select_related("member").prefetch_related("member__memberships")
        for each in in_pages(terms if user is None else terms.visible_to(user), "member__name", names):
            self._called[each.member.name].append(each)

    def by_number(self, line: Line) -> Member | None:
        return self._by_print.get(self._print_of.get(whole_number(line)) or b"")

    def by_name(self, line: Line) -> list[Membership]:
        """Memberships that run of who is called so: in the line's village, or in its township where it names none."""
        here = self._called.get(line.values.get("name", ""), [])
        if line.council:
            return [each for each in here if each.village_id == line.council]
        above = self._township(line)
        return [each for each in here if above is None or self._village(each).parent_id == above.code]

    def find(self, line: Line) -> Member | None:
        """Whom the line means; None with a finding that says why nobody is found."""
        if whole_number(line):
            member = self.by_number(line)
            if member is None:
                line.find("national_id", "unknown_member")
            return member
        if masks.is_mask(line.values.get("national_id", "")):
            line.find("national_id", "invalid_id", sentence("masked_id"))
            return None
        name = line.values.get("name", "")
        found = self.by_name(line)
        if not name:
            line.find("name", "missing")
        elif not found:
            line.find("name", "unknown_name", name=name)
        elif len(found) > 1:
            which = self.places.described([self._village(each) for each in found[:MOST_TOLD]])
            line.find("name", "ambiguous_name", name=name, which=which)
        return found[0].member if len(found) == 1 else None

    def _township(self, line: Line) -> Council | None:
        try:
            return self.places.find(line.values.get("township", ""), levels=[Level.TOWNSHIP])
        except (NotFound, Ambiguous, OutOfScope):
            return None  # placing has told what is wrong, if anything was said

    def _village(self, membership: Membership) -> Council:
        return self.places.by_pk[membership.village_id]


def whole_number(line: Line) -> str:
    """The line's ID number; nothing where it is masked or missing."""
    number = line.values.get("national_id", "")
    return "" if masks.is_mask(number) else number


def in_pages(rows: QuerySet[Any], name: str, keys: Iterable[Any]) -> Iterator[Any]:
    """Rows whose `name` is among `keys`, so many keys a question as every database takes; one question at least."""
    wanted = list(keys)
    for start in range(0, len(wanted) or 1, PAGE):
        yield from rows.filter(Q(**{f"{name}__in": wanted[start : start + PAGE]}))
