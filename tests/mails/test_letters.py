"""What the mails say and what they never say, word for word."""

from __future__ import annotations

import re
from html.parser import HTMLParser
from urllib.parse import urlsplit

import pytest

from delivery.letterhead import written
from delivery.letters import LETTERS, Addresses, Letter, Occasion
from kit.language import LANGUAGES, Language
from kit.screen import Link
from kit.speech import strip_bidi
from kit.text import Text
from tests.mails.stage import (
    CHAT,
    GOLDEN,
    PAGES,
    TOKEN,
    WRITTEN,
    fund,
    golden,
    mail,
    promise,
    text_of,
    voices,
)

EVERY = pytest.mark.parametrize(
    ("template", "language"), [(template, language) for template in LETTERS for language in LANGUAGES]
)
# What a careless caller could hand in: none of it may be read.
SECRETS = {
    "matricule": "00481516",
    "password": "Casa1977x2",
    "answer": "Mimouna",
    "act": "Radiothérapie",
    "amount": "31250",
    "birth_date": "1980-12-31",
    "email": "other@example.org",
    "last_name": "Benjelloun",
}


@pytest.mark.req("CF-08")
def test_every_mail_is_as_it_was_approved() -> None:
    """`python -m tests.mails.stage` writes the files anew."""
    mails = golden()
    assert {path.stem for path in GOLDEN.iterdir()} == set(mails)
    for name, body in mails.items():
        assert (GOLDEN / f"{name}.txt").read_text("utf-8") == body, name


@EVERY
def test_headers_say_that_no_one_need_answer(template: str, language: Language) -> None:
    message = mail(promise(template, language))
    assert message["From"] == "CMIM <rafiq@cmim.example>"
    assert message["To"] == "salma@example.com"
    assert message["Auto-Submitted"] == "auto-generated"
    assert message["Content-Language"] == language
    assert message["Date"].datetime == WRITTEN
    assert message["Message-ID"] == "<rafiq.812.1773502200000@cmim.example>"
    assert not [name for name in message if name.startswith("List-")]
    assert message["Subject"] == strip_bidi(message["Subject"])
    assert [part.get_content_type() for part in message.iter_parts()] == ["text/plain", "text/html"]


@pytest.mark.req("TH-42", "CF-08", "CF-07")
@EVERY
def test_a_letter_reads_nothing_but_its_token_and_the_first_name(template: str, language: Language) -> None:
    plain, handed = mail(promise(template, language)), mail(promise(template, language, **SECRETS))
    assert handed.as_bytes() == plain.as_bytes()
    for secret in SECRETS.values():
        assert secret not in text_of(handed) + text_of(handed, "html") + str(handed["Subject"])


@pytest.mark.req("TH-42")
@EVERY
def test_no_mail_speaks_of_illness(template: str, language: Language) -> None:
    sentences = text_of(mail(promise(template, language))).lower()
    for word in ("maladie", "médic", "diagnos", "traitement", "hospital", "مرض", "علاج", "دواء"):
        assert word not in sentences


class _Page(HTMLParser):
    """The links of a page, and whatever it would fetch or run."""

    def __init__(self, page: str) -> None:
        super().__init__()
        self.links: list[str] = []
        self.fetched: list[str] = []
        self.directions: list[str | None] = []
        self.feed(page)

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        given = dict(attrs)
        if tag == "a":
            self.links.append(given.get("href") or "")
        if tag in ("html", "div", "table") and "dir" in given:
            self.directions.append(given["dir"])
        if tag in ("script", "img", "link", "iframe", "form", "input") or "src" in given:
            self.fetched.append(tag)


