"""Telegram's HTML parse mode: visible text and entities, or the very refusal Telegram gives.

Rules and texts follow `parse_html` in the server's own source (tdlib/td, MessageEntity.cpp). Offsets and
lengths of entities count UTF-16 units; offsets in refusals count bytes.
"""

from __future__ import annotations

import re
from dataclasses import dataclass
from typing import Any

JSON = dict[str, Any]

TYPES = {
    "b": "bold",
    "strong": "bold",
    "i": "italic",
    "em": "italic",
    "u": "underline",
    "ins": "underline",
    "s": "strikethrough",
    "strike": "strikethrough",
    "del": "strikethrough",
    "tg-spoiler": "spoiler",
    "span": "spoiler",
    "code": "code",
    "pre": "pre",
    "a": "text_link",
    "blockquote": "blockquote",
}
NAMED = {"lt": "<", "gt": ">", "amp": "&", "quot": '"'}
SPACE = " \t\r\n\v\0"
_REFERENCE = re.compile(r"&(?:#x([0-9a-fA-F]*)|#([0-9]*)|([a-zA-Z]*));?")
_NAME_TOKEN = re.compile(r"[A-Za-z0-9.\-]*")
_MENTION = re.compile(r"tg://user/?\?id=(\d+)$")
_LINK = re.compile(r"(?:https?://|tg://|ton://)?[^\s/?#]+\.?[^\s]*$", re.IGNORECASE)


class BadMarkup(ValueError):
    """The text can't be parsed; its message is what Telegram puts after "can't parse entities: "."""


def units(text: str) -> int:
    """Length in UTF-16 units, as Telegram counts."""
    return len(text) if text.isascii() else len(text.encode("utf-16-le", "surrogatepass")) // 2


@dataclass(slots=True)
class _Open:
    tag: str
    argument: str
    offset: int
    begin: int


class _Parser:
    def __init__(self, source: str) -> None:
        self.source = source
        self.out: list[str] = []
        self.offset = 0
        self.open: list[_Open] = []
        self.entities: list[JSON] = []

    def run(self) -> tuple[str, list[JSON]]:
        position, end = 0, len(self.source)
        while position < end:
            character = self.source[position]
            if character == "<":
                closing = self.source.startswith("</", position)
                position = self._close(position) if closing else self._start(position)
            elif character == "&":
                decoded, position = _reference(self.source, position)
                self._emit(decoded)
            else:
                ahead = position
                while ahead < end and self.source[ahead] not in "<&":
                    ahead += 1
                self._emit(self.source[position:ahead])
                position = ahead
        if self.open:
            raise BadMarkup(f'Can\'t find end tag corresponding to start tag "{self.open[-1].tag}"')
        return "".join(self.out), _sorted(self.entities)

    def _emit(self, piece: str) -> None:
        self.out.append(piece)
        self.offset += units(piece)

    def _at(self, position: int) -> int:
        return len(self.source[:position].encode("utf-8", "surrogatepass"))

    def _char(self, position: int) -> str:
        return self.source[position] if position < len(self.source) else "\0"

    def _skip_spaces(self, position: int) -> int:
        while position < len(self.source) and self.source[position] in SPACE:
            position += 1
        return position

    def _start(self, begin: int) -> int:
        position = begin + 1
        while self._char(position) not in SPACE + ">":
            position += 1
        if self._char(position) == "\0":
            raise BadMarkup(f"Unclosed start tag at byte offset {self._at(begin)}")
        tag = self.source[begin + 1 : position].lower()
        if tag not in TYPES:
            raise BadMarkup(f'Unsupported start tag "{tag}" at byte offset {self._at(begin)}')
        argument, position = self._attributes(tag, begin, position)
        if tag == "span" and argument != "spoiler":
            raise BadMarkup(f'Tag "span" must have class "tg-spoiler" at byte offset {self._at(begin)}')
        self.open.append(_Open(tag, argument, self.offset, len(self.out)))
        return position + 1

    def _attributes(self, tag: str, begin: int, position: int) -> tuple[str, int]:
        argument = ""
        while self._char(position) != ">":
            position = self._skip_spaces(position)
            if self._char(position) == ">":
                break
            start = position
            while self._char(position) not in SPACE + "=>":
                position += 1
            name = self.source[start:position]
            if not name:
                raise BadMarkup(f'Empty attribute name in the tag "{tag}" at byte offset {self._at(begin)}')
            position = self._skip_spaces(position)
            if self._char(position) != "=":
                if tag == "blockquote" and name == "expandable":
                    argument = "expandable"
                    continue
                raise BadMarkup(
                    f'Expected equal sign in declaration of an attribute of the tag "{tag}"'
                    f" at byte offset {self._at(begin)}"
                )
            value, position = self._value(begin, self._skip_spaces(position + 1), tag)
            if tag == "a" and name == "href":
                argument = value
            elif tag == "code" and name == "class" and value.startswith("language-"):
                argument = value.removeprefix("language-")
            elif tag == "span" and name == "class" and value.startswith("tg-"):
                argument = value.removeprefix("tg-")
        return argument, position

    def _value(self, begin: int, position: int, tag: str) -> tuple[str, int]:
        quote = self._char(position)
        if quote == "\0":
            raise BadMarkup(f'Unclosed start tag "{tag}" at byte offset {self._at(begin)}')
        if quote not in "'\"":
            token = _NAME_TOKEN.match(self.source, position)
            assert token is not None
            if self._char(token.end()) not in SPACE + ">":
                raise BadMarkup(f"Unexpected end of name token at byte offset {self._at(position)}")
            value, position = token.group().lower(), token.end()
        else:
            pieces: list[str] = []
            position += 1
            while self._char(position) not in (quote, "\0"):
                if self.source[position] == "&":
                    decoded, position = _reference(self.source, position)
                    pieces.append(decoded)
                else:
                    pieces.append(self.source[position])
                    position += 1
            if self._char(position) == quote:
                position += 1
            value = "".join(pieces)
        if self._char(position) == "\0":
            raise BadMarkup(f"Unclosed start tag at byte offset {self._at(begin)}")
        return value, position

    def _close(self, begin: int) -> int:
        if not self.open:
            raise BadMarkup(f"Unexpected end tag at byte offset {self._at(begin)}")
        position = begin + 2
        while self._char(position) not in SPACE + ">":
            position += 1
        found = self.source[begin + 2 : position].lower()
        position = self._skip_spaces(position)
        if self._char(position) != ">":
            raise BadMarkup(f"Unclosed end tag at byte offset {self._at(begin)}")
        element = self.open.pop()
        if found and found != element.tag:
            raise BadMarkup(
                f"Unmatched end tag at byte offset {self._at(begin)},"
                f' expected "</{element.tag}>", found "</{found}>"'
            )
        if self.offset > element.offset:
            self._entity(element)
        return position + 1

    def _entity(self, element: _Open) -> None:
        entity: JSON = {
            "type": TYPES[element.tag],
            "offset": element.offset,
            "length": self.offset - element.offset,
        }
        last = self.entities[-1] if self.entities else {}
        same = last.get("offset") == entity["offset"] and last.get("length") == entity["length"]
        if element.tag == "a":
            url = element.argument or "".join(self.out[element.begin :])
            mention = _MENTION.match(url)
            if mention:
                entity["type"] = "text_mention"
                entity["user"] = {"id": int(mention.group(1)), "is_bot": False, "first_name": ""}
            elif (checked := checked_link(url)) is not None:
                entity["url"] = checked
            else:
                return
        elif element.tag == "blockquote" and element.argument:
            entity["type"] = "expandable_blockquote"
        elif element.tag == "pre" and same and last["type"] == "code" and last.get("language"):
            last["type"] = "pre"
            return
        elif element.tag == "code":
            if same and last["type"] == "pre" and element.argument:
                last["language"] = element.argument
                return
            if element.argument:
                entity["language"] = element.argument
        self.entities.append(entity)


