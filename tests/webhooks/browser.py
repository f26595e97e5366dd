"""A browser as far as these stories need one: it keeps cookies and follows nothing by itself."""

from __future__ import annotations

from dataclasses import dataclass, field
from types import TracebackType

from tests.visitor import Seen, Visitor
from tests.webhooks.conftest import PUBLIC_HOST, Served
from webhooks.once import cookie_of

__all__ = ["Browser", "Seen"]


@dataclass
class Browser:
    """One person's browser, in front of the proxy that passes the public name on."""

    served: Served
    language: str = "fr-MA,fr;q=0.9"
    host: str = PUBLIC_HOST
    page: str = "activate"
    cookies: dict[str, str] = field(default_factory=dict)

    async def __aenter__(self) -> Browser:
        self._visitor = Visitor(self.cookies, {"Host": self.host, "Accept-Language": self.language})
        await self._visitor.__aenter__()
        return self

    async def __aexit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        await self._visitor.__aexit__(kind, error, trace)

    async def ask(self, method: str, path: str, data: object = None, **headers: str) -> Seen:
        """One request."""
        return await self._visitor.ask(method, self.served.url + path, data, **headers)

    async def open(self, token: str) -> Seen:
        """Open the link of a mail, and the page that it leads to."""
        arrived = await self.ask("GET", f"/{self.page}/{token}")
        assert (arrived.status, arrived.headers["Location"]) == (303, f"/{self.page}")
        assert set(self.cookies) == {cookie_of(self.page)}
        return await self.ask("GET", f"/{self.page}")

    async def press(self, page: Seen, **typed: str) -> Seen:
        """Press the page's button, with what is typed into its fields."""
        return await self.ask("POST", f"/{self.page}", {"form_token": page.form_token, **typed})
