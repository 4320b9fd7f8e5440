"""Figures of people and places: who serves where, the net and its holes, insurance and training, honours, advancement.

Model households and role models are counted in the ledger of honours, which tells one household or person from
another, knows the level of each award and its document. What a village logs as chosen or recommended (kinds courtyard,
clean_household, role_model) is its work of the month, and stands with the work.
"""

from typing import Any

from django.db.models import CharField, Exists, OuterRef, Q, QuerySet, Value
from django.db.models.functions import Cast, Concat
from django.utils.translation import gettext_lazy as _

from councils.models import VILLAGES, Council, Level, Zone
from members.models import (
    Advancement,
    Attendance,
    Honour,
    HonourGroup,
    InsuredMember,
    Membership,
    PolicyKind,
    ZoneAssignment,
)
from members.models.advancement import Stage, steps_of
from members.models.honour import HonourLevel
from reports.indicators.indicator import Indicator, Rule, Unit, Where, counted, everything, in_days, runs_on
from reports.periods import Period

PEOPLE = counted("member")
HOUSE = Concat(Cast("village", CharField()), Value("\n"), "household", Value("\n"), "house_number")
COUNTED_LEVELS = (HonourLevel.VILLAGE, HonourLevel.TOWNSHIP, HonourLevel.COUNTY)
MODEL_HOUSEHOLDS = ("美丽庭院", "清洁文明户")  # names of kinds of honours, as members/migrations has them


def _serves(period: Period, council: Council) -> Q:
    """One membership for each person who served on the day: the open one, of which nobody has two, else her last.

    So the rows are persons, and need not be told apart while they are counted.
    """
    day = period.last
    others = Membership._base_manager.filter(runs_on(day), member=OuterRef("member"))
    later = others.filter(Q(end=None) | Q(pk__gt=OuterRef("pk")))
    return Q(Q(end=None) | Q(Q(end__gte=day), ~Q(Exists(later))), start__lte=day)


def _listed(rows: QuerySet[Any], way: str, name: str, council: Council) -> Q:
    """Records whose `name` is what `way` leads to in one of the rows.

    A county asks of nearly all, so the rows are listed once; a township or a village asks row by row of a few.
    """
    if council.level == Level.COUNTY:
        return Q(**{f"{name}__in": rows.values(way)})
    return Q(Exists(rows.filter(**{way: OuterRef(name)})))


def _of_county(way: str, council: Council) -> Q:
    """Nobody has ties to two counties; where the way is short, a list need not be that of all there are."""
    return Q(**{f"{way}__code__startswith": council.code[:6]})


def _covered(period: Period, council: Council) -> Q:
    day = period.last
    insured = InsuredMember._base_manager.filter(
        _of_county("policy__council", council), policy__kind=PolicyKind.ACCIDENT, start__lte=day, end__gte=day
    )
    return _listed(insured, "member", "member", council)


def _trained(period: Period, council: Council) -> Q:
    attended = Attendance._base_manager.filter(
        _of_county("session__council", council), session__day__range=(period.since_january().first, period.last)
    )
    return _listed(attended, "member", "member", council)


def _has_zone(period: Period, council: Council) -> Q:
    return _listed(ZoneAssignment._base_manager.filter(runs_on(period.last)), "member", "member", council)


def _of_members(key: str, name: Any, meaning: Any, where: Where = everything, **more: Any) -> Indicator:
    return Indicator(
        key, name, Unit.PERSONS, meaning, Rule.STOCK, Membership, where, among=_serves, prepared=True, **more
    )


def _villages(period: Period, council: Council) -> Q:
    return Q(level__in=VILLAGES)


def _stood(period: Period, council: Council) -> Q:
    """Open on the day."""
    day = period.last
    return Q(Q(opened=None) | Q(opened__lte=day), Q(closed=None) | Q(closed__gt=day))


def _peopled(period: Period, council: Council) -> Q:
    return _listed(Membership._base_manager.filter(runs_on(period.last)), "village", "pk", council)


def _zone_stood(period: Period, council: Council) -> Q:
    return Q(Q(closed=None) | Q(closed__gt=period.last))


def _looked_after(period: Period, council: Council) -> Q:
    return _listed(ZoneAssignment._base_manager.filter(runs_on(period.last)), "zone", "pk", council)


MEMBERS = _of_members("members", _("village sisters"), _("Persons who were members on this day."))
INSURED = _of_members("insured", _("members insured"), _("Members whom accident insurance covered on this day."),
                      _covered)  # fmt: skip
