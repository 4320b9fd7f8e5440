"""How a personal number is shown to whoever has no reason to read it.

A mask still tells something: 341226********0047 leaves 1,924 numbers, and one beside a birthday. Who sees this mask
must not see birthday or age.
"""

STAR = "*"
RUN = STAR * 3  # every mask has it, no number does


def masked_id(text: str) -> str:
    """The county's six digits and the last four of an 18-character ID number."""
    return _masked(text, 6, 4) if len(text) == 18 else hidden(text)


def masked_phone(text: str) -> str:
    """The first three and the last four digits of a mobile number; less of any other."""
    return _masked(text, 3, 4) if len(text) == 11 and text.startswith("1") else hidden(text)


def masked_account(text: str) -> str:
    """The first four and the last four digits of a card or account of 16 digits and more."""
    return _masked(text, 4, 4) if len(text) >= 16 else hidden(text)


def hidden(text: str) -> str:
    """Never more than half of any text: a quarter at each end, and at least three stars."""
    return _masked(text, len(text) // 4, len(text) // 4) if len(text) > 5 else RUN


def is_mask(text: str) -> bool:
    """Whether `text` is a number as one of these functions shows it."""
    return RUN in text


def _masked(text: str, first: int, last: int) -> str:
    return text[:first] + STAR * (len(text) - first - last) + text[len(text) - last :]