@pytest.mark.req("TH-40")
@pytest.mark.parametrize("addresses", [PAGES, CHAT, Addresses(PAGES.public_url, CHAT.bot_username)])
@EVERY
def test_links_lead_to_our_pages_or_our_bot(template: str, language: Language, addresses: Addresses) -> None:
    message = mail(promise(template, language), addresses)
    page = _Page(text_of(message, "html"))
    hosts = {urlsplit(link).hostname for link in page.links}
    assert hosts <= {"rafiq.cmim.example", "t.me"}
    assert all(
        link.startswith(("https://rafiq.cmim.example/", "https://t.me/RafiqCmimBot")) for link in page.links
    )
    assert set(page.links) == set(re.findall(r"https?://\S+", text_of(message)))
    assert page.fetched == []


@EVERY
def test_arabic_runs_from_right_to_left_with_what_is_latin_kept_apart(
    template: str, language: Language
) -> None:
    message = mail(promise(template, language))
    text, html = text_of(message), text_of(message, "html")
    direction = "rtl" if language == "ar" else "ltr"
    assert f'<html lang="{language}" dir="{direction}">' in html
    assert set(_Page(html).directions) == {direction}
    assert strip_bidi(html) == html
    if language == "ar":
        assert "\u2066info@cmim.ma\u2069" in text
        assert '<span dir="ltr">info@cmim.ma</span>' in html
    else:
        assert strip_bidi(text) == text
    assert not [line for line in text.splitlines() if "https://" in line and strip_bidi(line) != line]


@EVERY
def test_facts_come_from_the_funds_file(template: str, language: Language) -> None:
    """Another fund, another mail: not a word of the first one stays."""
    other = fund().health_fund.model_copy(
        update={
            "short_name": "Mutuelle X",
            "name": fund().health_fund.name.model_copy(update={"fr": "Mutuelle Dix", "ar": "تعاضدية عشرة"}),
            "phone": "05 00",
            "email": "ecrire@x.example",
            "activation_contact": "activer@x.example",
        }
    )
    occasion = Occasion(other, PAGES, {"token": TOKEN}, WRITTEN)
    sheet = written(LETTERS[template](occasion), voices()[language], other)
    for fact in ("CMIM", "cmim.ma", "cmim-mailling", "05 22", "05\u00a022"):
        assert fact not in (sheet.subject + sheet.text + sheet.html).replace("rafiq.cmim.example", "")
    assert "ecrire@x.example" in sheet.text
    assert ("activer@x.example" in sheet.text) == (template == "activation")


def _sentences(letter: Letter) -> list[Text]:
    found: list[Text] = [letter.subject]
    for block in letter.blocks:
        found += [block.label] if isinstance(block, Link) else [block] if isinstance(block, Text) else block
    return found


def test_figures_are_values_and_never_written_into_a_sentence() -> None:
    for letter in LETTERS.values():
        for sentence in _sentences(letter(Occasion(fund().health_fund, PAGES, {"token": TOKEN}, WRITTEN))):
            assert not re.search(r"\d", sentence.id), sentence.id


@pytest.mark.req("TH-41")
def test_a_name_that_looks_like_markup_is_only_a_name() -> None:
    message = mail(promise("confirmation", name='<a href="https://evil.example">R&D</a>'))
    assert 'Bonjour <a href="https://evil.example">R&D</a>,' in text_of(message)
    assert "Bonjour &lt;a href=" in text_of(message, "html")
    assert "evil.example" not in " ".join(_Page(text_of(message, "html")).links)


@pytest.mark.req("TH-41")
def test_a_name_cannot_turn_a_sentence_round() -> None:
    message = mail(promise("confirmation", "ar", name="\u202eamlaS\u2069"))
    assert "مرحبا \u2068amlaS\u2069،" in text_of(message)


def test_the_activation_says_until_when_its_link_works_in_the_funds_time() -> None:
    summer = promise("activation")
    assert "jusqu’au 15 mars 2026 à 15:30" in text_of(mail(summer))  # Ramadan: no summer time in Morocco
    summer.created_at = WRITTEN.replace(month=7)
    assert "jusqu’au 15 juillet 2026 à 16:30" in text_of(mail(summer))
