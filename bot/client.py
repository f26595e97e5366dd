"""python-telegram-bot's Bot on our own request class: one aiohttp session, orjson. For all calls but the outbox's (delivery.telegram)."""

from __future__ import annotations

from typing import Any

import aiohttp
import orjson
from telegram import Bot
from telegram.error import NetworkError, TimedOut
from telegram.request import BaseRequest, RequestData

_DEFAULT = BaseRequest.DEFAULT_NONE


class AiohttpRequest(BaseRequest):
    """Requests over a session that somebody else opens and closes."""

    def __init__(self, session: aiohttp.ClientSession, read_timeout: float = 20.0) -> None:
        self._session = session
        self._read_timeout = read_timeout

    @property
    def read_timeout(self) -> float:
        return self._read_timeout

    async def initialize(self) -> None:
        """Nothing: the session is open."""

    async def shutdown(self) -> None:
        """Nothing: the session is not ours to close."""

    async def do_request(
        self,
        url: str,
        method: str,
        request_data: RequestData | None = None,
        read_timeout: Any = _DEFAULT,
        write_timeout: Any = _DEFAULT,
        connect_timeout: Any = _DEFAULT,
        pool_timeout: Any = _DEFAULT,
    ) -> tuple[int, bytes]:
        seconds = (
            self._read_timeout if read_timeout is _DEFAULT or read_timeout is None else float(read_timeout)
        )
        timeout = aiohttp.ClientTimeout(total=seconds + 5, connect=5)
        data: bytes | aiohttp.FormData | None = None
        headers = {"Content-Type": "application/json"}
        if request_data is not None and request_data.multipart_data:
            headers, data = {}, _form(request_data)
        elif request_data is not None:
            data = orjson.dumps(request_data.parameters)
        try:
            async with self._session.request(
                method, url, data=data, headers=headers, timeout=timeout
            ) as response:
                return response.status, await response.read()
        except TimeoutError as error:
            raise TimedOut from error
        except aiohttp.ClientError as error:
            raise NetworkError(
                type(error).__name__
            ) from None  # the error's own words hold the address, and so the token

    def parse_json_payload(self, payload: bytes) -> Any:  # type: ignore[override]
        return orjson.loads(payload)


def _form(request_data: RequestData) -> aiohttp.FormData:
    form = aiohttp.FormData()
    for name, value in request_data.json_parameters.items():
        form.add_field(name, value)
    for name, (filename, content, kind) in (request_data.multipart_data or {}).items():
        form.add_field(name, content, filename=filename, content_type=kind)
    return form


def make_bot(session: aiohttp.ClientSession, api_url: str, token: str) -> Bot:
    """The Bot of a token at a Bot API server."""
    base, files = f"{api_url}/bot", f"{api_url}/file/bot"
    request = AiohttpRequest(session)
    return Bot(
        token,
        base_url=base,
        base_file_url=files,
        request=request,
        get_updates_request=AiohttpRequest(session, 40.0),
    )
