"""What village sisters do: the six roles, their kinds of work, each with its unit and its own particulars.

A catalogue, not a table: a further kind is one entry of KINDS and its translation. Keys are stored; never change one.
"""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any, NamedTuple

from django.core.exceptions import ValidationError
from django.db import models
from django.utils.translation import gettext
from django.utils.translation import gettext_lazy as _

MOST = 99_999  # of anything in one particular
Choices = Mapping[str, Any]  # {stored key: label}


class Role(models.TextChoices):
    PUBLICIST = "publicist", _("policy and law publicist")
    INSPECTOR = "inspector", _("village environment inspector")
    CIVILITY = "civility", _("civility leader")
    MEDIATOR = "mediator", _("dispute mediator")
    INFORMANT = "informant", _("village information officer")
    HELPER = "helper", _("helper of the weak")


class Unit(models.TextChoices):
    HOUSEHOLD_VISITS = "household_visits", _("household visits")
    PERSON_TIMES = "person_times", _("person-times")
    TIMES = "times", _("time(s)")
    HOUSEHOLDS = "households", _("home(s)")
    MATTERS = "matters", _("case(s)")
    CASE_TIMES = "case_times", _("case-times")
    ITEMS = "items", _("item(s)")


class Particular(NamedTuple):
    """One thing more that is asked about a kind: one of `choices`, or a whole number, or else a text."""

    key: str
    label: Any
    choices: Choices = {}
    number: bool = False
    longest: int = 60
    required: bool = False

    def read(self, value: Any) -> str | int:
        """The value as it is stored, "" for nothing said. Raises ValidationError with a sentence."""
        said = "" if value is None else str(value).strip()
        if not said:
            if self.required:
                raise ValidationError(gettext("“%(what)s” is missing. Fill it in.") % {"what": self.label})
            return ""
        if self.choices:
            return self._chosen(said)
        if self.number:
            return self._counted(said)
        if len(said) > self.longest:
            words = {"what": self.label, "length": self.longest}
            raise ValidationError(gettext("“%(what)s” is longer than %(length)d characters. Shorten it.") % words)
        return said

    def told(self, value: Any) -> str:
        """The stored value in the reader's language."""
        return str(self.choices.get(value, value))

    def _chosen(self, said: str) -> str:
        if said not in self.choices:
            known = "、".join(str(label) for label in self.choices.values())
            words = {"what": self.label, "text": said[:20], "choices": known}
            raise ValidationError(gettext("“%(text)s” is no choice of “%(what)s”. Choose one of: %(choices)s.") % words)
        return said

    def _counted(self, said: str) -> int:
        if not said.isascii() or not said.isdecimal() or int(said) > MOST:
            words = {"what": self.label, "most": MOST}
            raise ValidationError(gettext("“%(what)s” is a whole number from 0 to %(most)d.") % words)
        return int(said)


@dataclass(frozen=True)
class Kind:
    """One kind of work. `counts` is the figure of the county's case report that its quantities make up.

    A `household` kind names one household a record. What has `its_own` table (dispute, hazard) is entered there; its
    record among the activities follows by itself and holds numbers only.
    """

    key: str
    role: Role
    label: Any
    unit: Unit
    particulars: tuple[Particular, ...] = ()
    counts: str = ""
    household: bool = False
    its_own: str = ""

    @property
    def in_sheet(self) -> bool:
        """Whether a bare quantity says enough, so that a month's sheet has a column for it."""
        return not self.household and not self.its_own and not any(each.required for each in self.particulars)

    def read(self, said: Mapping[str, Any]) -> dict[str, str | int]:
        """The particulars as they are stored; raises ValidationError by key, also for one this kind does not have."""
        known = {each.key: each for each in self.particulars}
        faults: dict[str, Any] = {
            key: gettext("“%(kind)s” has no such particular.") % {"kind": self.label}
            for key in said
            if key not in known
        }
        found = {}
        for key, particular in known.items():
            try:
                value = particular.read(said.get(key))
            except ValidationError as fault:
                faults[key] = fault
                continue
            if value != "":
                found[key] = value
        if faults:
            raise ValidationError(faults)
        return found


