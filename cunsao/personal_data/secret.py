"""A personal number as the program carries it: shown masked, opened only by name."""

from collections.abc import Callable
from typing import Any, NoReturn, Self

from cunsao.personal_data import cipher, masks

Mask = Callable[[str], str]


class Secret:
    """A text that shows its mask wherever it is printed. `.clear` is the text itself.

    A secret read from a table stays sealed until somebody needs it, so a torn value raises CannotUnseal where it is
    shown, not where its row is listed. Equal to the same text, secret or plain. It cannot be pickled: caches, sessions
    and task queues are no place for it.
    """

    __slots__ = ("_context", "_mask", "_sealed", "_text")

    def __init__(self, text: str, mask: Mask = masks.hidden) -> None:
        self._text: str | None = text
        self._mask = mask
        self._sealed: bytes | None = None
        self._context = ""

    @classmethod
    def of_column(cls, sealed: bytes, context: str, mask: Mask = masks.hidden) -> Self:
        """The secret that `sealed` holds, unopened."""
        secret = cls.__new__(cls)
        secret._text, secret._mask, secret._sealed, secret._context = None, mask, sealed, context
        return secret

    @property
    def clear(self) -> str:
        """The whole text. Only importers, the bank file, a reveal with its reason and the change of keys ask for it."""
        if self._text is None:
            self._text = cipher.unseal(self._sealed or b"", self._context)
        return self._text

    @property
    def is_stored(self) -> bool:
        """Whether it came from a table, so that its text was checked before."""
        return self._sealed is not None

    def masked_by(self, mask: Mask) -> "Secret":
        """The same secret, shown through another mask."""
        if mask is self._mask:
            return self
        secret = Secret.__new__(Secret)
        secret._text, secret._mask, secret._sealed, secret._context = self._text, mask, self._sealed, self._context
        return secret

    def sealed_for(self, context: str) -> bytes:
        """What the column `context` stores: unchanged if it came from there and its key is still the newest."""
        if self._sealed is not None and self._context == context and cipher.is_newest(self._sealed):
            return self._sealed
        return cipher.seal(self.clear, context)

    def __str__(self) -> str:
        return self._mask(self.clear)

    def __repr__(self) -> str:
        return f"<Secret {self}>"

    def __format__(self, spec: str) -> str:
        return format(str(self), spec)

    def __eq__(self, other: object) -> bool:
        if isinstance(other, Secret):
            return self.clear == other.clear
        if isinstance(other, str):
            return self.clear == other
        return NotImplemented

    def __hash__(self) -> int:
        return hash(self.clear)

    def __copy__(self) -> Self:
        return self

    def __deepcopy__(self, memo: dict[int, Any]) -> Self:
        return self

    def __reduce_ex__(self, protocol: object) -> NoReturn:
        raise TypeError("A secret is not written out: not to a cache, a session or a queue.")
