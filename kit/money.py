"""Money is exact: whole centimes of the Moroccan dirham."""

from __future__ import annotations

from dataclasses import dataclass
from decimal import Decimal


@dataclass(frozen=True, slots=True, order=True)
class Money:
    """An amount in centimes of MAD; `Money(31250)` is 312.50 MAD."""

    centimes: int

    def __add__(self, other: Money) -> Money:
        return Money(self.centimes + other.centimes)

    @property
    def dirhams(self) -> Decimal:
        return Decimal(self.centimes).scaleb(-2)
