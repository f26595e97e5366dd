"""Setting papers: the same bytes each time, whole tables over many pages, and faults that tell nothing of the paper's words."""

from __future__ import annotations

import datetime as dt
from pathlib import Path

import pytest

from benchmarks.papers import contents
from delivery.papers import statement as paper
from delivery.papers import typesetting
from delivery.papers.typesetting import NotSet, set_paper
from kit.language import LANGUAGES, Language
from kit.speech import Voices
from kit.text import Ltr, t
from services.fund import load_fund
from services.work import House, Work
from tests.papers.pdfs import Pdf

NUMBER = "D2026-00094"


def drawn(language: Language, lines: int) -> Pdf:
    """A statement of so many lines, drawn twice."""
    work = Work(None, dt.datetime(2026, 3, 26, tzinfo=dt.UTC), House(load_fund(), lambda *_: []))  # type: ignore[arg-type]
    title = t("Statement of reimbursements No. {number}", number=Ltr(NUMBER))
    facts = paper._facts(work, Voices()[language], contents(lines), title, whole_year=False)
    first, second = (set_paper("statement", facts, facts["at"]) for _ in range(2))
    assert first == second, "the same facts are the same bytes"
    return Pdf(first)


@pytest.mark.parametrize("language", LANGUAGES)
@pytest.mark.parametrize(("lines", "pages"), [(1, 1), (3, 1), (300, 9)])
def test_short_and_long_statements(language: Language, lines: int, pages: int) -> None:
    pdf = drawn(language, lines)
    assert pdf.accessible
    assert abs(len(pdf.pages) - pages) <= pages // 3
    last = len(pdf.pages)
    for number, page in enumerate(pdf.pages, 1):
        assert pdf.left(NUMBER, number - 1), "the foot of each page says whose it is"
        if language == "fr":
            assert f"Page {number} sur {last}" in page
            if "25/03/2026" in page and number < last:
                assert page.count("Bénéficiaire") == 1, "the head of the table stands on each page"
    assert sum(page.count("25/03/2026") for page in pdf.pages) == lines


def test_a_fault_says_where_and_not_what() -> None:
    with pytest.raises(NotSet) as caught:
        set_paper("statement", {"dir": "ltr", "title": "Salma El Ouaïssi"}, 0)
    assert str(caught.value)
    assert "Salma" not in str(caught.value)
    with pytest.raises(NotSet):
        set_paper("nothing_of_the_kind", {}, 0)


def test_what_takes_too_long_is_ended(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(typesetting, "PATIENCE", 0.001)
    with pytest.raises(NotSet, match="took too long"):
        drawn("fr", 300)


def test_the_press_inherits_no_secret(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    press = tmp_path / "press.py"
    press.write_text("import os, sys; sys.stdout.write(repr(sorted(os.environ)))")
    monkeypatch.setattr(typesetting, "PRESS", press)
    monkeypatch.setenv("RAFIQ_SECRET_KEY", "1:secret")
    assert b"RAFIQ" not in set_paper("statement", {}, 0)
