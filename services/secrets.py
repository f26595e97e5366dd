"""Passwords and secret answers: Argon2id, computed off the loop on behalf of a turn that needs it.

19 MiB, two passes, one lane: OWASP's minimum, 22-50 ms on one core; other values are kept in the hash and renewed at sign-in.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from typing import Any

from argon2 import PasswordHasher
from argon2.exceptions import InvalidHashError, VerificationError

_HASHER = PasswordHasher(time_cost=2, memory_cost=19 * 1024, parallelism=1)

# The hash of a random string nobody knows: unknown accounts are verified against it, so that they take as long as known ones.
DECOY = _HASHER.hash(__import__("secrets").token_hex(16))


def hash_secret(clear: str) -> str:
    """The PHC string of a secret."""
    return _HASHER.hash(clear)


def verify_secret(phc: str, clear: str) -> bool:
    """Whether `clear` is the secret of the PHC string."""
    try:
        return _HASHER.verify(phc, clear)
    except (VerificationError, InvalidHashError):
        return False


def needs_rehash(phc: str) -> bool:
    """Whether the hash was made with other parameters than today's."""
    return _HASHER.check_needs_rehash(phc)


COMPUTATIONS: Mapping[str, Callable[..., Any]] = {"hash": hash_secret, "verify": verify_secret}
