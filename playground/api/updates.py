"""getUpdates, setWebhook, deleteWebhook, getWebhookInfo."""

from __future__ import annotations

import asyncio
import re
from typing import Any
from urllib.parse import urlsplit

from playground.api.args import Args
from playground.api.errors import ApiError, bad
from playground.api.markup import LOOPBACK
from playground.queues import BATCH_LIMIT, Conflict
from playground.webhook import Webhook
from playground.world import World

JSON = dict[str, Any]

POLL_LIMIT_SECONDS = 50


class Described:
    """A result that comes with a word of description."""

    def __init__(self, result: Any, description: str) -> None:
        self.result, self.description = result, description


class Intake:
    """How the bot takes its updates: by polling, or by the webhook it has set."""

    def __init__(self, world: World, time_scale: float) -> None:
        self.world, self.time_scale = world, time_scale
        self.webhook: Webhook | None = None
        self._set: tuple[Any, ...] = ()
        self._ending: set[asyncio.Task[None]] = set()

    async def get_updates(self, args: Args) -> Any:
        updates = self.world.updates
        if self.webhook is not None:
            raise ApiError(
                409,
                "Conflict: can't use getUpdates method while webhook is active;"
                " use deleteWebhook to delete the webhook first",
            )
        self._allow(args)
        limit = args.integer("limit", BATCH_LIMIT)
        limit = limit if 1 <= limit <= BATCH_LIMIT else BATCH_LIMIT
        timeout = min(max(args.integer("timeout"), 0), POLL_LIMIT_SECONDS)
        try:
            return await updates.poll(args.integer("offset"), limit, timeout)
        except Conflict as conflict:
            raise ApiError(409, f"Conflict: {conflict}") from None

    def _allow(self, args: Args) -> None:
        """`allowed_updates` holds from now on; an empty list asks for the usual ones, none changes
        nothing."""
        if "allowed_updates" in args.values:
            raw = args.structure("allowed_updates")
            self.world.updates.allowed = set(map(str, raw)) if isinstance(raw, list) and raw else None

    async def set_webhook(self, args: Args) -> Described:
        url = args.string("url")
        if not url:
            return await self.delete_webhook(args)
        secret = args.string("secret_token")
        _check_webhook(url, secret)
        self._allow(args)
        connections = args.integer("max_connections", 40)
        connections = min(max(connections, 1), 100)
        dropped = args.flag("drop_pending_updates")
        if self.webhook is not None and self._set == (url, secret, connections) and not dropped:
            return Described(True, "Webhook is already set")
        await self._end()
        if dropped:
            self.world.updates.forget_all()
        self.world.updates.end_poll("terminated by setWebhook request")
        self._set = (url, secret, connections)
        self.webhook = Webhook(
            self.world.updates, self.world.faults, self.time_scale, url, secret, connections, self._gone
        )
        return Described(True, "Webhook was set")

    async def delete_webhook(self, args: Args) -> Described:
        if args.flag("drop_pending_updates"):
            self.world.updates.forget_all()
        if self.webhook is None:
            return Described(True, "Webhook is already deleted")
        await self._end()
        return Described(True, "Webhook was deleted")

    def get_webhook_info(self, args: Args) -> JSON:
        webhook = self.webhook
        told: JSON = {
            "url": webhook.url if webhook else "",
            "has_custom_certificate": False,
            "pending_update_count": len(self.world.updates.pending),
        }
        if webhook is not None:
            told |= {"max_connections": webhook.max_connections, "ip_address": "127.0.0.1"}
            if webhook.last_error:
                told["last_error_date"], told["last_error_message"] = webhook.last_error
        if self.world.updates.allowed is not None:
            told["allowed_updates"] = sorted(self.world.updates.allowed)
        return told

    def _gone(self) -> None:
        """410 for too long: Telegram removes the webhook by itself."""
        task = asyncio.get_running_loop().create_task(self._end())
        self._ending.add(task)
        task.add_done_callback(self._ending.discard)

    async def _end(self) -> None:
        webhook, self.webhook = self.webhook, None
        if webhook is not None:
            await webhook.close()

    async def close(self) -> None:
        await self._end()
        self.world.updates.end_poll("terminated by the end of the playground")


def _check_webhook(url: str, secret: str) -> None:
    """https as Telegram asks (TG-20); plain http is taken for this very machine only, as a local Bot API
    server does."""
    parts = urlsplit(url)
    if not parts.hostname:
        raise bad("bad webhook: URL host is empty")
    if parts.scheme != "https" and not (parts.scheme == "http" and parts.hostname in LOOPBACK):
        raise bad("bad webhook: An HTTPS URL must be provided for webhook")
    if parts.scheme == "https" and (parts.port or 443) not in (443, 80, 88, 8443):
        raise bad("bad webhook: Webhook can be set up only on ports 80, 88, 443 or 8443")
    if len(secret) > 256:
        raise bad("secret token is too long")
    if not re.fullmatch(r"[A-Za-z0-9_-]*", secret):
        raise bad("secret token contains unallowed characters")
