"""A browser at the bot's one-time pages: it keeps cookies, follows nothing by itself, and runs no scripts."""

from __future__ import annotations

import html
import re
from dataclasses import dataclass, field
from types import TracebackType
from urllib.parse import urlsplit

import aiohttp


@dataclass
class Seen:
    """What came back."""

    status: int
    headers: dict[str, str]
    body: bytes

    @property
    def text(self) -> str:
        """The page's words, without markup and isolates."""
        words = re.sub(r"<[^>]*>", " ", self.body.decode())
        return " ".join(re.sub("[\u2066-\u2069]", "", html.unescape(words)).split())

    @property
    def form_token(self) -> str:
        """What the page's form carries; empty where there is none."""
        found = re.search(rb'name="form_token" value="([0-9a-f]*)"', self.body)
        return found[1].decode() if found else ""

    @property
    def fields(self) -> list[str]:
        """The names of what can be typed, in order."""
        return [name.decode() for name in re.findall(rb'<input id="(\w+)"', self.body)]


@dataclass
class Visitor:
    """One person's browser; a context manager."""

    cookies: dict[str, str] = field(default_factory=dict)
    headers: dict[str, str] = field(default_factory=dict)
    address: str = ""  # of the page that is open, without its token
    page: Seen | None = None

    async def __aenter__(self) -> Visitor:
        self._session = aiohttp.ClientSession(cookie_jar=aiohttp.DummyCookieJar())
        return self

    async def __aexit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        await self._session.close()

    async def ask(self, method: str, url: str, data: object = None, **headers: str) -> Seen:
        """One request."""
        sent = {**self.headers, **headers}
        if self.cookies:
            sent["Cookie"] = "; ".join(f"{name}={value}" for name, value in self.cookies.items())
        async with self._session.request(
            method, url, data=data, headers=sent, allow_redirects=False
        ) as answer:
            for name, morsel in answer.cookies.items():
                self.cookies[name] = morsel.value
            return Seen(answer.status, dict(answer.headers), await answer.read())

    async def open(self, link: str) -> Seen:
        """Follow a link with a token to its page."""
        arrived = await self.ask("GET", link)
        assert arrived.status == 303, arrived.text
        parts = urlsplit(link)
        self.address = f"{parts.scheme}://{parts.netloc}{arrived.headers['Location']}"
        self.page = await self.ask("GET", self.address)
        return self.page

    async def send(self, **typed: str) -> Seen:
        """Send the page's form, with what is typed into its fields."""
        assert self.page is not None, "no page is open"
        data = {"form_token": self.page.form_token, **typed}
        return await self.ask("POST", self.address, data)
