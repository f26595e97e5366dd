"""The persons of the stories, at their phones. Each act waits until the bot has taken it and has answered.

Sentences are named by their English source, as they stand in the catalogue, and looked for in the person's language:
`salma.reads("Your first name?")` holds for French and `youssef.reads("Your first name?")` for Arabic. Where a sentence has values, those
given must stand there (`reads("Your {fund} matricule?", fund="CMIM")`), the others may be anything.
"""

from __future__ import annotations

import difflib
import re
from collections.abc import Sequence
from html import unescape
from typing import TYPE_CHECKING, Any

from playground import Link, Message
from playground import Person as Phone
from playground.messages import Notice
from playground.text import plain
from tests.visitor import Seen, Visitor

if TYPE_CHECKING:
    from tests.world import World

_TAG = re.compile(r"</?[a-z][^>]*>")
_HOLE = re.compile(r"\{(\w+)\}")


class Person:
    """Somebody with a phone (`phone`, whose acts don't wait) and the facts that they would type."""

    def __init__(self, world: World, phone: Phone, **facts: str) -> None:
        self.world, self.phone = world, phone
        self.matricule = facts.get("matricule", "")
        self.last_name = facts.get("last_name", "")
        self.first_name = facts.get("first_name", "")
        self.born = facts.get("born", "")
        self.email = facts.get("email", "")
        self.password = facts.get("password", "")
        self.answer = facts.get("answer", "")

    def __repr__(self) -> str:
        return f"<{self.phone.user.first_name}>"

    @property
    def id(self) -> int:
        """Of the user and of the private chat."""
        return self.phone.id

    @property
    def language(self) -> str:
        """What the application is set to: "fr" or "ar"."""
        return "ar" if (self.phone.user.language_code or "").startswith("ar") else "fr"

    # ── acts ─────────────────────────────────────────────────────────────────────────────────────────────────────────

    async def says(self, *texts: str, **options: Any) -> Message:
        """Type texts, one message after the other; the last one."""
        for text in texts:
            message = self.phone.says(text, **options)
        await self.world.answers()
        return message

    async def presses(self, label: str, under: Message | None = None) -> Any:
        """Press a button by its label (an English source, or the label itself), the newest that has it unless `under` is told."""
        press = self.phone.presses(self._label(label, under), under)
        await self.world.answers()
        return press

    async def press_data(self, data: str, under: Message | None = None) -> Any:
        """Press whatever data, as an altered application could."""
        press = self.phone.press_data(data, under)
        await self.world.answers()
        return press

    async def sends(self, kind: str, content: bytes = b"", **options: Any) -> Message:
        """Send a "sticker", "voice", "location", "contact", "photo", "document" …"""
        message = self.phone.sends(kind, content, **options)
        await self.world.answers()
        return message

    async def edits(self, message: Message, text: str) -> None:
        """Edit an earlier message."""
        self.phone.edits(message, text)
        await self.world.answers()

    async def forwards(self, text: str) -> Message:
        """Forward somebody's message to the bot."""
        message = self.phone.forwards(text)
        await self.world.answers()
        return message

    async def opens(self, link: str) -> Message | Link:
        """Open a link: a deep link of the bot sends /start, any other gives its address."""
        opened: Any = self.phone.opens(link)
        await self.world.answers()
        return opened  # type: ignore[no-any-return]

    # ── what they see ────────────────────────────────────────────────────────────────────────────────────────────────

    @property
    def screen(self) -> Message:
        """The bot's message that was sent or edited last and is still there."""
        found = next(
            (
                message
                for call in reversed(self.world.playground.calls)
                if call.chat == self.id and call.ok and call.method in _SCREENS
                if (message := self.phone.chat.get(call.result["message_id"])) is not None
            ),
            None,
        )
        assert found is not None, "the bot has said nothing here"
        return found

    @property
    def shown(self) -> str:
        """The screen's text as one reads it: no isolates, single blanks."""
        return plain(self.screen.text)

    @property
    def labels(self) -> list[str]:
        """The screen's buttons."""
        return [plain(label) for label in self.screen.labels]

    @property
    def heard(self) -> list[str]:
        """All that the bot has written here and that is still there, the oldest first."""
        return [plain(message.text) for message in self.phone.chat.live if message.from_bot]

    @property
    def notices(self) -> list[Notice]:
        """The bot's answers to presses, over the chat."""
        return self.phone.notices

    def reads(self, source: str, **values: str) -> re.Match[str]:
        """The sentence stands on the screen."""
        found = self.world.pattern(source, self.language, **values).search(self.shown)
        assert found, f"{self} does not read {source!r} but:\n{self.shown}\n{self.labels}"
        return found

    def has_read(self, source: str, **values: str) -> int:
        """How many of the bot's messages hold the sentence."""
        pattern = self.world.pattern(source, self.language, **values)
        return sum(pattern.search(text) is not None for text in self.heard)

    def sees_button(self, source: str) -> bool:
        """Whether the screen has a button with this label."""
        pattern = self.world.pattern(source, self.language)
        return any(pattern.fullmatch(label) for label in self.labels)

    def noticed(self, source: str) -> bool:
        """Whether the answer to the last press says so."""
        pattern = self.world.pattern(source, self.language)
        return bool(self.notices) and pattern.search(plain(self.notices[-1].text)) is not None

    def _label(self, label: str, under: Message | None) -> str:
        """The label as it stands: that of the newest button which the source fits, else as given."""
        try:
            pattern = self.world.pattern(label, self.language)
        except LookupError:
            return label
        for message in [under] if under is not None else self.phone.chat.backwards():
            for shown in message.labels:
                if pattern.fullmatch(plain(shown)):
                    return shown
        return label

    # ── one-time pages ─────────────────────────────────────────────────────────────────────────────────

    @property
    def page_link(self) -> str | None:
        """Where the screen's button leads that opens a one-time page; None where it has none."""
        links = [key.web_app or key.url or "" for row in self.screen.keyboard for key in row]
        return next((link for link in links if re.search("/(answer|detail|paper)/", link)), None)

    async def types_on_page(self, link: str | None = None, **typed: str) -> Seen:
        """Open the page that the screen's button leads to, type into its fields, send; what it says then."""
        opened = link or self.page_link
        assert opened is not None, f"no page is offered: {self.shown}"
        async with Visitor() as visitor:
            page = await visitor.open(opened)
            assert page.fields == list(typed), page.text
            seen = await visitor.send(**typed)
        await self.world.answers()
        return seen

    async def tells(self, **secret: str) -> None:
        """Answer the question that is open by a secret: on its page where there is one, else in the chat."""
        if self.page_link is not None:
            assert (await self.types_on_page(**secret)).status in (200, 422)
        else:
            await self.says(*secret.values())

    # ── whole ways ───────────────────────────────────────────────────────────────────────────────────────────────────

    @property
    def identity(self) -> tuple[str, str, str, str]:
        """The first four answers."""
        return self.matricule, self.last_name, self.first_name, self.born

    async def fills_in(self, upto: str = "summary", **typed: str) -> None:
        """/register and its questions, answered with one's own facts or those `typed`; stops where `upto` is asked.

        Steps: matricule, last_name, first_name, birth_date, email, password, repetition, question, answer, consent, summary.
        """
        words = dict(zip(STEPS[:4], self.identity, strict=True))
        words |= {"email": self.email, "password": self.password, "answer": self.answer}
        words |= typed
        words.setdefault("repetition", words["password"])
        left = STEPS[: STEPS.index(upto)]
        await self.says("/register", *(words[step] for step in left if step in STEPS[:5]))
        for step in left[5:]:
            match step:
                case "password" | "repetition":
                    if self.page_link is None:
                        await self.says(words[step])
                    elif step == "repetition":
                        await self.types_on_page(password=words["password"], repetition=words[step])
                case "question":
                    await self.presses(words.get("question", "In which street did you live as a child?"))
                case "answer":
                    await self.tells(answer=words["answer"])
                case "consent":
                    await self.presses("I agree")

    async def registers(self, *, activates: bool = True, **typed: str) -> None:
        """The whole way to an active space, in this chat."""
        await self.fills_in(**typed)
        await self.presses("Confirm")
        if activates:
            await self.opens(self.world.activation_link(typed.get("email", self.email)))

    async def has_space(self, *, signed_in: bool = True) -> int:
        """A space made without a word being said, for stories that begin after it; the chat is linked. The account's id."""
        return await self.world.gives_space(self, signed_in=signed_in)

    async def signs_in(self) -> None:
        """/login, the address, the password."""
        await self.says("/login", self.email)
        await self.tells(password=self.password)


