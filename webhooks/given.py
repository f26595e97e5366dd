"""What this room is handed by the wiring: it knows neither the bot nor who sends."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field
from typing import Protocol

from kit.clock import Clock
from kit.offload import Offload
from kit.speech import Voices
from services.work import House
from store.database import Database
from store.promises import Promise
from webhooks.metrics import Metrics


class Sender(Protocol):
    """Who sends what was promised and committed; `replica` is its number in the outbox."""

    replica: int

    def offer(self, ready: Sequence[Promise]) -> None:
        """Send these rows, committed and held by this replica."""
        ...


class Addresses(Protocol):
    """Where the bot is found."""

    def assistant(self) -> str | None:
        """The chat with the bot, https://t.me/…, where its name is known."""
        ...


@dataclass(frozen=True, slots=True, kw_only=True)
class Given:
    """`ready` tells what readiness depends on beside the database: by name, whether it is well. `offload` does a page's slow work."""

    database: Database
    house: House
    voices: Voices
    clock: Clock
    sender: Sender
    addresses: Addresses
    offload: Offload
    ready: Callable[[], Mapping[str, bool]]
    app_key: bytes | None = None  # what Telegram signs Mini Apps with (webhooks.visitor.key_of)
    metrics: Metrics = field(default_factory=Metrics)
