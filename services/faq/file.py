"""The FAQ's file, topic by topic: those that can be taken, and one clear line for each fault of the others.

Its form is that of services/faq/data/faq_topics.yaml. What a fault leads to is its reader's: an import leaves the topic out, and what is
known of it stays; what ships and what the matcher is tried with has none.
"""

from __future__ import annotations

import re
from collections.abc import Container, Iterator
from dataclasses import dataclass, field
from typing import Any

import yaml
from pydantic import ValidationError

from kit import plain_yaml
from kit.csvlines import BadFile
from kit.language import LANGUAGES
from services.faq import facts
from services.faq.topics import Theme, Topic

LARGEST = 4 << 20  # bytes of a file
DEEPEST = 10  # levels; a topic's phrasings are on the fifth
LONGEST_TITLE = 64  # characters: it stands on a button
LONGEST_LINE = 1000  # characters: a message is cut between lines only


@dataclass(slots=True)
class File:
    """What could be read. `places` are the topics that can be taken, by their place in the file; `rejected` are the ids of the others;
    `themes` is None where the file names none."""

    themes: list[Theme] | None = None
    places: dict[int, Topic] = field(default_factory=dict)
    rejected: set[str] = field(default_factory=set)
    faults: list[str] = field(default_factory=list)
    read: int = 0  # topics, good and bad

    @property
    def topics(self) -> list[Topic]:
        """Those that can be taken, in their order."""
        return list(self.places.values())


def read(content: bytes, places: Container[str] | None = None) -> File:
    """Read the file's content; raises BadFile where it can't be read at all.

    `places` are the bot's. None asks nothing of actions: what is shipped may be ahead of the bot.
    """
    raw = _load(content)
    if not isinstance(raw, dict) or not isinstance(raw.get("topics"), list):
        raise BadFile('the file must have a list "topics"')
    file = File()
    file.faults += [f"unknown key {key!s}" for key in raw if key not in ("themes", "topics")]
    if "themes" in raw:
        file.themes = _themes(raw["themes"], file.faults)
    themes = {theme.id for theme in file.themes} if file.themes is not None else None
    seen: set[str] = set()
    for number, one in enumerate(raw["topics"], start=1):
        file.read += 1
        key = one.get("id") if isinstance(one, dict) else None
        name = key if isinstance(key, str) else str(number)
        if name in seen:
            file.faults.append(f"topic {name} is there twice: the first is taken")
            continue
        seen.add(name)
        faults: list[str] = []
        topic = _topic(one, faults)
        if topic is not None:
            faults += _faults(topic, themes, places)
        if topic is not None and not faults:
            file.places[number] = topic
        else:
            file.faults += [f"topic {name}: {fault}" for fault in faults]
            file.rejected.add(name)
    return file


def faults_of_answer(answer: str) -> Iterator[str]:
    """What stands against an answer: a line that no message takes, or a fact that nobody knows."""
    if any(len(line) > LONGEST_LINE for line in answer.splitlines()):
        yield f"has a line of more than {LONGEST_LINE} characters"
    for name in facts.named(answer):
        if name not in facts.FACTS:
            yield f"unknown placeholder {{{name}}}"
    if re.search(r"[{}]", re.sub(r"\{[^{}]*\}", "", answer)):
        yield "a brace without its other half"


def _topic(raw: Any, faults: list[str]) -> Topic | None:
    try:
        return Topic.model_validate(raw)
    except ValidationError as error:
        faults += [f"{'.'.join(map(str, one['loc'])) or 'it'}: {one['msg']}" for one in error.errors()]
        return None


def _faults(topic: Topic, themes: Container[str] | None, places: Container[str] | None) -> Iterator[str]:
    if topic.theme is not None and themes is not None and topic.theme not in themes:
        yield f"theme {topic.theme} is not among the themes"
    if topic.action is not None and places is not None and topic.action not in places:
        yield f"action {topic.action} is no place of the bot"
    for language in LANGUAGES:
        said = topic.said(language)
        if len(said.title) > LONGEST_TITLE:
            yield f"{language}.title has more than {LONGEST_TITLE} characters"
        yield from (f"{language}.answer: {fault}" for fault in faults_of_answer(said.answer))


def _themes(raw: Any, faults: list[str]) -> list[Theme]:
    themes: dict[str, Theme] = {}
    for number, one in enumerate(raw if isinstance(raw, list) else [raw], start=1):
        try:
            theme = Theme.model_validate(one)
        except ValidationError as error:
            faults += [
                f"theme {number}: {'.'.join(map(str, it['loc']))}: {it['msg']}" for it in error.errors()
            ]
            continue
        if theme.id in themes:
            faults.append(f"theme {theme.id} is there twice: the first is taken")
        themes.setdefault(theme.id, theme)
    return list(themes.values())


def _load(content: bytes) -> Any:
    if len(content) > LARGEST:
        raise BadFile(f"the file is above {LARGEST >> 20} MB")
    try:
        text = content.decode("utf-8-sig")
        _refuse_tricks(text)
        return yaml.load(text, _Loader)  # noqa: S506  # nosec B506 (it is a safe loader)
    except UnicodeDecodeError:
        raise BadFile("the file is not UTF-8") from None
    except yaml.MarkedYAMLError as error:
        at = f" in line {error.problem_mark.line + 1}" if error.problem_mark is not None else ""
        raise BadFile(f"the file is not YAML{at}: {error.problem}") from None
    except (yaml.YAMLError, ValueError, RecursionError):
        raise BadFile("the file is not YAML") from None


def _refuse_tricks(text: str) -> None:
    """Aliases, tags and deep nesting: no FAQ needs them, and a few bytes of them are much work or an error of the library's."""
    depth = 0
    for event in yaml.parse(text, _Loader):
        if isinstance(event, yaml.AliasEvent):
            raise BadFile("the file uses YAML aliases, which are not taken")
        if getattr(event, "tag", None) is not None:
            raise BadFile("the file uses YAML tags, which are not taken")
        depth += isinstance(event, yaml.CollectionStartEvent)
        depth -= isinstance(event, yaml.CollectionEndEvent)
        if depth > DEEPEST:
            raise BadFile(f"the file is nested more than {DEEPEST} levels deep")


class _Loader(plain_yaml.Loader):
    """The safe loader; a key given twice in one place is a fault, not a guess."""

    def construct_mapping(self, node: yaml.MappingNode, deep: bool = False) -> dict[Any, Any]:
        seen: set[str] = set()
        for key, _ in node.value:
            if str(key.value) in seen:
                raise yaml.MarkedYAMLError(problem=f"{key.value} is given twice", problem_mark=key.start_mark)
            seen.add(str(key.value))
        made: dict[Any, Any] = super().construct_mapping(node, deep)
        return made
