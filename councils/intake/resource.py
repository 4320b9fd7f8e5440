"""A list that can be imported: its columns as import-export fields, read and checked column by column.

What the package does row by row — looking a record up, comparing, saving — a resource does here for all lines at once,
in a fixed number of queries. One resource serves one import: it keeps what it looked up.
"""

from collections import defaultdict
from collections.abc import Callable, Mapping, Sequence
from typing import Any, ClassVar, NamedTuple, TypeVar

from django.core.exceptions import ValidationError
from django.utils import timezone
from import_export.fields import Field
from import_export.resources import Resource

from councils.intake.headings import Wording
from councils.intake.lines import Line
from councils.models import Council
from cunsao.personal_data.secret import Mask
from cunsao.workbook import Cell, Plan


class Reading(NamedTuple):
    """A cell with something to be told: what is wrong with it, or a value with a doubt."""

    value: str
    code: str
    message: str


class Absent(NamedTuple):
    """What is kept and not in a list that is said to be whole; `remedy` is the page that ends it, `deed` its name."""

    name: str
    place: str
    above: str
    url: str
    remedy: str
    deed: str


class StagedResource(Resource):
    """The base of all lists. A subclass declares fields and words, and says how lines meet what is kept.

    `headings` are each field's words, the first being what exports write; `key` is the field without which a table is
    no such list; of `persons` a row must have one to be a row; `required` must be there in each. `unused` are headings
    that are understood and not kept. `lock` is the name under which the list is written (cunsao/locks.py).

    For pages: `shown` are the fields of a row that tell whom it is about, `called` the one that names her; `masks` say
    how a field of numbers is shown; `list_url` and `record_url` are the names of the addresses of what is kept.
    """

    do_not_call_in_templates = True  # a page asks the class for its label and wants no import begun

    kind: ClassVar[str] = ""
    label: ClassVar[Any] = ""
    permission: ClassVar[str] = ""
    headings: ClassVar[Mapping[str, Sequence[str]]] = {}
    key: ClassVar[str] = ""
    persons: ClassVar[Sequence[str]] = ()
    required: ClassVar[Sequence[str]] = ()
    unused: ClassVar[Sequence[str]] = ()
    lock: ClassVar[str] = "councils"
    has_template: ClassVar[bool] = False
    comes_first: ClassVar[bool] = False  # of all lists, the one that the page of imports opens with
    finds_absent: ClassVar[bool] = False  # whether a whole list tells who is missing from it
    shown: ClassVar[Sequence[str]] = ()
    called: ClassVar[str] = "name"
    masks: ClassVar[Mapping[str, Mask]] = {}
    list_url: ClassVar[str] = ""
    record_url: ClassVar[str] = ""

    def __init__(self, user: Any = None) -> None:
        super().__init__()
        self.user = user
        self.day = timezone.localdate()
        self.made: dict[str, list[int]] = {}  # what writing opened beside the lines' records, for taking it back

    @classmethod
    def template(cls, council: Council) -> Sequence[Plan]:
        """The sheets of an empty list for `council`, where the list has a template."""
        return ()

    @classmethod
    def wording(cls) -> Wording:
        return Wording(cls.headings, cls.key, cls.unused)

    def read(self, lines: Sequence[Line]) -> None:
        """Fills `values` from the cells and enters what cannot be read; each different cell is read once."""
        alike: dict[int, list[Line]] = defaultdict(list)
        for line in lines:
            alike[id(line.columns)].append(line)
        known: dict[str, dict[Any, str | Reading]] = defaultdict(dict)
        for table in alike.values():
            for name, field in self.fields.items():
                if (at := table[0].columns.get(name)) is not None:
                    self._read_column(name, field, at, table, known[name])
        for name in self.required:
            for line in lines:
                if name not in line.values and not any(found.field == name for found in line.findings):
                    line.find(name, "missing")

    def check(self, lines: Sequence[Line]) -> None:
        """Gives each line its verdict, council, record and what was before, against what is kept now."""
        raise NotImplementedError

    def write(self, lines: Sequence[Line], step: Callable[[int], Any] | None = None) -> None:
        """Writes lines that are new or changed; what cannot be written any more gets a finding instead."""
        raise NotImplementedError

    def take_back(self, lines: Sequence[Line], since: int) -> list[str]:
        """Gives back what was before; returns the names of those that were edited since and are left alone.

        `since` is the key of the last entry that applying left in the trail; `made` is as writing left it.
        """
        raise NotImplementedError

    def absent(self, lines: Sequence[Line], whole: Council | None) -> list[int]:
        """Keys of what is kept where the list is about, and does not stand in it; in the order to tell them.

        The list is about all below `whole`, or where its lines are. Nothing is done about them.
        """
        raise NotImplementedError

    def tell_absent(self, keys: Sequence[int]) -> list["Absent"]:
        """Those of `keys` that are still kept and that the user sees, in the order given."""
        raise NotImplementedError

    def _read_column(
        self, name: str, field: Field, at: int, lines: Sequence[Line], known: dict[Any, str | Reading]
    ) -> None:
        cells = [line.cells[at] for line in lines]
        # 1, 1.0 and True are one key, and three cells
        keys = [cell if type(cell) is str else (type(cell), cell) for cell in cells]
        for key, cell in dict(zip(keys, cells, strict=True)).items():
            if key not in known:
                known[key] = "" if cell == "" else self._reading(field, cell)
        for line, key in zip(lines, keys, strict=True):
            reading = known[key]
            if isinstance(reading, Reading):
                line.find(name, reading.code, reading.message)
                reading = reading.value
            if reading:
                line.values[name] = reading

    def _reading(self, field: Field, cell: Cell) -> str | Reading:
        # The field's widget, without what a field does for one row of many columns
        try:
            value = field.widget.clean(cell, on=self.day)
        except ValidationError as refusal:
            return "" if refusal.code == "missing" else Reading("", str(refusal.code), str(refusal.message))
        doubt = getattr(value, "doubt", None)
        return Reading(str(value), doubt.code, doubt.message) if doubt else str(value)


Kind = TypeVar("Kind", bound=type[StagedResource])
_registered: dict[str, type[StagedResource]] = {}


def importer(kind: str) -> Callable[[Kind], Kind]:
    """Announces a resource under the name of its list, so that the engine need not import it."""

    def announce(resource: Kind) -> Kind:
        resource.kind = kind
        _registered[kind] = resource
        return resource

    return announce


def resource_of(kind: str) -> type[StagedResource]:
    """The resource of a kind of list; raises KeyError for one that nobody announced."""
    return _registered[kind]


def kinds() -> dict[str, type[StagedResource]]:
    """All kinds of lists: first the one that comes first, then in the order they were announced."""
    return dict(sorted(_registered.items(), key=lambda each: not each[1].comes_first))
