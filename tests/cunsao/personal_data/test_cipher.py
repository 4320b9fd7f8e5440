import pytest
from django.core.exceptions import ImproperlyConfigured
from hypothesis import given
from hypothesis import strategies as st

from cunsao.personal_data import cipher
from cunsao.personal_data.cipher import CannotUnseal
from tests.cunsao.personal_data.invented import NEW, OLD, keys

PLACE = "members.member.national_id"
both_ciphers = pytest.mark.parametrize("kind", ["aes", "sm4"])


@both_ciphers
@given(text=st.text(), context=st.text())
def test_any_text_comes_back_as_it_was_sealed(kind, text, context):
    with keys(cipher=kind):
        assert cipher.unseal(cipher.seal(text, context), context) == text


@both_ciphers
@given(text=st.text(min_size=4), place=st.integers(0), bit=st.integers(0, 7))
def test_any_flipped_bit_is_noticed(kind, text, place, bit):
    with keys(cipher=kind):
        sealed = bytearray(cipher.seal(text, PLACE))
        sealed[place % len(sealed)] ^= 1 << bit
        with pytest.raises(CannotUnseal):
            cipher.unseal(bytes(sealed), PLACE)


@both_ciphers
def test_any_piece_cut_off_is_noticed(kind):
    with keys(cipher=kind):
        sealed = cipher.seal("0000", PLACE)
        for length in range(len(sealed)):
            with pytest.raises(CannotUnseal):
                cipher.unseal(sealed[:length], PLACE)


def test_a_value_moved_to_another_column_does_not_open():
    with keys():
        sealed = cipher.seal("0000", PLACE)
        with pytest.raises(CannotUnseal):
            cipher.unseal(sealed, "members.member.phone")


@both_ciphers
def test_the_same_text_is_sealed_differently_each_time(kind):
    with keys(cipher=kind):
        assert len({cipher.seal("0000", PLACE) for _ in range(100)}) == 100


def test_old_keys_and_both_ciphers_open_side_by_side():
    sealed = []
    for kind in ("aes", "sm4"):
        for ring in ([OLD], [NEW, OLD]):
            with keys(*ring, cipher=kind):
                sealed.append(cipher.seal("0000", PLACE))
    with keys(NEW, OLD, cipher="sm4"):
        assert [cipher.unseal(value, PLACE) for value in sealed] == ["0000"] * 4


def test_resealing_takes_the_newest_key_and_the_cipher_now_set_and_then_rests():
    with keys(OLD):
        old = cipher.seal("0000", PLACE)
    with keys(NEW, OLD, cipher="sm4"):
        assert not cipher.is_newest(old)
        new = cipher.reseal(old, PLACE)
        assert cipher.is_newest(new)
        assert cipher.reseal(new, PLACE) == new
    with keys(NEW):
        assert cipher.unseal(new, PLACE) == "0000"


def test_resealing_notices_a_torn_value_even_of_the_newest_key():
    with keys(), pytest.raises(CannotUnseal):
        cipher.reseal(cipher.seal("0000", PLACE)[:-1], PLACE)


def test_a_missing_key_is_named_and_a_false_one_refused_without_showing_either():
    with keys(OLD):
        sealed = cipher.seal("0000", PLACE)
    with keys(NEW), pytest.raises(CannotUnseal, match="2024") as missing:
        cipher.unseal(sealed, PLACE)
    false = f"2024:{'4d' * 32}"
    with keys(false), pytest.raises(CannotUnseal, match="2024") as wrong:
        cipher.unseal(sealed, PLACE)
    for refusal in (missing.value, wrong.value):
        assert not any(key[5:15] in str(refusal) for key in (OLD, NEW, false))
        assert refusal.__cause__ is None


@pytest.mark.parametrize(
    "ring",
    [
        [],
        ["2024"],
        [":" + "1a" * 32],
        ["2024:1a"],
        ["2024:" + "secret" * 20],
        [OLD, OLD],
        ["x" * 256 + ":" + "1a" * 32],
    ],
)
def test_settings_that_cannot_work_are_refused_without_showing_the_key(ring):
    with keys() as _, pytest.raises(ImproperlyConfigured) as refused:
        cipher.Ring(tuple(ring), "aes")
    assert "1a1a" not in str(refused.value)
    assert "secretsecret" not in str(refused.value)


def test_an_unknown_cipher_is_refused():
    with keys(cipher="rot13"), pytest.raises(ImproperlyConfigured, match="aes, sm4"):
        cipher.seal("0000", PLACE)


def test_the_ring_shows_no_key():
    ring = cipher.Ring((NEW,), "aes")
    assert "2b2b" not in repr(ring) + repr(ring.newest)


@given(st.text(), st.text())
def test_fingerprints_are_equal_for_equal_texts_alone(one, other):
    with keys():
        assert (cipher.fingerprint(one, "phone") == cipher.fingerprint(other, "phone")) == (one == other)


def test_a_fingerprint_depends_on_purpose_and_key():
    with keys():
        found = {cipher.fingerprint("0000", purpose) for purpose in ("phone", "national_id")}
    with keys(prints="4d" * 32):
        found.add(cipher.fingerprint("0000", "phone"))
    assert len(found) == 3
    assert {len(value) for value in found} == {32}


def test_no_fingerprint_without_its_key():
    with keys(prints=""), pytest.raises(ImproperlyConfigured, match="FINGERPRINT_KEY"):
        cipher.fingerprint("0000", "phone")