STOCK = [
    MEMBERS,
    Indicator("villages", _("villages and communities"), Unit.ITEMS, _("Villages and communities that stood on this "
              "day."), Rule.STOCK, Council, _stood, place="", among=_villages, prepared=True),
    Indicator("villages_covered", _("villages and communities covered"), Unit.ITEMS, _("Villages and communities with "
              "at least one member on this day."), Rule.STOCK, Council, _peopled, place="", among=_villages,
              prepared=True),
    Indicator("zones", _("grid zones"), Unit.ITEMS, _("Grid zones that stood on this day."), Rule.STOCK, Zone,
              everything, among=_zone_stood, prepared=True),
    Indicator("zones_without_member", _("grid zones without a member"), Unit.ITEMS, _("Grid zones that nobody looked "
              "after on this day."), Rule.STOCK, Zone, lambda *asked: ~_looked_after(*asked), among=_zone_stood,
              prepared=True),
    _of_members("members_without_zone", _("members without a zone"), _("Members who looked after no grid zone on this "
                "day."), lambda *asked: ~_has_zone(*asked)),
    INSURED,
    _of_members("uncovered", _("members not insured"), _("Members whom no accident insurance covered on this day."),
                lambda *asked: ~_covered(*asked), rest=(MEMBERS, INSURED)),
    _of_members("trained", _("members trained this year"), _("Members of this day who attended at least one training "
                "session in its year."), _trained),
    Indicator("joined", _("members who joined"), Unit.PERSONS, _("Persons whose membership of a village began in the "
              "period, transfers included."), Rule.FLOW, Membership, in_days("start"), PEOPLE, prepared=True),
    Indicator("left", _("members who left"), Unit.PERSONS, _("Persons whose membership of a village ended in the "
              "period, transfers included."), Rule.FLOW, Membership, in_days("end"), PEOPLE, prepared=True),
]  # fmt: skip


def _given(period: Period) -> Q:
    """An honour by its day; one that only tells its year counts from the first day of it."""
    first, last = period.first, period.last
    year = first.year if (first.month, first.day) == (1, 1) else first.year + 1
    return Q(day__range=(first, last)) | Q(day=None, year__range=(year, last.year))


def _model_households(period: Period, council: Council) -> Q:
    return _given(period) & Q(kind__name__in=MODEL_HOUSEHOLDS, level__in=COUNTED_LEVELS)


def _role_models(period: Period, council: Council) -> Q:
    return _given(period) & Q(kind__group=HonourGroup.ROLE_MODEL)


def _of_stage(stage: Stage) -> list[str]:
    return [str(step) for step in steps_of(stage)]


def _advanced(key: str, name: Any, meaning: Any, stage: Stage) -> Indicator:
    steps = Q(step__in=_of_stage(stage))
    return Indicator(key, name, Unit.PERSONS, meaning, Rule.EVER, Advancement,
                     lambda period, council: steps & in_days("day")(period, council), PEOPLE)  # fmt: skip


LEDGERS = [
    Indicator("role_models", _("role models"), Unit.ITEMS, _("Awards as good mother-in-law, good daughter-in-law and "
              "other role models, since the beginning."), Rule.EVER, Honour, _role_models, alone=True),
    Indicator("model_households", _("beautiful courtyards and clean, civil households"), Unit.HOUSEHOLDS,
              _("Different households chosen at village, township or county level, since the beginning; one chosen "
                "twice is one."), Rule.EVER, Honour, _model_households, counted(HOUSE), rounded=True, alone=True),
    Indicator("model_household_awards", _("awards to model households"), Unit.TIMES, _("Awards as beautiful courtyard "
              "or clean, civil household at the three levels, since the beginning."), Rule.EVER, Honour,
              _model_households),
    Indicator("honours", _("honours given"), Unit.TIMES, _("Honours of all groups given in the period."), Rule.FLOW,
              Honour, lambda period, council: _given(period)),
    _advanced("party_activists", _("members who became applicants for the Party"), _("Members who became applicants "
              "for the Party, since the beginning."), Stage.APPLICANT),
    _advanced("party_members", _("members who became Party members"), _("Members who became Party members, since the "
              "beginning."), Stage.PARTY),
    _advanced("delegates", _("members elected delegate or committee member"), _("Members elected to a Party congress, "
              "a people's congress or a consultative conference, since the beginning; with two seats one is one."),
              Stage.DELEGATE),
    _advanced("village_cadres", _("members who entered the two village committees or the reserve"), _("Members who "
              "entered the two village committees or the reserve of cadres, since the beginning."), Stage.CADRE),
]  # fmt: skip
