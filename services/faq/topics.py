"""The topics as an operator enters them: themes, titles, phrasings and answers, in both languages. See data/faq_topics.yaml."""

from __future__ import annotations

from typing import Annotated, Literal, TypeAlias

from pydantic import BaseModel, ConfigDict, StringConstraints

from kit.language import Language
from services.faq.listed import FOLDER

SHIPPED = FOLDER / "faq_topics.yaml"

Role: TypeAlias = Literal["participant", "delegate"]
Id: TypeAlias = Annotated[str, StringConstraints(pattern=r"^[a-z0-9][a-z0-9-]{0,39}$")]
Line: TypeAlias = Annotated[str, StringConstraints(strip_whitespace=True, min_length=1, max_length=400)]


class _Part(BaseModel):
    model_config = ConfigDict(extra="forbid", frozen=True)


class Theme(_Part):
    """A heading under which topics are browsed."""

    id: Id
    fr: Line
    ar: Line

    def called(self, language: Language) -> str:
        return self.fr if language == "fr" else self.ar


class Said(_Part):
    """A topic in one language. `answer` may name facts of the fund in braces; paragraphs are parted by an empty line."""

    title: Line
    phrasings: tuple[Line, ...] = ()
    answer: Annotated[str, StringConstraints(strip_whitespace=True, max_length=3000)] = ""


class Topic(_Part):
    """What people ask about. `action` is a place of the bot; `roles` says who usually asks: none means everyone."""

    id: Id
    theme: Id | None = None
    action: str | None = None
    roles: tuple[Role, ...] = ()
    fr: Said
    ar: Said

    def said(self, language: Language) -> Said:
        return self.fr if language == "fr" else self.ar

    @property
    def phrasings(self) -> tuple[str, ...]:
        """All that is known of how it is asked, titles first."""
        return (self.fr.title, self.ar.title, *self.fr.phrasings, *self.ar.phrasings)
