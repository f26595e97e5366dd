"""Taking the FAQ's file in: what is shipped at the first start, the operator's own by `rafiq import faq FILE`.

The file says which topics there are; what agents added (phrasings, topics, words) is never lost by it. A second run changes nothing.
"""

from __future__ import annotations

from collections.abc import Callable, Container
from dataclasses import dataclass, field, replace
from hashlib import sha256
from pathlib import Path

from kit.csvlines import BadFile
from kit.language import LANGUAGES, Language
from services.faq import file as files
from services.faq.file import File
from services.faq.topics import SHIPPED as SHIPPED_FILE
from services.faq.topics import Topic as Entry
from store import faq
from store.blocking import Blocking
from store.db import Db
from store.faq import AGENT, IMPORTED, SHIPPED, Theme, Topic
from store.writer import Unavailable

MASS_CHANGE = 5  # one in so many of the operator's topics: a change of more of them asks first (TH-62)


@dataclass(slots=True)
class Report:
    """What one import did, or would do."""

    dry_run: bool = False
    read: int = 0
    new: int = 0
    changed: int = 0
    unchanged: int = 0
    removed: int = 0
    rejected: int = 0
    own: int = 0  # of the changed and removed: topics of a former file of the operator's
    dormant: int = 0  # agents' phrasings of topics that the file leaves out
    faults: list[str] = field(default_factory=list)
    message: str | None = None

    @property
    def status(self) -> int:
        """The exit status: 0 all taken, 1 some rejected, 2 nothing could be imported."""
        if self.message or (self.read and self.read == self.rejected):
            return 2
        return 1 if self.faults else 0

    def sentences(self) -> list[str]:
        """The report in words, a line each."""
        would = "would be " if self.dry_run else ""
        counts = (
            f"faq: {self.read} topics read, {self.new} {would}new, {self.changed} {would}changed, {self.unchanged} "
            f"unchanged, {self.removed} {would}removed, {self.rejected} rejected."
        )
        said = [counts, *(f"{fault[0].upper()}{fault[1:]}." for fault in self.faults)]
        if self.dormant:
            said.append(f"{self.dormant} phrasings of agents wait for topics that are not in the file.")
        if self.message:
            said.append(f"Not imported: {self.message}.")
        elif self.status == 2:
            said.append("Not imported: no topic could be taken.")
        return said


@dataclass(slots=True)
class _Changes:
    """What the file makes of the content that is there."""

    topics: list[Topic] = field(default_factory=list)
    phrasings: dict[str, list[str]] = field(default_factory=dict)
    removed: list[str] = field(default_factory=list)
    themes: list[Theme] | None = None

    def __bool__(self) -> bool:
        return bool(self.topics or self.phrasings or self.removed or self.themes is not None)


def run_import(
    path: Path,
    database: Blocking,
    places: Container[str],
    *,
    dry_run: bool = False,
    yes: bool = False,
    confirm: Callable[[Report], bool] | None = None,
) -> Report:
    """Import the operator's file: its report, whose `status` is the exit status. `places` are the bot's, for the answers' buttons.

    `confirm` is asked before a mass change of the operator's own content, unless `yes`; with no one to ask it is refused.
    """
    report = Report(dry_run)
    try:
        file = files.read(_content(path), places)
        if not dry_run:
            database.run(seed)  # so that a file without answers has those that ship
        looked, _ = database.read(lambda db: _compare(db, file, IMPORTED, Report(dry_run)))
        if dry_run or looked.status == 2:
            return looked
        own = sum(topic.source == IMPORTED for topic in database.read(faq.topics))
        if looked.own * MASS_CHANGE > own and not yes and not (confirm and confirm(looked)):
            answer = "that was not confirmed" if confirm else "look at the file, then repeat with --yes"
            looked.message = f"{looked.own} of {own} known topics would change; {answer}"
            return looked

        def put(db: Db) -> Report:
            imported = faq.lock(db).imported
            made, changes = _compare(db, file, IMPORTED, Report())
            if changes or not imported:
                _write(db, changes, IMPORTED)
                faq.step(db, imported=True)
            return made

        return database.run(put)
    except BadFile as error:
        report.message = str(error)
    except OSError as error:
        report.message = f"{error.filename or path}: {error.strerror or error}"
    except Unavailable:
        report.message = "the database can't be written now; run the same file again"
    return report