STEPS = (
    "matricule",
    "last_name",
    "first_name",
    "birth_date",
    "email",
    "password",
    "repetition",
    "question",
    "answer",
    "consent",
    "summary",
)
_SCREENS = frozenset({"sendMessage", "editMessageText", "sendDocument", "sendPhoto", "sendVenue"})


def translations(catalogue: dict[Any, str], source: str) -> list[str]:
    """What a source is in a language: one form, or several where it counts something; markup in the source is optional."""
    named: dict[str, list[str]] = {}
    for key, said in catalogue.items():
        written = key[0] if isinstance(key, tuple) else key
        named.setdefault(_TAG.sub("", written), []).append(said)
    found = named.get(_TAG.sub("", source))
    if found is None:
        raise LookupError(
            f"no sentence {source!r} in the catalogue; near it: {difflib.get_close_matches(source, named, 2)}"
        )
    return found


def pattern_of(forms: Sequence[str], values: dict[str, str]) -> re.Pattern[str]:
    """What fits one of these translations with the values put in; a value that isn't given may be anything."""
    return re.compile("|".join(f"(?:{_one(form, values)})" for form in forms))


def _one(form: str, values: dict[str, str]) -> str:
    pieces = _HOLE.split(unescape(_TAG.sub("", form)))
    fixed = [re.escape(plain(f"|{piece}|")[1:-1]) for piece in pieces[::2]]
    holes = [re.escape(plain(values[name])) if name in values else ".+?" for name in pieces[1::2]]
    return "".join(part for pair in zip(fixed, [*holes, ""], strict=True) for part in pair)
