"""The specimens that come with Rafiq: drawn from what stands beside them, marked on every page, in both languages."""

from __future__ import annotations

import pytest

from delivery.papers.specimens import draw
from kit.language import LANGUAGES, Language
from kit.speech import Voices
from services.documents import SPECIMENS, TITLES
from services.fund import load_fund
from tests.papers.pdfs import Pdf

FUND = load_fund()
PAGES = {"participant_guide": 2, "claim_form": 1, "complaint_form": 1, "ald_list": 1, "ald_form": 2}
ALL = [(language, id) for language in LANGUAGES for id in FUND.documents]


def test_there_is_each_that_the_funds_file_names() -> None:
    assert set(FUND.documents) == set(TITLES) == set(PAGES)
    assert {(path.parent.name, path.stem) for path in SPECIMENS.glob("*/*.pdf")} == set(ALL)


@pytest.mark.parametrize(("language", "id"), ALL)
def test_it_is_what_its_words_make(language: Language, id: str) -> None:
    """`python -m delivery.papers.specimens` was run after the words, the template or the fund's file changed."""
    committed = (SPECIMENS / language / f"{id}.pdf").read_bytes()
    drawn = draw(FUND, Voices()[language], id)
    assert Pdf(committed).pages == Pdf(drawn).pages
    assert draw(FUND, Voices()[language], id) == drawn, "the same bytes each time"


@pytest.mark.parametrize(("language", "id"), ALL)
def test_every_page_says_that_it_is_a_specimen(language: Language, id: str) -> None:
    pdf = Pdf((SPECIMENS / language / f"{id}.pdf").read_bytes())
    assert len(pdf.pages) == PAGES[id]
    for page in pdf.pages:
        assert "SPÉCIMEN" in page
        assert "نموذج" in page
        assert "{" not in page
    assert FUND.health_fund.short_name in pdf.pages[0]
    # A reader of text turns the groups of a number round on an Arabic page.
    assert all(group in pdf.pages[0].split() for group in FUND.health_fund.phone.split())
    assert pdf.accessible
