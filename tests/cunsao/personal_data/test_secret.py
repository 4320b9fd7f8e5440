import copy
import json
import pickle

import pytest
from django.template import Context, Engine
from hypothesis import given
from hypothesis import strategies as st

from cunsao.personal_data import Secret, cipher, masks
from cunsao.personal_data.cipher import CannotUnseal
from tests.cunsao.personal_data.invented import NEW, OLD, id_number, keys

PLACE = "members.member.national_id"
NUMBER = id_number()
MASKED = masks.masked_id(NUMBER)


def stored(text=NUMBER):
    return Secret.of_column(cipher.seal(text, PLACE), PLACE, masks.masked_id)


def test_a_secret_shows_its_mask_wherever_it_is_printed():
    secret = Secret(NUMBER, masks.masked_id)
    page = Engine().from_string("{{ number }} {{ number|upper }}").render(Context({"number": secret}))
    for shown in (str(secret), repr(secret), f"{secret}", f"{secret:>30}", f"{[secret]}", "%s" % secret, page):  # noqa: UP031
        assert MASKED in shown
        assert NUMBER[6:14] not in shown


def test_a_secret_without_a_mask_shows_half_at_most():
    assert NUMBER[4:-4] not in str(Secret(NUMBER))


def test_clear_is_the_whole_text_stored_or_not():
    with keys():
        assert Secret(NUMBER).clear == stored().clear == NUMBER
        assert stored().is_stored
        assert not Secret(NUMBER).is_stored


def test_a_stored_secret_is_opened_only_when_needed():
    with keys():
        torn = Secret.of_column(b"torn", PLACE)
        assert torn.is_stored
        with pytest.raises(CannotUnseal):
            str(torn)


@given(st.text(min_size=1), st.text(min_size=1))
def test_any_secrets_are_equal_by_their_text(one, other):
    assert (Secret(one) == Secret(other)) == (Secret(one) == other) == (one == other)
    assert hash(Secret(one)) == hash(Secret(one, masks.masked_id))
    assert Secret(one) != 0


def test_a_secret_is_never_written_out():
    for write in (pickle.dumps, json.dumps):
        with pytest.raises(TypeError):
            write(Secret(NUMBER))
    with pytest.raises(TypeError):
        vars(Secret(NUMBER))


def test_a_copied_secret_is_the_same_secret():
    secret = Secret(NUMBER)
    assert copy.copy(secret) is copy.deepcopy([secret])[0] is secret


def test_another_mask_changes_nothing_but_the_mask():
    with keys():
        secret = stored()
        assert secret.masked_by(masks.masked_id) is secret
        other = secret.masked_by(masks.hidden)
        assert other == secret
        assert str(other) != str(secret)


def test_a_column_gets_back_what_it_holds_unless_key_or_column_changed():
    with keys(OLD):
        secret = stored()
        held = secret.sealed_for(PLACE)
        assert secret.sealed_for(PLACE) == held
        elsewhere = secret.sealed_for("members.mergedrecord.national_id")
        assert cipher.unseal(elsewhere, "members.mergedrecord.national_id") == NUMBER
    with keys(NEW, OLD):
        renewed = secret.sealed_for(PLACE)
        assert renewed != held
        assert cipher.is_newest(renewed)
