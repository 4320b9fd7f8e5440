from hypothesis import given
from hypothesis import strategies as st

from cunsao.personal_data import masks
from tests.cunsao.personal_data.invented import digits, id_number, with_check_digit, women_ids

ALL = [masks.masked_id, masks.masked_phone, masks.masked_account, masks.hidden]


def test_numbers_are_shown_as_agreed():
    number = id_number()
    assert masks.masked_id(number) == "341226********" + number[-4:]
    assert masks.masked_phone("13800001234") == "138****1234"
    assert masks.masked_account("6217000000000001234") == "6217***********1234"


@given(women_ids)
def test_a_masked_id_never_contains_the_birthday(number):
    assert number[6:14] not in masks.masked_id(number)
    assert masks.masked_id(number).count("*") == 8


@given(digits, st.sampled_from(ALL))
def test_any_other_text_shows_half_of_itself_at_most(text, mask):
    regular = {masks.masked_id: len(text) == 18, masks.masked_phone: len(text) == 11}.get(mask, False)
    shown = mask(text).replace("*", "")
    assert len(shown) <= (10 if regular else len(text) // 2)


@given(digits, st.sampled_from(ALL))
def test_any_mask_is_known_as_one_and_no_number_is(text, mask):
    assert masks.is_mask(mask(text))
    assert not masks.is_mask(text)


@given(st.text("0123456789", min_size=12, max_size=18).map(with_check_digit))
def test_a_masked_account_never_contains_the_middle(number):
    assert number[4:-4] not in masks.masked_account(number)
