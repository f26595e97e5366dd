"""Sealing of what is personal (AES-256-GCM), blind indexes to find it again (HMAC-SHA256), one-time tokens.

A sealed value is: key id (1 byte), nonce (12), ciphertext and tag. The additional data is "table.column", so that a value can't be
moved to another column unseen. Several keys may be in hand: the first seals, all open.
"""

from __future__ import annotations

import base64
import hmac
import os
import secrets
from hashlib import sha256

from cryptography.exceptions import InvalidTag
from cryptography.hazmat.primitives.ciphers.aead import AESGCM


class KeyRefused(ValueError):
    """SECRET_KEY is not of the form that `rafiq keys new` makes, or a value was sealed with a key that is not in hand."""


def new_key(number: int = 1) -> str:
    """A fresh key for SECRET_KEY: "<number>:<32 random bytes in base64url>"."""
    return f"{number}:{base64.urlsafe_b64encode(os.urandom(32)).decode()}"


class Keyring:
    """The keys of SECRET_KEY, "1:…" or "2:…,1:…": the first seals and indexes, all open."""

    def __init__(self, spec: str) -> None:
        self._ciphers: dict[int, AESGCM] = {}
        first: bytes | None = None
        for part in spec.split(","):
            number, _, encoded = part.strip().partition(":")
            try:
                key, key_id = base64.b64decode(encoded, altchars=b"-_", validate=True), int(number)
            except ValueError as error:
                raise KeyRefused("not of the form number:base64") from error
            if len(key) != 32 or not 0 < key_id < 256 or key_id in self._ciphers:
                raise KeyRefused("needs 32 bytes and a number of its own from 1 to 255")
            self._ciphers[key_id] = AESGCM(_derived(key, b"rafiq seal"))
            if first is None:
                first, self._current = key, key_id
        assert first is not None
        self._prefix = bytes([self._current])
        self._cipher = self._ciphers[self._current]
        self._index = _derived(first, b"rafiq index")

    def seal(self, clear: bytes, place: bytes) -> bytes:
        """Seal `clear` for the column `place` (b"table.column")."""
        nonce = os.urandom(12)
        return self._prefix + nonce + self._cipher.encrypt(nonce, clear, place)

    def open(self, sealed: bytes, place: bytes) -> bytes:
        """What was sealed for `place`; raises KeyRefused for an unknown key or a value that was tampered with or moved."""
        cipher = self._ciphers.get(sealed[0])
        if cipher is None:
            raise KeyRefused(f"sealed with key {sealed[0]}, which is not in SECRET_KEY")
        try:
            return cipher.decrypt(sealed[1:13], sealed[13:], place)
        except InvalidTag as error:
            raise KeyRefused("a sealed value does not open at its place") from error

    def blind(self, value: str, purpose: bytes) -> bytes:
        """The blind index of `value`: 32 bytes, equal for equal values of one purpose, meaningless without the key."""
        return hmac.digest(self._index, purpose + b"\0" + value.encode(), sha256)


def _derived(key: bytes, purpose: bytes) -> bytes:
    return hmac.digest(key, purpose, sha256)


def new_token() -> str:
    """32 random bytes in base64url: 43 characters, which fit a Telegram deep link (TG-12)."""
    return secrets.token_urlsafe(32)


def token_hash(token: str) -> bytes:
    """What is stored of a token."""
    return sha256(token.encode()).digest()
