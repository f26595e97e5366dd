"""Logs: structured events with ids, for machines (JSON) or people, and nothing of anyone in them.

Every line, ours or a library's, passes one redaction on its way out; the sink is fed by a thread from a bounded queue, so that a
blocked pipe never holds up a turn (lines are dropped then, and counted).
"""

from __future__ import annotations

import logging
import logging.handlers
import queue
import re
import sys
import traceback
from collections.abc import MutableMapping
from typing import Any, TextIO

import structlog

_SECRETS = re.compile(
    r"\d{6,12}:[A-Za-z0-9_-]{30,}"  # a bot's token
    r"|bot\d+:[^/\s]+"
    r"|whsec_[A-Za-z0-9+/=_-]+"
    r"|(?<![A-Za-z0-9_-])[A-Za-z0-9_-]{43}(?![A-Za-z0-9_-])"  # one of our one-time tokens
    r"|\$argon2[^\s\"']+"
    r"|[^\s\"'<>@]+@[^\s\"'<>@]+\.[^\s\"'<>@]+"  # an address
    r"|(?:smtps?|postgresql)(?:\+\w+)?://[^\s\"']+"
)
_CONTROL = re.compile(r"[\x00-\x08\x0b-\x1f\x7f\x9b]")
_QUEUE = 10_000


def redact(text: str) -> str:
    """`text` without tokens, secrets, addresses and control characters."""
    return _CONTROL.sub("�", _SECRETS.sub("[redacted]", text))


def _redacted(_logger: Any, _name: str, event: MutableMapping[str, Any]) -> MutableMapping[str, Any]:
    for key, value in event.items():
        if isinstance(value, str):
            event[key] = redact(value)
        elif isinstance(value, list):
            event[key] = [redact(item) if isinstance(item, str) else item for item in value]
    return event


class _Dropping(logging.handlers.QueueHandler):
    """Feeds the sink's thread; what doesn't fit is dropped and counted."""

    dropped = 0

    def enqueue(self, record: logging.LogRecord) -> None:
        try:
            self.queue.put_nowait(record)
        except queue.Full:
            self.dropped += 1

    def prepare(self, record: logging.LogRecord) -> logging.LogRecord:
        return record


def set_up(
    form: str = "json", level: str = "info", stream: TextIO | None = None
) -> logging.handlers.QueueListener:
    """Send all logs to `stream` (stderr unless told) as "json" or for "people"; the listener is to be stopped at the end."""
    shared: list[Any] = [
        structlog.contextvars.merge_contextvars,
        structlog.stdlib.add_log_level,
        structlog.processors.TimeStamper(fmt="iso", utc=True),
    ]
    last: Any = (
        structlog.processors.JSONRenderer() if form == "json" else structlog.dev.ConsoleRenderer(colors=False)
    )
    formatter = structlog.stdlib.ProcessorFormatter(
        foreign_pre_chain=[*shared, structlog.stdlib.ExtraAdder(allow=[])],
        processors=[
            structlog.stdlib.ProcessorFormatter.remove_processors_meta,
            _plain_traceback,
            _redacted,
            last,
        ],
    )
    sink = logging.StreamHandler(stream or sys.stderr)
    sink.setFormatter(formatter)
    waiting: queue.Queue[logging.LogRecord] = queue.Queue(_QUEUE)
    listener = logging.handlers.QueueListener(waiting, sink)
    listener.start()
    root = logging.getLogger()
    root.handlers[:] = [_Dropping(waiting)]
    root.setLevel(level.upper())
    for noisy in (
        "alembic",
        "telegram",
        "httpx",
        "httpcore",
        "aiohttp.access",
        "asyncio",
        "mail.log",
        "aiosqlite",
    ):
        logging.getLogger(noisy).setLevel(logging.WARNING)
    structlog.configure(
        processors=[
            structlog.stdlib.filter_by_level,
            *shared,
            structlog.stdlib.ProcessorFormatter.wrap_for_formatter,
        ],
        logger_factory=structlog.stdlib.LoggerFactory(),
        wrapper_class=structlog.make_filtering_bound_logger(getattr(logging, level.upper())),
        cache_logger_on_first_use=False,
    )
    return listener


def _plain_traceback(_logger: Any, _name: str, event: MutableMapping[str, Any]) -> MutableMapping[str, Any]:
    """A trace as places only: the error's words and the frames' values may hold what a person typed."""
    info = event.pop("exc_info", None)
    error = (
        info[1]
        if isinstance(info, tuple)
        else info
        if isinstance(info, BaseException)
        else sys.exc_info()[1]
        if info
        else None
    )
    if error is not None:
        event["error"] = type(error).__name__
        event["frames"] = places(error)
    event.pop("stack_info", None)
    return event


def places(error: BaseException, last: int = 8) -> list[str]:
    """Where an error happened, frame by frame, the innermost last; no values."""
    frames = traceback.extract_tb(error.__traceback__)[-last:]
    return [f"{frame.filename.rsplit('/', 1)[-1]}:{frame.lineno} {frame.name}" for frame in frames]
