"""The way to Telegram: the stored JSON is posted as it is, and of the answer only what decides the row's fate is read."""

from __future__ import annotations

from dataclasses import replace

import orjson

from delivery.fates import Fate, Outcome, of_answer
from delivery.uploads import FIELDS, Uploads
from delivery.wire import Wire
from store.promises import Promise


class Telegram:
    """Posts methods to a Bot API server. Its address holds the token: it never reaches a log."""

    lifetime = 24 * 3600.0

    def __init__(self, api_url: str, token: str, uploads: Uploads) -> None:
        self._base = f"{api_url.rstrip('/')}/bot{token}/"
        self._wire = Wire(self._base)
        self._uploads = uploads

    async def send(self, promise: Promise, after: int | None) -> Outcome:
        payload = promise.payload
        if promise.method in FIELDS and "paper" in orjson.loads(payload):
            return await self._uploads.send(promise, self._base, self._wire)
        if after is not None:
            payload = orjson.dumps({**orjson.loads(payload), "message_id": after})
        try:
            status, body = await self._wire.post(promise.method, payload)
        except (TimeoutError, OSError) as error:
            return Outcome(Fate.RETRY, reason=type(error).__name__)
        try:
            answer = orjson.loads(body)
        except orjson.JSONDecodeError:
            answer = None
        outcome = of_answer(status, answer)
        if outcome.fate is Fate.DONE and promise.method.startswith("editMessage"):
            # An edit whose first answer was lost: what refers to it needs its message all the same.
            return replace(outcome, result=orjson.loads(payload).get("message_id"))
        return outcome

    def close(self) -> None:
        """End the kept connections, and the threads that draw."""
        self._uploads.close()
        self._wire.close()
