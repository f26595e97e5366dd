"""`rafiq import faq FILE`: topic by topic, a line for each fault, nothing changed the second time, and nothing of the agents' lost."""

from __future__ import annotations

from concurrent.futures import ThreadPoolExecutor
from contextlib import suppress
from pathlib import Path
from typing import Any

import pytest
import yaml
from hypothesis import given
from hypothesis import strategies as st

from bot.ways import place_names
from kit.csvlines import BadFile
from kit.seal import Keyring
from services.faq import file as files
from services.faq import imports
from services.faq.imports import Report
from services.faq.topics import SHIPPED
from store import faq
from store.blocking import Blocking
from store.db import Db
from tests.imports.conftest import Office

PLACES = {"menu", "register"}


def topic(name: str, **told: Any) -> dict[str, Any]:
    """A topic of a file; `told` replaces what it says."""
    words = {
        "title": f"Titre {name}",
        "phrasings": [f"comment {name}", f"où {name}"],
        "answer": "Appelez le {phone}.",
    }
    arabic = {"title": f"عنوان {name}", "phrasings": [f"كيف {name}"], "answer": "اتصلوا على {phone}."}
    return {"id": name, "fr": words, "ar": arabic, **told}


def write(office: Office, *topics: Any, **more: Any) -> Path:
    """A file of these topics."""
    return office.bytes("faq", yaml.safe_dump({**more, "topics": list(topics)}, allow_unicode=True).encode())


def take(office: Office, *topics: Any, **options: Any) -> Report:
    """Import a file of these topics, with `yes`."""
    options.setdefault("yes", True)
    return imports.run_import(write(office, *topics), office.blocking, PLACES, **options)


def counts(report: Report) -> tuple[int, ...]:
    return (report.new, report.changed, report.unchanged, report.removed, report.rejected)


def keys(office: Office) -> list[str]:
    return [one.key for one in office.blocking.read(faq.topics)]


def test_the_operators_file_takes_the_place_of_what_is_shipped(office: Office) -> None:
    office.blocking.run(imports.seed)
    assert len(keys(office)) == 52
    assert not office.blocking.run(imports.seed), "once is enough"
    report = take(office, topic("a"), topic("b", action="menu", roles=["delegate"]))
    assert (report.status, counts(report)) == (0, (2, 0, 0, 52, 0))
    assert keys(office) == ["a", "b"]
    assert not office.blocking.run(lambda db: imports.seed(db, SHIPPED.read_bytes() + b"\n"))
    assert keys(office) == ["a", "b"], "a new release does not bring the shipped ones back"
    _, b = office.blocking.read(faq.topics)
    assert (b.action, b.roles, b.titles["ar"], b.source) == ("menu", ("delegate",), "عنوان b", "import")


@pytest.mark.req("INV-09")
def test_a_second_run_changes_nothing(office: Office) -> None:
    take(office, topic("a"), topic("b"))
    version = office.blocking.read(faq.version)
    report = take(office, topic("a"), topic("b"))
    assert (report.status, counts(report)) == (0, (0, 0, 2, 0, 0))
    assert office.blocking.read(faq.version) == version
    report = take(office, topic("a"), topic("b", action="menu"))
    assert counts(report) == (0, 1, 1, 0, 0)
    assert office.blocking.read(faq.version) == version + 1


def test_a_new_release_brings_its_own_as_long_as_nobody_imported(office: Office) -> None:
    office.blocking.run(imports.seed)
    fresh = yaml.safe_dump({"topics": [topic("new")]}, allow_unicode=True).encode()
    assert office.blocking.run(lambda db: imports.seed(db, fresh))
    assert keys(office) == ["new"]


