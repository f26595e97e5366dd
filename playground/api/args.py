"""The parameters of a call, however they came: query, JSON, form or multipart."""

from __future__ import annotations

from typing import Any
from urllib.parse import parse_qsl

import orjson
from aiohttp import web

from playground.api.errors import bad


class Upload:
    """A file in a multipart body."""

    def __init__(self, name: str, mime: str, content: bytes) -> None:
        self.name, self.mime, self.content = name, mime, content


class Args:
    __slots__ = ("uploads", "values")

    def __init__(self, values: dict[str, Any], uploads: dict[str, Upload]) -> None:
        self.values, self.uploads = values, uploads

    @classmethod
    async def read(cls, request: web.BaseRequest) -> Args:
        """Raises ApiError for a body that is not what its Content-Type says."""
        values: dict[str, Any] = dict(request.query) if request.query_string else {}
        uploads: dict[str, Upload] = {}
        if request.method == "GET" or not request.can_read_body:
            return cls(values, uploads)
        kind = request.content_type
        if kind == "application/json":
            try:
                body = orjson.loads(await request.read())
            except orjson.JSONDecodeError:
                raise bad("can't parse JSON in the request body") from None
            if not isinstance(body, dict):
                raise bad("object expected as the request body")
            values.update(body)
        elif kind == "application/x-www-form-urlencoded":
            try:
                text = (await request.read()).decode()
                values.update(parse_qsl(text, keep_blank_values=True, errors="strict"))
            except UnicodeDecodeError:
                raise bad("strings must be encoded in UTF-8") from None
        elif kind == "multipart/form-data":
            for name, field in (await request.post()).items():
                if isinstance(field, web.FileField):
                    mime = field.content_type or "application/octet-stream"
                    uploads[name] = Upload(field.filename, mime, field.file.read())
                else:
                    values[name] = field.decode() if isinstance(field, bytes | bytearray) else field
        return cls(values, uploads)

    def string(self, name: str) -> str:
        value = self.values.get(name)
        if value is None:
            return ""
        return value if isinstance(value, str) else orjson.dumps(value).decode()

    def integer(self, name: str, default: int = 0) -> int:
        value = self.values.get(name)
        if isinstance(value, int):
            return int(value)
        try:
            return int(value) if value else default
        except (TypeError, ValueError):
            return default

    def flag(self, name: str) -> bool:
        value = self.values.get(name)
        return value is True or (
            isinstance(value, str | int) and str(value).lower() in ("true", "yes", "1", "t", "y")
        )

    def structure(self, name: str) -> Any:
        """A JSON value, or None. Raises ApiError where a string isn't JSON."""
        value = self.values.get(name)
        if not isinstance(value, str):
            return value
        if value == "":
            return None
        try:
            return orjson.loads(value)
        except orjson.JSONDecodeError:
            raise bad(f"can't parse {name.replace('_', ' ')} JSON object") from None

    def upload(self, name: str) -> Upload | None:
        """The file under this name, or the one that "attach://..." refers to."""
        value = self.values.get(name)
        if isinstance(value, str) and value.startswith("attach://"):
            return self.uploads.get(value.removeprefix("attach://"))
        return self.uploads.get(name)
