"""The answer to a person or a partner that something can't be done. All else that is raised is our bug."""

from __future__ import annotations

from kit.text import Text


class Refused(Exception):
    """A refusal: `code` is for programs, logs and tests, `text` for the person.

    `at` names the step of a form that is to blame, where that isn't the one being answered.
    """

    def __init__(self, code: str, text: Text, *, at: str | None = None) -> None:
        super().__init__(code)
        self.code = code
        self.text = text
        self.at = at