def test_agents_phrasings_and_topics_are_never_lost(office: Office) -> None:
    take(office, topic("a"), topic("b"))

    def agents(db: Db) -> None:
        faq.add_phrasing(db, "a", faq.AGENT, "fin a dyali")
        faq.put_topics(
            db, [faq.Topic("own", None, 99, faq.AGENT, {"fr": "x", "ar": "y"}, {"fr": "", "ar": ""})]
        )
        faq.add_word(db, "ou", "finek")
        faq.add_negative(db, "la météo")

    office.blocking.run(agents)
    report = take(office, topic("b"), topic("c"))
    assert counts(report) == (1, 0, 1, 1, 0)
    assert report.dormant == 1
    assert keys(office) == ["b", "c", "own"]
    report = take(office, topic("a"), topic("b"), topic("c"))
    assert report.dormant == 0
    kept = [one for one in office.blocking.read(faq.phrasings) if one.source == faq.AGENT]
    assert [(one.topic, one.text) for one in kept] == [("a", "fin a dyali")]
    assert office.blocking.read(faq.words) == [("ou", "finek")]
    assert office.blocking.read(faq.negatives) == ["la météo"]


FAULTS = {
    "no language": ({"ar": None}, "ar: "),
    "no title": ({"fr": {"phrasings": ["x"]}}, "fr.title: "),
    "an unknown fact": (
        {"fr": {"title": "x", "answer": "{salary} {phone}"}},
        "fr.answer: unknown placeholder {salary}",
    ),
    "half a brace": ({"fr": {"title": "x", "answer": "{phone"}}, "fr.answer: a brace without its other half"),
    "an unknown action": ({"action": "moon"}, "action moon is no place of the bot"),
    "an unknown role": ({"roles": ["king"]}, "roles.0: "),
    "an unknown key": ({"titel": "x"}, "titel: "),
    "a long title": ({"fr": {"title": "x" * 65}}, "fr.title has more than 64 characters"),
    "a long line": (
        {"fr": {"title": "x", "answer": "y" * 1001}},
        "fr.answer: has a line of more than 1000 characters",
    ),
    "an id that is none": ({"id": "É toile"}, "id: "),
}


@pytest.mark.parametrize("fault", list(FAULTS))
def test_a_fault_is_one_clear_line_and_what_was_known_stays(office: Office, fault: str) -> None:
    told, line = FAULTS[fault]
    take(office, topic("a"), topic("b"))
    before = office.blocking.read(faq.topics)
    report = take(office, topic("a", **told), topic("b"))
    assert (report.status, report.rejected) == (1, 1)
    (said,) = report.faults
    assert said.startswith(f"topic {told.get('id', 'a')}: {line}")
    assert "\n" not in said
    if "id" not in told:
        assert office.blocking.read(faq.topics) == before


def test_themes(office: Office) -> None:
    good = {"id": "t", "fr": "Thème", "ar": "موضوع"}
    path = write(
        office,
        topic("a", theme="t"),
        topic("b", theme="u"),
        themes=[good, dict(good), {"id": "x", "fr": "x"}],
    )
    report = imports.run_import(path, office.blocking, PLACES, yes=True)
    assert report.faults == [
        "theme t is there twice: the first is taken",
        "theme 3: ar: Field required",
        "topic b: theme u is not among the themes",
    ]
    assert [one.key for one in office.blocking.read(faq.themes)] == ["t"]
    assert report.status == 1


def test_twice_the_same_id(office: Office) -> None:
    report = take(office, topic("a"), topic("a", action="menu"), topic("b"))
    assert report.faults == ["topic a is there twice: the first is taken"]
    assert (report.status, report.rejected) == (1, 1)
    assert office.blocking.read(faq.topics)[0].action is None


@pytest.mark.parametrize(
    ("content", "why"),
    [
        (b"", 'the file must have a list "topics"'),
        (b"topics: 3", 'the file must have a list "topics"'),
        (b"topics: [", "the file is not YAML in line "),
        (b"topics:\n- {id: a, id: b}", "the file is not YAML in line 2: id is given twice"),
        (b"a: &a [1]\ntopics: *a", "the file uses YAML aliases, which are not taken"),
        (b"topics: !!python/object/apply:os.system [ls]", "the file uses YAML tags, which are not taken"),
        (b'topics: [!!int ""]', "the file uses YAML tags, which are not taken"),
        (b"topics: [!!bool x]", "the file uses YAML tags, which are not taken"),
        (b"topics: [!!timestamp x]", "the file uses YAML tags, which are not taken"),
        (b"topics: [!!map [1]]", "the file uses YAML tags, which are not taken"),
        (b"topics: " + b"[" * 100_000, "the file is nested more than 10 levels deep"),
        (b"topics:\n" + b"- " * 100_000 + b"x", "the file is nested more than 10 levels deep"),
        (b"\xff\xfe", "the file is not UTF-8"),
        (b"x" * (5 << 20), "the file is above 4 MB"),
    ],
)
@pytest.mark.req("TH-62")
def test_a_file_that_is_none(office: Office, content: bytes, why: str) -> None:
    office.blocking.run(imports.seed)
    report = imports.run_import(office.bytes("faq", content), office.blocking, PLACES)
    assert report.status == 2
    assert report.message is not None
    assert report.message.startswith(why)
    assert len(keys(office)) == 52
    missing = imports.run_import(office.folder / "none.yaml", office.blocking, PLACES)
    assert missing.status == 2