LEVELS = {"village": _("village level"), "township": _("township level"), "county": _("county level")}
LEVEL = Particular("level", _("chosen at"), LEVELS, required=True)
HELD_AT = Particular("level", _("held at"), LEVELS)
TOPICS = {
    "policy": _("policy of the Party and the state"), "law": _("law"), "women": _("rights of women and children"),
    "fraud": _("telephone and net fraud"), "health": _("health and epidemics"), "insurance": _("medical insurance"),
    "safety": _("safety"), "other": _("other"),
}  # fmt: skip
TOPIC = Particular("topic", _("topic"), TOPICS)
FOUND = {"good": _("in order"), "mended": _("mended at once"), "reported": _("told to the village")}
FEASTS = {
    "school": _("school-leaving feast"), "birthday": _("birthday feast"), "house": _("house-warming feast"),
    "baby": _("full-month feast"), "other": _("other"),
}  # fmt: skip
TITLES = {
    "mother_in_law": _("good mother-in-law"), "daughter_in_law": _("good daughter-in-law"),
    "sister_in_law": _("good sister-in-law"), "neighbour": _("good neighbour"), "other": _("other role model"),
}  # fmt: skip
ELDERLY = {"left_behind": _("left-behind elderly"), "lone": _("lone elderly")}
CARE = {
    "company": _("company and talk"), "house": _("housework"), "goods": _("things brought"),
    "doctor": _("to the doctor"), "other": _("other"),
}  # fmt: skip
CHILD_CARE = {
    "company": _("company and talk"), "homework": _("homework"), "goods": _("things brought"),
    "safety": _("safety lesson"), "other": _("other"),
}  # fmt: skip
PERSON = Particular("person", _("the person recommended"), longest=40)
PERSONS = Particular("persons", _("people taking part"), number=True)

KINDS: dict[str, Kind] = {
    kind.key: kind
    for kind in (
        Kind("policy_visit", Role.PUBLICIST, _("policy explained at home"), Unit.HOUSEHOLD_VISITS, (TOPIC,)),
        Kind("policy_reach", Role.PUBLICIST, _("people reached with policy"), Unit.PERSON_TIMES, (TOPIC,)),
        Kind("vaccination", Role.PUBLICIST, _("taken to vaccination"), Unit.PERSON_TIMES),
        Kind(
            "inspection", Role.INSPECTOR, _("environment inspection"), Unit.TIMES,
            (Particular("found", _("what was found"), FOUND),),
        ),
        Kind(
            "courtyard", Role.INSPECTOR, _("beautiful courtyard"), Unit.HOUSEHOLDS, (LEVEL,), "model_households", True,
        ),
        Kind(
            "clean_household", Role.INSPECTOR, _("clean, civil household"), Unit.HOUSEHOLDS, (LEVEL,),
            "model_households", True,
        ),
        Kind("wedding", Role.CIVILITY, _("wedding kept modest"), Unit.CASE_TIMES, (), "simple_ceremonies"),
        Kind("funeral", Role.CIVILITY, _("funeral kept simple"), Unit.CASE_TIMES, (), "simple_ceremonies"),
        Kind(
            "feast", Role.CIVILITY, _("feast left out"), Unit.CASE_TIMES,
            (Particular("occasion", _("occasion"), FEASTS),), "simple_ceremonies",
        ),
        Kind(
            "beautiful_family", Role.CIVILITY, _("most beautiful family activity"), Unit.TIMES, (HELD_AT, PERSONS),
            "family_campaigns",
        ),
        Kind(
            "five_good_family", Role.CIVILITY, _("five-good family activity"), Unit.TIMES, (HELD_AT, PERSONS),
        ),
        Kind(
            "civil_family", Role.CIVILITY, _("civil family activity"), Unit.TIMES, (HELD_AT, PERSONS),
            "family_campaigns",
        ),
        Kind(
            "role_model", Role.CIVILITY, _("role model recommended"), Unit.ITEMS,
            (Particular("title", _("honorary title"), TITLES), PERSON), "role_models",
        ),
        Kind(
            "dispute", Role.MEDIATOR, _("dispute settled"), Unit.MATTERS, counts="disputes_mediated", its_own="dispute"
        ),
        Kind("hazard_mended", Role.INFORMANT, _("hazard put right on the spot"), Unit.ITEMS, its_own="hazard"),
        Kind(
            "hazard_reported", Role.INFORMANT, _("hazard reported upward"), Unit.ITEMS, counts="hazards_reported",
            its_own="hazard",
        ),
        Kind(
            "elderly", Role.HELPER, _("visit to left-behind or lone elderly"), Unit.PERSON_TIMES,
            (Particular("whom", _("whom"), ELDERLY), Particular("care", _("what was done"), CARE)), "elderly_visits",
        ),
        Kind(
            "child", Role.HELPER, _("visit to left-behind children"), Unit.PERSON_TIMES,
            (Particular("care", _("what was done"), CHILD_CARE),), "children_visits",
        ),
    )
}  # fmt: skip


def choices() -> list[tuple[str, Any]]:
    """For the kind's column, by role: a callable, so that a new kind makes no migration."""
    return [(kind.key, kind.label) for kind in KINDS.values()]


def of_role(role: str) -> list[Kind]:
    return [kind for kind in KINDS.values() if kind.role == role]


def counted_as(figure: str) -> list[str]:
    """The keys of the kinds that make up a figure of the case report."""
    return [kind.key for kind in KINDS.values() if kind.counts == figure]
