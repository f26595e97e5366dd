"""The topics as an operator enters them: themes, titles, phrasings and answers, in both languages. See data/faq_topics.yaml."""

from __future__ import annotations

from typing import Annotated, Literal, TypeAlias

import yaml
from pydantic import BaseModel, ConfigDict, Field, StringConstraints, ValidationError, model_validator

from kit.language import Language
from services.faq.listed import FOLDER, load_yaml

SHIPPED = FOLDER / "faq_topics.yaml"

Role: TypeAlias = Literal["participant", "delegate"]
Id: TypeAlias = Annotated[str, StringConstraints(pattern=r"^[a-z0-9][a-z0-9-]{0,39}$")]
Line: TypeAlias = Annotated[str, StringConstraints(strip_whitespace=True, min_length=1, max_length=400)]


class TopicsRefused(ValueError):
    """The file of topics can't be used; `lines` says why, one fault a line."""

    def __init__(self, lines: list[str]) -> None:
        super().__init__("; ".join(lines))
        self.lines = lines


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


class Topics(_Part):
    """A whole file."""

    themes: tuple[Theme, ...] = ()
    topics: tuple[Topic, ...] = Field(min_length=1)

    @model_validator(mode="after")
    def _whole(self) -> Topics:
        for what, ids in (("theme", [it.id for it in self.themes]), ("topic", [it.id for it in self.topics])):
            twice = sorted({id for id in ids if ids.count(id) > 1})
            if twice:
                raise ValueError(f"{what} given twice: {', '.join(twice)}")
        themes = {theme.id for theme in self.themes}
        strange = sorted(
            {f"{it.id}: {it.theme}" for it in self.topics if it.theme and it.theme not in themes}
        )
        if strange:
            raise ValueError(f"theme not listed under themes: {', '.join(strange)}")
        return self


def read_topics(text: str) -> Topics:
    """The topics of a YAML text; raises TopicsRefused."""
    try:
        return Topics.model_validate(load_yaml(text))
    except yaml.YAMLError as error:
        raise TopicsRefused([f"not YAML: {' '.join(str(error).split())}"]) from None
    except ValidationError as error:
        raise TopicsRefused(
            [
                f"{'.'.join(map(str, fault['loc']))}: {fault['msg']}".removeprefix(": ")
                for fault in error.errors()
            ]
        ) from None
