"""The way to Telegram: the stored JSON is posted as it is, and of the answer only what decides the row's fate is read."""

from __future__ import annotations

import aiohttp
import orjson

from delivery.fates import Fate, Outcome, of_answer
from store.outbox import Promise

TIMEOUT = aiohttp.ClientTimeout(total=20, connect=5)
_HEADERS = {"Content-Type": "application/json"}


class Telegram:
    """Posts methods to a Bot API server. `base` is its address with the token: it never reaches a log."""

    lifetime = 24 * 3600.0

    def __init__(self, session: aiohttp.ClientSession, api_url: str, token: str) -> None:
        self._session = session
        self._base = f"{api_url.rstrip('/')}/bot{token}/"

    async def send(self, promise: Promise, after: int | None) -> Outcome:
        payload = promise.payload
        if after is not None:
            payload = orjson.dumps({**orjson.loads(payload), "message_id": after})
        try:
            async with self._session.post(
                self._base + promise.method, data=payload, headers=_HEADERS, timeout=TIMEOUT
            ) as response:
                body = await response.read()
                status = response.status
        except (aiohttp.ClientError, TimeoutError, OSError) as error:
            return Outcome(Fate.RETRY, reason=type(error).__name__)
        try:
            answer = orjson.loads(body)
        except orjson.JSONDecodeError:
            answer = None
        return of_answer(status, answer)
