"""What the operator sets: environment or `.env`, all with the prefix RAFIQ_. A wrong value is one clear line, never a trace."""

from __future__ import annotations

import ipaddress
import re
from pathlib import Path
from typing import Literal
from urllib.parse import urlsplit

from pydantic import Field, SecretStr, ValidationError, field_validator, model_validator
from pydantic_settings import BaseSettings, SettingsConfigDict

from kit.seal import KeyRefused, Keyring

_LOOPBACK = ("localhost", "127.0.0.1", "::1")


class SettingsRefused(ValueError):
    """The settings can't be used; one line for each fault."""

    def __init__(self, lines: list[str]) -> None:
        super().__init__("; ".join(lines))
        self.lines = lines


class Settings(BaseSettings):
    """SPEC 5. Addresses are checked here, so that what starts can work."""

    model_config = SettingsConfigDict(
        env_prefix="RAFIQ_", env_file=".env", extra="ignore", hide_input_in_errors=True
    )

    telegram_token: SecretStr
    telegram_api_url: str = "https://api.telegram.org"
    mode: Literal["polling", "webhook"] = "polling"
    public_url: str | None = None
    listen: str = "127.0.0.1:8080"
    database_url: str = "sqlite+aiosqlite:///rafiq.db"
    smtp_url: SecretStr | None = None
    mail_from: str | None = None
    agents_chat_id: int | None = Field(None, lt=0)
    secret_key: SecretStr
    fund_file: Path | None = None
    documents: Path | None = None
    erasures_file: Path | None = None
    log_format: Literal["json", "people"] = "json"
    log_level: Literal["debug", "info", "warning", "error"] = "info"

    @field_validator("telegram_token")
    @classmethod
    def _token(cls, value: SecretStr) -> SecretStr:
        if not re.fullmatch(r"\d{1,20}:[A-Za-z0-9_-]{1,100}", value.get_secret_value()):
            raise ValueError("is not a bot token, which looks like 123456789:AAE…")
        return value

    @field_validator("telegram_api_url", "public_url")
    @classmethod
    def _https(cls, value: str | None) -> str | None:
        if value is None:
            return None
        parts = urlsplit(value)
        if parts.scheme not in ("http", "https") or not parts.hostname or parts.query or parts.fragment:
            raise ValueError("is not an address of the form https://host")
        if parts.scheme == "http" and parts.hostname not in _LOOPBACK:
            raise ValueError("must be https (http is taken for this machine only)")
        return value.rstrip("/")

    @field_validator("listen")
    @classmethod
    def _listen(cls, value: str) -> str:
        host, _, port = value.rpartition(":")
        try:
            if host not in ("localhost", "*"):
                ipaddress.ip_address(host.strip("[]"))
            if not 0 <= int(port) <= 65535:
                raise ValueError
        except ValueError:
            raise ValueError("is not of the form 127.0.0.1:8080") from None
        return value

    @field_validator("database_url")
    @classmethod
    def _database(cls, value: str) -> str:
        if not re.match(r"(sqlite\+aiosqlite:///.+|postgresql\+asyncpg://.+)", value):
            raise ValueError("must begin with sqlite+aiosqlite:/// or postgresql+asyncpg://")
        return value

    @field_validator("smtp_url")
    @classmethod
    def _smtp(cls, value: SecretStr | None) -> SecretStr | None:
        if value is not None and not re.match(r"(smtp|smtps|smtp\+plain)://[^/]+", value.get_secret_value()):
            raise ValueError(
                "must be smtp://user:password@host:587 (STARTTLS), smtps://…, or smtp+plain://… for this machine"
            )
        return value

    @field_validator("documents")
    @classmethod
    def _folder(cls, value: Path | None) -> Path | None:
        if value is not None and not value.is_dir():
            raise ValueError("is no folder")
        return value

    @field_validator("secret_key")
    @classmethod
    def _key(cls, value: SecretStr) -> SecretStr:
        try:
            Keyring(value.get_secret_value())
        except KeyRefused as error:
            raise ValueError(f"{error}; `rafiq keys new` makes one") from None
        return value

    @model_validator(mode="after")
    def _together(self) -> Settings:
        if self.mode == "webhook" and self.public_url is None:
            raise ValueError("RAFIQ_MODE=webhook needs RAFIQ_PUBLIC_URL")
        if (self.smtp_url is None) != (self.mail_from is None):
            raise ValueError("RAFIQ_SMTP_URL and RAFIQ_MAIL_FROM go together")
        return self

    @property
    def address(self) -> tuple[str, int]:
        """Host and port to listen on."""
        host, _, port = self.listen.rpartition(":")
        return ("0.0.0.0" if host == "*" else host.strip("[]")), int(port)  # noqa: S104  # nosec B104


def load_settings() -> Settings:
    """The settings, or SettingsRefused with one line for each fault."""
    try:
        return Settings()  # type: ignore[call-arg]
    except ValidationError as error:
        raise SettingsRefused([_line(one["loc"], one["msg"]) for one in error.errors()]) from None


def _line(place: tuple[int | str, ...], message: str) -> str:
    message = message.removeprefix("Value error, ")
    if not place:
        return message
    name = f"RAFIQ_{str(place[0]).upper()}"
    return (
        f"{name} is not set" if message == "Field required" else f"{name}: {message[0].lower()}{message[1:]}"
    )
