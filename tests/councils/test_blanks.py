import pytest

from councils import blanks
from councils.models import Council, Zone
from cunsao.prepared import Question
from reports.models import CampaignTarget
from tests.factories import make_account, make_chair, make_county, make_staff, make_township, make_village

pytestmark = pytest.mark.django_db


@pytest.fixture
def readers():
    """Of two counties: who works for each, for their townships and for their villages."""
    found = []
    for county in (make_county(), make_county()):
        township = make_township(county, villages=2)
        villages = [*Council.objects.filter(parent=township), make_village(make_township(county), zones=2)]
        found += [make_staff(county), make_chair(township), *(make_account(village) for village in villages)]
    return found


@pytest.mark.parametrize("model", [Council, Zone, CampaignTarget])
def test_any_reader_sees_what_each_of_them_does(readers, model, django_assert_num_queries):
    for reader in readers:
        level = reader.council.level
        asked = Question(model.objects.visible_to(blanks.reader(level)).order_by("pk").values_list("pk"))
        with django_assert_num_queries(1):
            found = asked.ask(blanks.filled(reader.council))
        assert [pk for (pk,) in found] == list(
            model.objects.visible_to(reader).order_by("pk").values_list("pk", flat=True)
        )


def test_no_two_readers_of_one_level_are_answered_alike(readers):
    rows = {}
    for reader in readers:
        asked = Question(Council.objects.visible_to(blanks.reader(reader.council.level)).values_list("code"))
        rows[reader] = {code for (code,) in asked.ask(blanks.filled(reader.council))}
        assert reader.council.code in rows[reader]
        assert all(code.startswith(reader.council.code) for code in rows[reader])
    assert len({frozenset(each) for each in rows.values()}) == len(readers)
