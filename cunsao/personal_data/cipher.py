"""Sealing personal numbers, and the keyed fingerprints they are found by.

A sealed value is: version (1 byte), cipher (1), length of the key's name (1), the key's name, nonce (12), sealed text,
tag (16). What stands before the nonce is authenticated together with the context, the column's name: a value that was
relabelled, or moved to another column, does not open.

PERSONAL_DATA_KEYS lists "name:hexadecimal" from the newest to the oldest: the first one seals, all of them open.
CUNSAO_CIPHER says "aes" (AES-256-GCM, the default) or "sm4" (SM4-GCM, GB/T 32907); each opens what the other sealed.
FINGERPRINT_KEY, hexadecimal, never changes: fingerprints are compared, so there is no older one to open.
"""

import os
from collections.abc import Callable, Iterator
from functools import lru_cache
from hashlib import sha256
from typing import Protocol

from cryptography.exceptions import InvalidTag
from cryptography.hazmat.primitives.ciphers import Cipher, algorithms, modes
from cryptography.hazmat.primitives.ciphers.aead import AESGCM
from cryptography.hazmat.primitives.hashes import SHA256
from cryptography.hazmat.primitives.kdf.hkdf import HKDFExpand
from django.conf import settings
from django.core.exceptions import ImproperlyConfigured
from django.utils.translation import gettext

VERSION = 1
NONCE, TAG = 12, 16
DRAWN = 256  # nonces at a time
SHORTEST_KEY = 32  # bytes
INNER, OUTER = bytes(byte ^ 0x36 for byte in range(256)), bytes(byte ^ 0x5C for byte in range(256))


class CannotUnseal(ValueError):
    """A sealed value that does not open. The message names the key at most, never what is in it."""


class Sealing(Protocol):
    def encrypt(self, nonce: bytes, data: bytes, associated_data: bytes, /) -> bytes: ...
    def decrypt(self, nonce: bytes, data: bytes, associated_data: bytes, /) -> bytes: ...


class SM4GCM:
    """SM4 in Galois/counter mode, in the shape of AESGCM."""

    def __init__(self, key: bytes) -> None:
        self._sm4 = algorithms.SM4(key)

    def encrypt(self, nonce: bytes, data: bytes, associated_data: bytes) -> bytes:
        encryptor = Cipher(self._sm4, modes.GCM(nonce)).encryptor()
        encryptor.authenticate_additional_data(associated_data)
        return encryptor.update(data) + encryptor.finalize() + encryptor.tag

    def decrypt(self, nonce: bytes, data: bytes, associated_data: bytes) -> bytes:
        decryptor = Cipher(self._sm4, modes.GCM(nonce, data[-TAG:])).decryptor()
        decryptor.authenticate_additional_data(associated_data)
        return decryptor.update(data[:-TAG]) + decryptor.finalize()


# Setting: number in the sealed value, bytes of the key, constructor
CIPHERS: dict[str, tuple[int, int, Callable[[bytes], Sealing]]] = {"aes": (1, 32, AESGCM), "sm4": (2, 16, SM4GCM)}


class Ring:
    """Every key with every cipher, found by the head of the sealed value it opens."""

    def __init__(self, keys: tuple[str, ...], cipher: str) -> None:
        if cipher not in CIPHERS:
            raise ImproperlyConfigured(f"CUNSAO_CIPHER must be one of: {', '.join(CIPHERS)}.")
        if not keys:
            raise ImproperlyConfigured("PERSONAL_DATA_KEYS is empty: no personal number can be stored.")
        self._sealings: dict[bytes, Sealing] = {}
        heads: dict[str, bytes] = {}
        for line in keys:
            name, colon, digits = line.partition(":")
            if not colon or not name.isascii() or not 0 < len(name) < 256:
                raise ImproperlyConfigured("PERSONAL_DATA_KEYS must list keys as name:hexadecimal.")
            for kind, (number, length, sealing) in CIPHERS.items():
                head = bytes([VERSION, number, len(name)]) + name.encode()
                if head in self._sealings:
                    raise ImproperlyConfigured(f"PERSONAL_DATA_KEYS names the key {name} twice.")
                key = _derived(_key_bytes(digits, "PERSONAL_DATA_KEYS"), f"seal {kind}", length)
                self._sealings[head] = sealing(key)
                heads.setdefault(kind, head)
        self.head = heads[cipher]
        self.newest = self._sealings[self.head]

    def opener(self, sealed: bytes) -> tuple[bytes, Sealing]:
        """The head of `sealed` and what opens it."""
        head = sealed[: 3 + sealed[2]] if len(sealed) > 2 else b""
        sealing = self._sealings.get(head)
        if sealing is None:
            raise CannotUnseal(_why_not(head))
        return head, sealing


