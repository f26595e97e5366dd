"""A person's browser: it opens a link of a mail or of the chat, sends the page's form, and tries again when the site is away."""

from __future__ import annotations

import asyncio
import re

import aiohttp

_TOKEN = re.compile(rb'name="form_token" value="([0-9a-f]+)"')


class Browser:
    """One for all people; it keeps no cookies from one page to the next person's."""

    def __init__(self) -> None:
        self._session = aiohttp.ClientSession(
            cookie_jar=aiohttp.DummyCookieJar(), timeout=aiohttp.ClientTimeout(total=20)
        )

    async def close(self) -> None:
        """Close the connections."""
        await self._session.close()

    async def send(self, link: str, **typed: str) -> bool:
        """Open the link and send its form until the site has answered; whether there was one."""
        while True:
            try:
                return await self._once(link, typed)
            except (aiohttp.ClientError, TimeoutError, _Away):
                await asyncio.sleep(0.2)

    async def _once(self, link: str, typed: dict[str, str]) -> bool:
        async with self._session.get(link, allow_redirects=False) as arrived:
            _present(arrived)
            cookie = "; ".join(f"{name}={one.value}" for name, one in arrived.cookies.items())
        address, headers = link.rsplit("/", 1)[0], {"Cookie": cookie}
        async with self._session.get(address, headers=headers) as page:
            _present(page)
            found = _TOKEN.search(await page.read())
        if found is None:
            return False
        form = {"form_token": found[1].decode(), **typed}
        async with self._session.post(address, data=form, headers=headers) as answer:
            _present(answer)
            return answer.status == 200  # else it grew old between the look and the press


class _Away(Exception):
    """The site can't answer now."""


def _present(answer: aiohttp.ClientResponse) -> None:
    if answer.status >= 500:
        raise _Away
