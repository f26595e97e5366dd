"""Where a person must be in the registration, by what they did: SPEC 2.1 in a page, written without the engine."""

from __future__ import annotations

OWN = "own"
ORDER = (
    "matricule",
    "last_name",
    "first_name",
    "birth_date",
    "email",
    "password",
    "repetition",
    "question",
    "own_question",
    "answer",
    "consent",
)
SECRET = {"password", "repetition", "answer"}
EDITABLE = (
    "matricule",
    "last_name",
    "first_name",
    "birth_date",
    "email",
    "password",
    "question",
    "answer",
)
# What is asked again when an answer changes: whatever was judged in its light.
LEADS_TO = {
    "matricule": {"birth_date", "password", "answer"},
    "last_name": {"birth_date", "password", "answer"},
    "first_name": {"birth_date", "password", "answer"},
    "birth_date": {"password", "answer"},
    "email": {"password", "answer"},
    "password": {"repetition", "answer"},
    "question": {"own_question", "answer"},
    "own_question": {"answer"},
}
# Two good answers of each question; both names are hers.
TEXTS = {
    "matricule": ("104827", "104827"),
    "last_name": ("El Ouaïssi", "ELOUAISSI"),
    "first_name": ("Salma", "سلمى"),
    "birth_date": ("14/03/1984", "1984-03-14"),
    "email": ("salma@example.com", "mirabelle@example.org"),
    "password": ("Tournesol47", "Olivier5829"),
    "repetition": ("", ""),
    "own_question": ("Où avons-nous planté le figuier ?", "Quelle était la couleur du portail ?"),
    "answer": ("rue des acacias", "derrière le puits"),
}
WRONG = {
    "matricule": ("1_000", "'; --", "²³"),
    "last_name": ("😀", "1234", "a" * 101),
    "first_name": ("😀", "1234", "\u200b\u200b"),
    "birth_date": ("29/02/2023", "hier", "1/2/85"),
    "email": ("salma", "a b@example.com", "salma@gm\u0430il.com"),
    "password": ("court1", "sanschiffre", "salma12345"),
    "own_question": ("Quoi ?", "a" * 121, "12345678901"),
    "answer": ("a", "Salma", "104827"),
    "question": ("rue", "1", "own"),
    "consent": ("oui", "yes", "1"),
    "summary": ("ok", "confirm", "oui"),
}


class Model:
    """`step` is the question that is open (or "summary", "edit"), None where no form is; `given` what has been answered."""

    def __init__(self) -> None:
        self.step: str | None = None
        self.given: dict[str, str] = {}
        self.offered: dict[str, str] = {}
        self.repetition = ""
        self.edited = False
        self.confirmed = 0
        self.waits = False
        self.doubted = False  # whether an address was asked back about

    def registers(self) -> None:
        if self.step is None and not self.waits:
            self.given, self.offered, self.edited, self.doubted = {}, {}, False, False
            self.step = "matricule"

    def closes(self) -> None:
        self.step = None

    def asked(self) -> list[str]:
        return [step for step in ORDER if step != "own_question" or self.given.get("question") == OWN]

    def next(self) -> None:
        """To the first question without an answer, else to the summary."""
        self.step = next((step for step in self.asked() if step not in self.given), "summary")

    def answers(self, value: str) -> None:
        step = self.step
        assert step is not None
        self.edited = self.doubted = False
        if step == "birth_date":
            value = "1984-03-14"
        changed = self.given.get(step) != value or step in SECRET - {"repetition"}
        self.given[step] = value
        self.offered.pop(step, None)
        if step == "password":
            self.repetition = value
        for other in LEADS_TO.get(step, set()) if changed else ():
            self.takes_back(other)
        self.next()

    def takes_back(self, step: str) -> None:
        value = self.given.pop(step, None)
        if value is not None and step not in SECRET:
            self.offered[step] = value

    def is_refused(self) -> None:
        """The step stays."""

    def differs(self) -> None:
        """The repetition isn't the password: nothing is kept of either (BI-26)."""
        self.given.pop("password", None)
        self.given.pop("repetition", None)
        self.step = "password"

    def presses(self, action: str) -> None:
        """A button of the present screen's revision, drawn or forged."""
        if self.step is None:
            return
        verb, _, argument = action.partition(":")
        match verb:
            case "back":
                self.goes_back()
            case "edit":
                self.edits(argument)
            case "confirm" if self.step == "summary":
                self.step, self.waits = None, True
                self.confirmed += 1
            case "keep" if self.step not in SECRET:
                known = self.given.get(self.step, self.offered.get(self.step))
                if known is not None and self.step in ORDER:
                    self.answers(known)
            case "offer" if argument == "0" and self.step == "email" and self.doubted:
                self.answers("salma@gmail.com")
            case "choose" if (self.step, argument) in (
                ("consent", "yes"),
                ("question", "first_school"),
                ("question", OWN),
            ):
                self.answers(argument)

    def goes_back(self) -> None:
        if self.step in ("summary", "edit") or self.edited:
            self.edited = False
            self.next()
            return
        asked = self.asked()
        here = asked.index(self.step) if self.step in asked else 0
        if here > 0:
            self.step = asked[here - 1]

    def edits(self, step: str) -> None:
        if step in EDITABLE and step in self.given:
            self.step, self.edited = step, True
        else:
            self.step = "edit"
