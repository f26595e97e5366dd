"""A letter on paper: the same words as text and as HTML, in one language."""

from __future__ import annotations

from dataclasses import dataclass
from pathlib import Path

from jinja2 import Environment, FileSystemLoader, StrictUndefined
from markupsafe import Markup

from delivery.letters import Letter, closing, greeting
from kit.screen import Link
from kit.speech import FSI, LRI, PDI, Speech, strip_bidi
from kit.text import Text, t
from services.fund import HealthFund

_SHEETS = Environment(
    loader=FileSystemLoader(Path(__file__).parent / "templates"),
    autoescape=True,
    undefined=StrictUndefined,
    trim_blocks=True,
    lstrip_blocks=True,
)
_SPANS = ((LRI, '<span dir="ltr">'), (FSI, '<span dir="auto">'), (PDI, "</span>"))


@dataclass(frozen=True, slots=True)
class Sheet:
    """A letter as it is read: its subject, and its body twice."""

    subject: str
    text: str
    html: str


def written(letter: Letter, speech: Speech, fund: HealthFund) -> Sheet:
    """The letter in a language."""
    subject = strip_bidi(speech.plain(letter.subject))
    return Sheet(subject, _text(letter, speech, fund), _html(letter, speech, fund, subject))


def _text(letter: Letter, speech: Speech, fund: HealthFund) -> str:
    def said(text: Text) -> str:
        return _bare(speech.plain(text), speech)

    parts = [said(greeting(letter))]
    for block in letter.blocks:
        match block:
            case Link(label, url):
                parts.append(f"{said(label)}\n{url}")
            case Text():
                parts.append(said(block))
            case _:
                parts.append("\n".join(f"• {said(point)}" for point in block))
    *contacts, automatic = map(said, closing(fund))
    parts += ["-- \n" + "\n".join(contacts), automatic]
    return "\n\n".join(parts) + "\n"


def _html(letter: Letter, speech: Speech, fund: HealthFund, subject: str) -> str:
    def said(text: Text) -> Markup:
        return Markup(_spanned(speech.say(text), speech))  # noqa: S704  # nosec B704  the values are escaped by Speech

    blocks: list[tuple[str, object]] = []
    for block in letter.blocks:
        match block:
            case Link(label, url):
                blocks.append(("link", (said(label), url)))
            case Text():
                blocks.append(("paragraph", said(block)))
            case _:
                blocks.append(("list", [said(point) for point in block]))
    *contacts, automatic = map(said, closing(fund))
    return _SHEETS.get_template("letter.html").render(
        language=speech.language,
        direction=speech.direction,
        subject=subject,
        fund=fund.short_name,
        greeting=said(greeting(letter)),
        blocks=blocks,
        by_hand=said(t("If the button does not work, copy this address into your browser:")),
        contacts=contacts,
        automatic=automatic,
    )


def _bare(said: str, speech: Speech) -> str:
    """French is left-to-right throughout: invisible characters would only make the mail look like spam."""
    return said if speech.direction == "rtl" else strip_bidi(said)


def _spanned(said: str, speech: Speech) -> str:
    """Isolates as elements: what a person copies out of the mail then holds no invisible character."""
    if speech.direction == "ltr":
        return strip_bidi(said)
    for mark, span in _SPANS:
        said = said.replace(mark, span)
    return said
