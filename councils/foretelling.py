"""What is said of a deed before it is done: what it will change, or why it is not done."""

from dataclasses import dataclass, field


class Refused(Exception):
    """The deed would break a rule; says which and what to do instead. `field` is the form field it is about."""

    def __init__(self, message: str, field: str = "") -> None:
        super().__init__(message)
        self.field = field


@dataclass
class Preview:
    """What a deed will change: sentences for the reader, those to think about again apart."""

    changes: list[str] = field(default_factory=list)
    cautions: list[str] = field(default_factory=list)
