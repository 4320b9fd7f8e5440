import pytest
from django.core.exceptions import ValidationError

from reports import kinds
from reports.kinds import KINDS, Kind, Particular, Role, Unit
from reports.models import Activity
from tests.factories import make_activity, make_village

pytestmark = pytest.mark.django_db

MISSION = {  # what the federation's own list of the six roles says is logged, and in which unit
    Role.PUBLICIST: {Unit.HOUSEHOLD_VISITS, Unit.PERSON_TIMES},
    Role.INSPECTOR: {Unit.TIMES, Unit.HOUSEHOLDS},
    Role.CIVILITY: {Unit.CASE_TIMES, Unit.TIMES, Unit.ITEMS},
    Role.MEDIATOR: {Unit.MATTERS},
    Role.INFORMANT: {Unit.ITEMS},
    Role.HELPER: {Unit.PERSON_TIMES},
}
CASE = {
    "model_households": {"courtyard", "clean_household"}, "simple_ceremonies": {"wedding", "funeral", "feast"},
    "family_campaigns": {"beautiful_family", "civil_family"}, "role_models": {"role_model"},
    "disputes_mediated": {"dispute"}, "hazards_reported": {"hazard_reported"}, "elderly_visits": {"elderly"},
    "children_visits": {"child"},
}  # fmt: skip


def test_each_role_has_its_kinds_in_the_units_of_the_federation():
    assert {role: {kind.unit for kind in kinds.of_role(role)} for role in Role} == MISSION


def test_the_figures_of_the_case_report_name_their_kinds():
    assert {figure: set(kinds.counted_as(figure)) for figure in CASE} == CASE


def test_a_further_kind_is_one_entry(monkeypatch, capsys):
    """Nothing else: no migration, no form of its own."""
    new = Kind("song", Role.PUBLICIST, "song taught", Unit.TIMES, (Particular("title", "title", required=True),))
    monkeypatch.setitem(KINDS, "song", new)
    village = make_village()
    song = make_activity(village, kind="song", particulars={"title": "歌"})
    assert (song.get_kind_display(), song.role, song.particulars) == ("song taught", "publicist", {"title": "歌"})
    assert Activity.objects.of_role("publicist").get() == song


@pytest.mark.parametrize("said", [{}, {"level": ""}, {"level": "world"}, {"level": "county", "colour": "red"}], ids=str)
def test_a_kind_refuses_particulars_it_cannot_store(said):
    with pytest.raises(ValidationError):
        KINDS["courtyard"].read(said)


@pytest.mark.parametrize("number", ["-1", "1.5", "十", "100000", "１"])
def test_a_number_is_a_whole_number(number):
    with pytest.raises(ValidationError):
        KINDS["beautiful_family"].read({"persons": number})


def test_particulars_are_stored_as_they_are_meant():
    assert KINDS["beautiful_family"].read({"persons": " 12 ", "level": ""}) == {"persons": 12}


def test_a_sheet_has_only_what_a_bare_quantity_says():
    assert not {"courtyard", "dispute", "hazard_reported", "hazard_mended"} & {
        kind.key for kind in KINDS.values() if kind.in_sheet
    }
