"""A browser as far as these stories need one: it keeps cookies and follows nothing by itself."""

from __future__ import annotations

import html
import re
from dataclasses import dataclass, field
from types import TracebackType

import aiohttp

from tests.webhooks.conftest import PUBLIC_HOST, Served
from webhooks.once import cookie_of


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


@dataclass
class Browser:
    """One person's browser, in front of the proxy that passes the public name on."""

    served: Served
    language: str = "fr-MA,fr;q=0.9"
    host: str = PUBLIC_HOST
    page: str = "activate"
    cookies: dict[str, str] = field(default_factory=dict)

    async def __aenter__(self) -> Browser:
        self._session = aiohttp.ClientSession(cookie_jar=aiohttp.DummyCookieJar())
        return self

    async def __aexit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        await self._session.close()

    async def ask(self, method: str, path: str, data: object = None, **headers: str) -> Seen:
        """One request."""
        sent = {"Host": self.host, "Accept-Language": self.language, **headers}
        if self.cookies:
            sent["Cookie"] = "; ".join(f"{name}={value}" for name, value in self.cookies.items())
        async with self._session.request(
            method, self.served.url + path, data=data, headers=sent, allow_redirects=False
        ) as answer:
            for name, morsel in answer.cookies.items():
                self.cookies[name] = morsel.value
            return Seen(answer.status, dict(answer.headers), await answer.read())

    async def open(self, token: str) -> Seen:
        """Open the link of a mail, and the page that it leads to."""
        arrived = await self.ask("GET", f"/{self.page}/{token}")
        assert (arrived.status, arrived.headers["Location"]) == (303, f"/{self.page}")
        assert set(self.cookies) == {cookie_of(self.page)}
        return await self.ask("GET", f"/{self.page}")

    async def press(self, page: Seen, **typed: str) -> Seen:
        """Press the page's button, with what is typed into its fields."""
        return await self.ask("POST", f"/{self.page}", {"form_token": page.form_token, **typed})