_SCRAPS = ["topics", ":", " ", "\n", "- ", "  ", "{", "}", "[", "]", "!!int ", "!x ", "''", '"', "? ", "<<", "&a ", "*a", "|", "---\n",
           "0x_", "1:2", "2026-13-45", "2026-1-1", ".inf", "~", "id", "fr", "title", "answer", "#", "%", "\u202e", "\x00"]  # fmt: skip


@given(st.lists(st.sampled_from(_SCRAPS) | st.text(max_size=4), max_size=30).map("".join))
@pytest.mark.req("TH-62")
def test_whatever_the_file_says_it_is_read_or_refused(scraps: str) -> None:
    for text in (scraps, f"topics:\n- {scraps}", f"topics: [{scraps}]"):
        with suppress(BadFile):
            files.read(text.encode("utf-8", "replace"), PLACES)


def test_a_dry_run_changes_nothing(office: Office) -> None:
    report = take(office, topic("a"), dry_run=True)
    assert counts(report) == (1, 0, 0, 0, 0)
    assert "1 would be new" in report.sentences()[0]
    assert keys(office) == []


@pytest.mark.req("TH-62")
def test_a_mass_change_of_the_operators_own_asks_first(office: Office) -> None:
    many = [topic(f"t{number}") for number in range(10)]
    assert take(office, *many, yes=False).status == 0, "what is shipped is not the operator's own"
    report = take(office, *many[:5], yes=False)
    assert report.status == 2
    assert "repeat with --yes" in (report.message or "")
    assert len(keys(office)) == 10
    assert take(office, *many[:5], yes=False, confirm=lambda _: False).status == 2
    assert take(office, *many[:5], yes=False, confirm=lambda _: True).status == 0
    assert len(keys(office)) == 5


def test_a_file_without_answers_keeps_those_that_are_known(office: Office) -> None:
    """The form in which operators enter topics has no answers, themes or buttons."""
    office.blocking.run(imports.seed)
    bare = topic("account-create", fr={"title": "Créer"}, ar={"title": "إنشاء"})
    take(office, bare)
    (kept,) = office.blocking.read(faq.topics)
    assert kept.titles["fr"] == "Créer"
    assert kept.answers["fr"]
    assert kept.answers["ar"]
    assert (kept.theme, kept.action, kept.roles) == ("account", "register", ("participant",))


def test_what_is_shipped_has_no_fault(office: Office) -> None:
    report = imports.run_import(SHIPPED, office.blocking, _Any(), yes=True)
    assert (report.faults, report.read) == ([], 52)


class _Any(set[str]):
    """Every place there may be."""

    def __contains__(self, _: object) -> bool:
        return True


def test_places_are_those_of_the_bot() -> None:
    assert {"menu", "register", "reimbursements", "faq"} <= place_names()


@pytest.mark.req("FL-25")
def test_two_processes_that_start_at_once_seed_it_once(office: Office) -> None:
    if not office.url.startswith("postgresql"):
        pytest.skip("an embedded database has one process")
    others = [Blocking(office.url, Keyring(office.key)) for _ in range(4)]
    try:
        with ThreadPoolExecutor(4) as pool:
            seeded = list(pool.map(lambda one: one.run(imports.seed), others))
    finally:
        for one in others:
            one.close()
    assert sorted(seeded) == [False, False, False, True]
    assert len(keys(office)) == 52