def _reference(source: str, position: int) -> tuple[str, int]:
    """The character that a reference stands for and where reading goes on; an unknown one is the "&"
    itself."""
    found = _REFERENCE.match(source, position)
    if found is None:
        return "&", position + 1
    hexadecimal, decimal, name = found.groups()
    if name is not None:
        return (NAMED[name], found.end()) if name in NAMED else ("&", position + 1)
    digits, base = (hexadecimal, 16) if hexadecimal is not None else (decimal, 10)
    code = int(digits, base) if digits and len(digits) < 9 else 0
    if code == 0 or code >= 0x10FFFF or len(found.group().rstrip(";")) >= 10:
        return "&", position + 1
    if 0xD800 <= code <= 0xDFFF:
        raise BadMarkup(
            "Text contains invalid Unicode characters after decoding HTML entities,"
            " check for unmatched surrogate code units"
        )
    return chr(code), found.end()


def checked_link(url: str) -> str | None:
    """The link as Telegram keeps it, or None where it drops it without a word."""
    url = url.strip()
    if not _LINK.match(url) or ("://" not in url and "." not in url):
        return None
    if "://" not in url:
        url = "http://" + url
    host = url.split("://", 1)[1]
    return url + "/" if "/" not in host and "?" not in host else url


def _sorted(entities: list[JSON]) -> list[JSON]:
    """In Telegram's order; nothing may lie inside code or pre."""
    blocks = [e for e in entities if e["type"] in ("code", "pre")]
    kept: list[JSON] = []
    for entity in entities:
        if entity["type"] == "code":
            entity.pop("language", None)
        inside = any(
            b is not entity
            and b["offset"] <= entity["offset"]
            and entity["offset"] + entity["length"] <= b["offset"] + b["length"]
            for b in blocks
        )
        if not inside or entity["type"] == "pre":
            kept.append(entity)
    return sorted(kept, key=lambda e: (e["offset"], -e["length"]))


def parse(source: str) -> tuple[str, list[JSON]]:
    """Visible text and entities of an HTML text. Raises BadMarkup."""
    if "<" not in source and "&" not in source:
        return source, []
    return _Parser(source).run()
