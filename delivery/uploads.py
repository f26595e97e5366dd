"""The way of papers to Telegram: gathered, drawn in a thread, uploaded once, and sent by their file's id from then on.

Between the drawing and the mark nothing is kept: after a crash the row is sent again, as any row is.
"""

from __future__ import annotations

import asyncio
from collections.abc import Callable, Mapping
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass
from typing import Any

import aiohttp
import orjson
import structlog

from delivery.fates import Fate, Outcome, of_answer
from delivery.papers import Maker, Sheet
from delivery.papers.typesetting import NotSet
from delivery.wire import Wire
from kit.clock import Clock
from kit.errors import Refused
from kit.language import Language
from kit.logs import places
from kit.offload import Busy, step_back
from kit.screen import Screen
from kit.sheet import File
from kit.speech import Voices
from kit.text import Ltr, Text, t
from services.work import House, Work
from store import chat_messages, papers, set_aside
from store.database import Database
from store.db import Db
from store.promises import Promise
from store.writer import Unavailable

log = structlog.get_logger("delivery")

FIELDS = {"sendDocument": "document", "sendPhoto": "photo"}
LARGEST = {"sendDocument": 50 << 20, "sendPhoto": 10 << 20}  # bytes that a bot may send (TG-16)
AT_ONCE = 8  # papers gathered, drawn or under way at once: what they may hold of memory
THREADS = 2  # that draw
PAGES_AT_ONCE = 4  # papers gathered or drawn for pages at once
PAGES_WAIT = 3  # seconds until who is turned away comes back
LARGEST_ON_PAGES = 50 << 20  # bytes
PATIENCE = 120.0  # seconds for an upload and its answer
_ANSWER = 1 << 20  # bytes of an answer that are read; Telegram's are small
_STALE = ("file identifier", "remote file", "file_id", "file reference", "can't use file of type")
_TOO_LARGE = t(
    "This document is too large to be sent in Telegram. Choose a shorter period, or ask the fund for it."
)

_TOO_LARGE_FOR_A_PAGE = t(
    "This document is too large. In Telegram, choose a shorter period, or ask the fund for it."
)


@dataclass(frozen=True, slots=True)
class _Known:
    """A paper whose facts are gathered, its key, and its file at Telegram if it has one."""

    sheet: Sheet
    key: bytes
    file_id: str | None