def seed(db: Db, content: bytes | None = None) -> bool:
    """Take in what is shipped, where the operator has imported no file: at the first start, and when a release brings a new one.

    Whether anything changed. Content with faults is a fault of the release: its tests refuse it, and here the rest is taken.
    """
    content = SHIPPED_FILE.read_bytes() if content is None else content
    digest = sha256(content).hexdigest()
    known = faq.state(db)
    if known.imported or known.shipped == digest:
        return False
    state = faq.lock(db)
    if state.imported or state.shipped == digest:
        return False
    _, changes = _compare(db, files.read(content), SHIPPED, Report())
    _write(db, changes, SHIPPED)
    faq.step(db, shipped=digest)
    return True


def _content(path: Path) -> bytes:
    with path.open("rb") as source:
        return source.read(files.LARGEST + 1)


def _compare(db: Db, file: File, source: str, report: Report) -> tuple[Report, _Changes]:
    """What the file would change, counted."""
    known = {topic.key: topic for topic in faq.topics(db)}
    asked: dict[str, list[str]] = {}
    theirs: dict[str, int] = {}  # how many phrasings of agents a topic has
    for phrasing in faq.phrasings(db):
        if phrasing.source == AGENT:
            theirs[phrasing.topic] = theirs.get(phrasing.topic, 0) + 1
        else:
            asked.setdefault(phrasing.topic, []).append(phrasing.text)
    changes = _Changes(themes=_themes(db, file))
    report.read, report.faults = file.read, file.faults
    report.rejected = file.read - len(file.places)
    for place, entry in file.places.items():
        before = known.get(entry.id)
        topic, phrasings = (
            _topic(entry, place, source, before),
            list(dict.fromkeys((*entry.fr.phrasings, *entry.ar.phrasings))),
        )
        if before is None:
            report.new += 1
        elif replace(before, place=place) == topic and set(phrasings) == set(asked.get(entry.id, ())):
            report.unchanged += 1
            if before != topic:
                changes.topics.append(topic)
            continue
        else:
            report.changed += 1
            report.own += before.source == IMPORTED
        changes.topics.append(topic)
        changes.phrasings[entry.id] = phrasings
    stay = {entry.id for entry in file.topics} | file.rejected
    changes.removed = [key for key, one in known.items() if key not in stay and one.source != AGENT]
    report.removed = len(changes.removed)
    report.own += sum(known[key].source == IMPORTED for key in changes.removed)
    left = (known.keys() | stay) - set(changes.removed)
    report.dormant = sum(count for key, count in theirs.items() if key not in left)
    return report, changes


def _topic(entry: Entry, place: int, source: str, before: Topic | None) -> Topic:
    """The entry as a topic; what the file says nothing of (an answer, a theme, a button) stays as it was."""
    titles: dict[Language, str] = {language: entry.said(language).title for language in LANGUAGES}
    given: dict[Language, str] = {language: entry.said(language).answer for language in LANGUAGES}
    made = Topic(entry.id, entry.theme, place, source, titles, given, entry.action, entry.roles)
    if before is None:
        return made
    told = entry.model_fields_set
    return replace(
        made,
        answers={language: given[language] or before.answers.get(language, "") for language in LANGUAGES},
        theme=entry.theme if "theme" in told else before.theme,
        action=entry.action if "action" in told else before.action,
        roles=entry.roles if "roles" in told else before.roles,
    )


def _themes(db: Db, file: File) -> list[Theme] | None:
    """The file's themes, where they are others than those known."""
    if file.themes is None:
        return None
    wanted = [Theme(one.id, place, {"fr": one.fr, "ar": one.ar}) for place, one in enumerate(file.themes)]
    return wanted if wanted != faq.themes(db) else None


def _write(db: Db, changes: _Changes, source: str) -> None:
    if changes.themes is not None:
        faq.replace_themes(db, changes.themes)
    faq.put_topics(db, changes.topics)
    faq.drop_topics(db, changes.removed)
    faq.replace_phrasings(db, source, changes.phrasings)
