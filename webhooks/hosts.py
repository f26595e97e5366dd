"""Under which names we answer: what a request calls its Host is the caller's word, and addresses are never made from it (TH-37)."""

from __future__ import annotations

import ipaddress
from urllib.parse import urlsplit

_DEFAULT_PORTS = {"https": 443, "http": 80}


class Hosts:
    """The public name, and what calls from near: watchers that reach us by address, past the proxy."""

    def __init__(self, public_url: str | None) -> None:
        self._public: set[str] = set()
        if public_url is not None:
            parts = urlsplit(public_url)
            self._public.add(parts.netloc.lower())
            if parts.port is None:
                self._public.add(f"{parts.netloc.lower()}:{_DEFAULT_PORTS[parts.scheme]}")

    def public(self, host: str) -> bool:
        """Whether a Host header names the public address."""
        return host.lower() in self._public

    def near(self, host: str) -> bool:
        """Whether a Host header is an address of a machine or localhost: no name that a stranger's DNS could point at us."""
        try:
            name = urlsplit(f"//{host}").hostname or ""
            return name == "localhost" or bool(ipaddress.ip_address(name))
        except ValueError:
            return False