def seal(text: str, context: str) -> bytes:
    """`text` sealed with the newest key for the column that `context` names."""
    return sealer(context)(text)


def sealer(context: str) -> Callable[[str], bytes]:
    """seal() for many texts of one column."""
    ring = _ring()
    head, encrypt, associated = ring.head, ring.newest.encrypt, _associated(ring.head, context)
    nonces = _nonces()

    def seal_one(text: str) -> bytes:
        nonce = next(nonces)
        return head + nonce + encrypt(nonce, text.encode(), associated)

    return seal_one


def _nonces() -> Iterator[bytes]:
    """Random ones without end: the first by itself, the others many at a time, since asking costs more than sealing."""
    yield os.urandom(NONCE)
    while True:
        drawn = os.urandom(NONCE * DRAWN)
        for at in range(0, len(drawn), NONCE):
            yield drawn[at : at + NONCE]


def unseal(sealed: bytes, context: str) -> str:
    """The text that seal() was given; raises CannotUnseal for a torn value, a missing key, another context."""
    head, sealing = _ring().opener(sealed)
    body = len(head) + NONCE
    if len(sealed) < body + TAG:
        raise CannotUnseal(_why_not(b""))
    try:
        return sealing.decrypt(sealed[len(head) : body], sealed[body:], _associated(head, context)).decode()
    except InvalidTag:
        message = gettext(
            "A sealed value does not open: it was changed, belongs to another column than %(column)s, or its key "
            "%(key)s is not the one it was sealed with. Restore it from a backup."
        )
        raise CannotUnseal(message % {"column": context, "key": head[3:].decode()}) from None


def reseal(sealed: bytes, context: str) -> bytes:
    """The same text under the newest key and the cipher now set; unchanged if it already is. Raises as unseal()."""
    text = unseal(sealed, context)
    return sealed if is_newest(sealed) else seal(text, context)


def is_newest(sealed: bytes) -> bool:
    """Whether `sealed` was made with the newest key and the cipher now set."""
    return sealed.startswith(_ring().head)


def look_for_key(sealed: bytes) -> None:
    """Raises CannotUnseal if the key of `sealed` is not in the ring; its head is enough."""
    _ring().opener(sealed)


def fingerprint(text: str, purpose: str) -> bytes:
    """32 bytes that are the same for the same text and purpose, and tell nothing without FINGERPRINT_KEY."""
    return fingerprinter(purpose)(text)


def fingerprinter(purpose: str) -> Callable[[str], bytes]:
    """fingerprint() for many texts of one purpose."""
    return _fingerprinter(getattr(settings, "FINGERPRINT_KEY", ""), purpose)


def _ring() -> Ring:
    return _ring_of(tuple(getattr(settings, "PERSONAL_DATA_KEYS", ())), getattr(settings, "CUNSAO_CIPHER", "aes"))


# The settings are the caches' keys, so a test that overrides them needs no clearing.
@lru_cache(maxsize=8)
def _ring_of(keys: tuple[str, ...], cipher: str) -> Ring:
    return Ring(keys, cipher)


@lru_cache(maxsize=64)
def _fingerprinter(digits: str, purpose: str) -> Callable[[str], bytes]:
    key = _derived(_key_bytes(digits, "FINGERPRINT_KEY"), f"fingerprint {purpose}", 32)
    # HMAC by its definition (RFC 2104), from hashes that have read the key: a third of what hmac.digest takes.
    block = key.ljust(sha256().block_size, b"\0")
    inside, outside = sha256(block.translate(INNER)), sha256(block.translate(OUTER))

    def fingerprint_one(text: str) -> bytes:
        inner, outer = inside.copy(), outside.copy()
        inner.update(text.encode())
        outer.update(inner.digest())
        return outer.digest()

    return fingerprint_one


def _key_bytes(digits: str, setting: str) -> bytes:
    try:
        key = bytes.fromhex(digits)
    except ValueError:
        key = b""
    if len(key) < SHORTEST_KEY:
        raise ImproperlyConfigured(f"{setting}: a key needs {2 * SHORTEST_KEY} hexadecimal digits.")
    return key


def _derived(key: bytes, use: str, length: int) -> bytes:
    # Each use has a key of its own, so that no use weakens another.
    return HKDFExpand(SHA256(), length, f"cunsao {use}".encode()).derive(key)


def _associated(head: bytes, context: str) -> bytes:
    return head + b"\0" + context.encode()


def _why_not(head: bytes) -> str:
    if len(head) > 3 and head[0] == VERSION and len(head) == 3 + head[2]:
        message = gettext(
            "A sealed value needs the key %(key)s, which this installation does not have. Add it to PERSONAL_DATA_KEYS."
        )
        return message % {"key": head[3:].decode("ascii", "replace")}
    return gettext("A sealed value is damaged and does not open. Restore it from a backup.")