class Uploads:
    """`apology` says what a person is told of a paper that could not be drawn, by the incident it is logged under."""

    def __init__(
        self,
        db: Database,
        house: House,
        voices: Voices,
        clock: Clock,
        session: aiohttp.ClientSession,
        makers: Mapping[str, Maker],
        apology: Callable[[str], Screen],
    ) -> None:
        self._db = db
        self._house = house
        self._voices = voices
        self._clock = clock
        self._session = session
        self._makers = makers
        self._apology = apology
        self._for_pages = 0
        self._room = asyncio.Semaphore(AT_ONCE)
        self._threads = ThreadPoolExecutor(THREADS, "papers", initializer=step_back)

    async def send(self, promise: Promise, base: str, wire: Wire) -> Outcome:
        """Send a row's paper to the Bot API at `base`; what has a file id already goes over the wire."""
        async with self._room:
            try:
                known = await self._db.read(lambda db: self._gather(db, promise, base))
                if known is None:  # the chat was locked meanwhile: it is not shown
                    return Outcome(Fate.DONE)
                if known.file_id is not None:
                    outcome = await self._by_id(promise, known, known.file_id, wire)
                    if outcome is not None:
                        return outcome
                content = await asyncio.get_running_loop().run_in_executor(
                    self._threads, known.sheet.draw, known.sheet.facts
                )
            except Unavailable:
                return Outcome(Fate.RETRY, reason="the database is away")
            except Refused as refused:
                return Outcome(Fate.DEAD, reason=refused.code, told=Screen([refused.text]))
            except Exception as error:
                return self._failed(promise, error)
            if not content:
                return self._failed(promise, ValueError("an empty paper"))
            if len(content) > LARGEST[promise.method]:
                log.warning("paper.too_large", outbox=promise.id, bytes=len(content))
                return Outcome(Fate.DEAD, reason="too large", told=Screen([_TOO_LARGE]))
            return await self._upload(promise, known, content, f"{base}{promise.method}")

    def _gather(self, db: Db, promise: Promise, base: str) -> _Known | None:
        """What belongs on the paper; None where its message would be deleted at once."""
        now = self._clock.now()
        if chat_messages.taken_back(db, promise.id, now):
            return None
        paper = orjson.loads(promise.payload)["paper"]
        speech = self._voices[paper["language"]]
        sheet = self._makers[paper["kind"]](Work(db, now, self._house), speech, paper["values"])
        told = [base, promise.method, paper["kind"], sheet.name, sheet.facts]
        key = papers.key(db, orjson.dumps(told, option=orjson.OPT_SORT_KEYS).decode())
        return _Known(sheet, key, papers.find(db, key))

    def _failed(self, promise: Promise, error: Exception) -> Outcome:
        """Our bug: the row ends, and the person is told under which number it is noted."""
        incident = set_aside.new_incident()
        log.error(
            "paper.failed",
            incident=incident,
            outbox=promise.id,
            error=type(error).__name__,
            reason=str(error) if isinstance(error, NotSet) else "",
            frames=places(error),
        )
        return Outcome(Fate.DEAD, reason=f"paper: {incident}", told=self._apology(incident))

    async def drawn(self, kind: str, values: str, language: Language) -> File | Text:
        """A paper's file, for who takes it on a page (services.downloads.DRAWN); a sentence where it can't be had. Raises Busy while as
        many as may be are in hand for pages: what goes to Telegram waits behind no more than these."""
        if self._for_pages >= PAGES_AT_ONCE:
            raise Busy(PAGES_WAIT)
        self._for_pages += 1
        try:
            sheet = await self._db.read(
                lambda db: self._makers[kind](
                    Work(db, self._clock.now(), self._house), self._voices[language], orjson.loads(values)
                )
            )
            content = await asyncio.get_running_loop().run_in_executor(self._threads, sheet.draw, sheet.facts)
        except Refused as refused:
            return refused.text
        except Unavailable:
            raise
        except Exception as error:
            incident = set_aside.new_incident()
            log.error(
                "paper.failed",
                incident=incident,
                kind=kind,
                error=type(error).__name__,
                reason=str(error) if isinstance(error, NotSet) else "",
                frames=places(error),
            )
            return t(
                "This document could not be made. It is noted under number {incident}; try again later.",
                incident=Ltr(incident),
            )
        finally:
            self._for_pages -= 1
        if len(content) > LARGEST_ON_PAGES:
            log.warning("paper.too_large", kind=kind, bytes=len(content))
            return _TOO_LARGE_FOR_A_PAGE
        return File(sheet.name, sheet.mime, content)

    async def _by_id(self, promise: Promise, known: _Known, file_id: str, wire: Wire) -> Outcome | None:
        """Send the file that Telegram has; None where it no longer knows it."""
        body = {**_without_paper(promise), FIELDS[promise.method]: file_id}
        try:
            status, answer = await wire.post(promise.method, orjson.dumps(body))
        except (TimeoutError, OSError) as error:
            return Outcome(Fate.RETRY, reason=type(error).__name__)
        outcome = of_answer(status, _parsed(answer))
        if outcome.fate is Fate.SENT:
            await self._keep(promise, lambda db: papers.keep(db, known.key, file_id, self._clock.now()))
        elif status == 400 and any(words in outcome.reason for words in _STALE):
            log.info("paper.file_lost", outbox=promise.id)
            await self._keep(promise, lambda db: papers.lose(db, known.key))
            return None
        return outcome

    async def _upload(self, promise: Promise, known: _Known, content: bytes, url: str) -> Outcome:
        form = aiohttp.FormData()
        for name, value in _without_paper(promise).items():
            form.add_field(name, value if isinstance(value, str) else orjson.dumps(value).decode())
        field = FIELDS[promise.method]
        form.add_field(field, content, filename=known.sheet.name, content_type=known.sheet.mime)
        patience = aiohttp.ClientTimeout(total=PATIENCE, connect=5.0)
        try:
            async with self._session.post(
                url, data=form, timeout=patience, allow_redirects=False
            ) as response:
                status, answer = response.status, _parsed(await response.content.read(_ANSWER))
        except (TimeoutError, OSError, aiohttp.ClientError) as error:
            return Outcome(Fate.RETRY, reason=type(error).__name__)  # its words would hold the token
        outcome = of_answer(status, answer)
        file_id = _file_id(answer, field)
        if outcome.fate is Fate.SENT and file_id is not None:
            await self._keep(promise, lambda db: papers.keep(db, known.key, file_id, self._clock.now()))
        return outcome

    async def _keep(self, promise: Promise, note: Callable[[Db], None]) -> None:
        """Write what was learnt of a file. It is worth an upload, not the row: what fails here changes nothing of its fate."""
        try:
            await self._db.run(note)
        except Exception as error:
            log.warning("paper.not_kept", outbox=promise.id, error=type(error).__name__)

    def close(self) -> None:
        """Wait for what is being drawn and end the threads."""
        self._threads.shutdown()


def _without_paper(promise: Promise) -> dict[str, Any]:
    body: dict[str, Any] = orjson.loads(promise.payload)
    del body["paper"]
    return body


def _parsed(answer: bytes) -> Any:
    try:
        return orjson.loads(answer)
    except orjson.JSONDecodeError:
        return None


def _file_id(answer: Any, field: str) -> str | None:
    """The id that an answer gives the file: of a picture the largest size's."""
    result = answer.get("result") if isinstance(answer, dict) else None
    medium = result.get(field) if isinstance(result, dict) else None
    if isinstance(medium, list) and medium:
        medium = medium[-1]
    found = medium.get("file_id") if isinstance(medium, dict) else None
    return found if isinstance(found, str) and len(found) <= 250 else None
