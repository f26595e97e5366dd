"""Nothing is said that is not said well in both languages: the catalogues, and the tool that keeps them."""

from __future__ import annotations

import re
from collections.abc import Callable
from pathlib import Path

import pytest

from bot.handlers import activity_words
from bot.locales import catalogue
from bot.locales import faults as telling
from bot.locales.sources import Source, Sources, read, read_python
from kit.language import LANGUAGES, Language
from kit.speech import Voices
from kit.text import nt, t
from services.activity import Event

HELLO = Source("Hello {name}.")
LINES = Source("{n} line of {name}", "{n} lines of {name}")
IMPORTS = "from kit.text import nt, t\n"


def said(code: str) -> Sources:
    """The sentences of a file with this code."""
    sources = Sources()
    read_python(IMPORTS + code, "bot/planted.py", sources)
    return sources


def found(source: Source, *forms: str, language: Language = "fr") -> str:
    """What the tool says of a translation."""
    return "; ".join(telling.of(source, forms, language, 2 if language == "fr" else 6))


def test_both_catalogues_say_all_that_the_rooms_say() -> None:
    faults = list(catalogue.check(catalogue.HERE, read()))
    assert not faults, f"{len(faults)} faults (python -m bot.locales.catalogue check), the first: {faults[0]}"


TYPED_LIKE_A_MACHINE = re.compile(r"[ \u00a0](?=[:;?!»])|(?<=«)[ \u00a0]|(?<=[nN]°) |(?<=\w)'(?=\w)")


def test_french_is_set_as_it_is_printed() -> None:
    """One narrow no-break space before : ; ? ! and within « », none that breaks after n°, and the apostrophe of print."""
    messages = catalogue.load(catalogue.path_of("fr"), "fr")
    said = ([one.string] if isinstance(one.string, str) else one.string for one in messages if one.id)
    forms = [form for strings in said for form in strings]
    assert len(forms) > 900
    assert [form for form in forms if TYPED_LIKE_A_MACHINE.search(form)] == []
    assert TYPED_LIKE_A_MACHINE.search("Vraiment ?")
    assert TYPED_LIKE_A_MACHINE.search("Relevé n° 7")


def test_fragments_are_all_merged() -> None:
    assert list((catalogue.HERE / "fragments").glob("*.po")) == []


def test_every_event_of_the_activity_log_has_its_sentence() -> None:
    """A participant reads who did what with their file: say it in `SENTENCES` of bot/handlers/activity_words.py."""
    assert {event.value for event in Event} - set(activity_words.SENTENCES) == set()


_COUNTED = re.compile(
    r"\{(?:n|\w*(?:count|number|minimum|maximum|digits|longest|shortest|written|minutes|hours|days|times))\}(?:</\w+>)? "
    r"(?:characters?|digits?|letters?|words?|lines?|questions?|reimbursements?|statements?|(?:second|minute|hour|day|week|month|year)s?)\b"
)


def uncounted(sources: Sources) -> list[str]:
    """The sentences that count something and have one form for all counts."""
    return [
        source.id for source in sources.by_id.values() if source.plural is None and _COUNTED.search(source.id)
    ]


def test_what_is_counted_has_a_plural() -> None:
    """“{n} minutes” in one form is wrong for one in French, and in Arabic for almost every number: say it with nt()."""
    assert uncounted(read()) == []
    planted = said(
        't("It vanishes in {n} minutes.", n=1)\nnt("{n} letter", "{n} letters", n)\nt("<b>{digits}</b> digits", digits=1)'
    )
    assert uncounted(planted) == ["It vanishes in {n} minutes.", "<b>{digits}</b> digits"]


@pytest.mark.parametrize(
    ("language", "other"),
    [("fr", re.compile(r"\bliée?s?\b")), ("ar", re.compile("مرتبطة|ارتباط محادثة|ارتباط المحادثة"))],
)
def test_a_chat_and_an_address_are_not_called_by_one_word(language: Language, other: re.Pattern[str]) -> None:
    """A link (lien, رابط) is pressed; a chat that belongs to a space is “associée”, “موصولة”."""
    mixed = [
        message.string
        for message in catalogue.load(catalogue.path_of(language), language)
        if isinstance(message.string, str)
        and other.search(message.string)
        and "الأسئلة" not in message.string
    ]
    assert mixed == []


def test_arabic_says_a_hundred_without_the_ending_of_eleven() -> None:
    """Babel's Arabic has 100 to 102 as its fifth form and 11 to 99 as its sixth; CLDR's names come the other way round."""
    swapped = [
        message.id[0]
        for message in catalogue.load(catalogue.path_of("ar"), "ar")
        if isinstance(message.id, tuple)
        and any(
            hundred == f"{eleven}ا"
            for hundred, eleven in zip(
                *(re.findall(r"\w+", form) for form in message.string[4:]), strict=True
            )
        )
    ]
    assert swapped == []


class TestSources:
    def test_sentences_are_found_however_they_are_written(self) -> None:
        sources = said(
            't("One " "sentence.")\nt("Yes." if x else "No.")\nnt("{n} line", "{n} lines", n)\nLATE = "Late."\nt(LATE)'
        )
        assert set(sources.by_id) == {"One sentence.", "Yes.", "No.", "{n} line", "Late."}
        assert sources.by_id["{n} line"].plural == "{n} lines"
        assert sources.faults == []

    def test_a_sentence_may_be_named_in_another_file(self, tmp_path: Path) -> None:
        (tmp_path / "bot").mkdir()
        (tmp_path / "bot" / "words.py").write_text('BACK = "Back"\n')
        (tmp_path / "bot" / "form.py").write_text(
            IMPORTS + "from bot.words import BACK as BUTTON\nt(BUTTON)\n"
        )
        assert read(tmp_path) == Sources(
            {"Back": Source("Back", files={"bot/form.py"})},
            named={"bot.form": {}, "bot.words": {"BACK": "Back"}},
        )

    def test_another_files_t_is_not_ours(self) -> None:
        sources = Sources()
        read_python('from elsewhere import t\nt("nothing of ours")\nt(x)', "bot/planted.py", sources)
        assert not sources.by_id
        assert not sources.faults

    @pytest.mark.parametrize(
        ("code", "fault"),
        [
            ("t(greeting)", "written out"),
            ('t(f"Hello {name}")', "written out"),
            ('t("Hello " + name)', "written out"),
            ('nt("one line", lines, n)', "written out"),
            ('t("Hello {name}.")', "is given no name"),
            ('t("Hello {}.", name=1)', "no plain name"),
            ('t("Hello {name:>5}.", name=1)', "no plain name"),
            ('t("Hello {name.", name=1)', "expected '}'"),
            ('nt("a line", "lines", n)\nt("a line")', "another plural"),
        ],
    )
    def test_calls_that_nobody_could_translate_are_faults(self, code: str, fault: str) -> None:
        assert any(fault in line for line in said(code).faults), said(code).faults

    def test_values_handed_on_whole_are_trusted(self) -> None:
        assert said('t("Hello {name}.", **values)').faults == []

    def test_templates_are_read_too(self, tmp_path: Path) -> None:
        page = tmp_path / "webhooks" / "templates" / "activate.html"
        page.parent.mkdir(parents=True)
        page.write_text(
            '<h1>{{ say(t("Activate {name}", name=name)) }}</h1>{{ say(nt("{n} day", "{n} days", left)) }}'
        )
        sources = read(tmp_path)
        assert {id: source.plural for id, source in sources.by_id.items()} == {
            "Activate {name}": None,
            "{n} day": "{n} days",
        }


class TestFaults:
    @pytest.mark.parametrize(
        ("source", "forms", "fault"),
        [
            (HELLO, [""], "not translated"),
            (HELLO, ["Bonjour {nom}."], "names nom"),
            (HELLO, ["Bonjour."], "leaves out name"),
            (HELLO, ["Bonjour {name."], "braces"),
            (HELLO, ["Bonjour <b>{name}</b>."], "other tags"),
            (HELLO, ["Bonjour \u2068{name}\u2069."], "bidi"),
            (HELLO, ["Bonjour & {name}."], "bare &"),
            (HELLO, ["J'ai {name}."], "straight apostrophe"),
            (HELLO, ["Bonjour {name}!"], "no-break space"),
            (HELLO, ["Bonjour {name} !"], "no-break space"),
            (HELLO, ["Voici: {name}."], "no-break space"),
            (HELLO, ["« {name} »"], "no-break space"),
            (HELLO, ["«\u00a0{name}»"], "no-break space"),
            (LINES, ["{n} ligne de {name}"], "1 of 2 forms"),
            (LINES, ["{n} ligne de {name}", ""], "1 of 2 forms"),
            (LINES, ["une ligne de {name}", "{n} lignes"], "leaves out name"),
            (Source("<b>Hello</b> <i>you</i>"), ["<b>Bonjour <i></b>vous</i>"], "unbalanced"),
            (Source('<a href="{link}">Open</a>'), ['<a href="{lien}">Ouvrir</a>'], "other tags"),
        ],
    )
    def test_french(self, source: Source, forms: list[str], fault: str) -> None:
        assert fault in found(source, *forms)

    @pytest.mark.parametrize(
        ("source", "forms", "fault"),
        [
            (HELLO, ["Bonjour {name}."], "no Arabic letter"),
            (HELLO, ["مرحبا {name}?"], "Latin ?"),
            (Source("Hello, you"), ["مرحبا, أنت"], "Latin ,"),
            (LINES, ["سطر {name}", "سطر {name}"], "2 of 6 forms"),
            (HELLO, ["مرحبا {name}، هل نسيتم كلمة المرور؟"], "the fund says كلمة السر"),
            (HELLO, ["مرحبا {name}، إلى غاية 8 يوليو."], "says يوليو"),
        ],
    )
    def test_arabic(self, source: Source, forms: list[str], fault: str) -> None:
        assert fault in found(source, *forms, language="ar")

    @pytest.mark.parametrize(
        ("source", "form"),
        [
            (HELLO, "Bonjour\u202f! C’est à 16:30\u00a0: «\u00a0{name}\u00a0» (vous\u202f?!)."),
            (HELLO, "Bonjour {name}\u00a0; voir https://example.org/a?b=c:d &amp; la suite."),
            (Source("<code>a:b</code> {name}"), "<code>a:b</code> {name}"),
        ],
    )
    def test_good_french_is_left_alone(self, source: Source, form: str) -> None:
        assert found(source, form) == ""

    @pytest.mark.parametrize(
        ("source", "form"),
        [
            (HELLO, "مرحبا {name}، كيف الحال؟"),
            (HELLO, "مرحبا {name}، إلى غاية 8 يوليوز."),
            (Source("{date} · {amount}"), "{date} · {amount}"),
            (Source("PDF"), "PDF"),
            (Source("Français"), "Français"),
        ],
    )
    def test_good_arabic_is_left_alone(self, source: Source, form: str) -> None:
        assert found(source, form, language="ar") == ""

    def test_a_form_may_say_its_number_in_words(self) -> None:
        forms = ["لا سطر لـ{name}", "سطر لـ{name}", "سطران لـ{name}", *["{n} سطر لـ{name}"] * 3]
        assert found(LINES, *forms, language="ar") == ""


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    """Catalogues of a house that says two things, nothing translated yet."""
    catalogue.update(tmp_path, said('t("Hello {name}.", name=1)\nnt("{n} line", "{n} lines", n)'))
    (tmp_path / "fragments").mkdir()
    return tmp_path


@pytest.fixture
def sources() -> Sources:
    """What that house says."""
    return said('t("Hello {name}.", name=1)\nnt("{n} line", "{n} lines", n)')


FRENCH = """msgid "Hello {name}."
msgstr "Bonjour {name}."

msgid "{n} line"
msgid_plural "{n} lines"
msgstr[0] "{n} ligne"
msgstr[1] "{n} lignes"
"""
ARABIC = """msgid "Hello {name}."
msgstr "مرحبا {name}."

msgid "{n} line"
msgid_plural "{n} lines"
msgstr[0] "لا سطر"
msgstr[1] "سطر واحد"
msgstr[2] "سطران"
msgstr[3] "{n} أسطر"
msgstr[4] "{n} سطر"
msgstr[5] "{n} سطرا"
"""


def write(folder: Path, name: str, entries: str) -> None:
    """Add a fragment."""
    (folder / "fragments" / name).write_text(entries, "utf-8")


@pytest.fixture
def merged(folder: Path, sources: Sources) -> Path:
    """The catalogues with all their translations."""
    write(folder, "part.fr.po", FRENCH)
    write(folder, "part.ar.po", ARABIC)
    assert list(catalogue.merge(folder, sources)) == []
    return folder


class TestKeeping:
    def test_new_sentences_come_in_empty_and_are_told(self, folder: Path, sources: Sources) -> None:
        assert sum("translated" in line for line in catalogue.check(folder, sources)) == 4

    def test_merged_fragments_make_it_whole(self, merged: Path, sources: Sources) -> None:
        assert list(catalogue.check(merged, sources)) == []

    def test_doing_it_again_changes_no_letter(self, merged: Path, sources: Sources) -> None:
        before = [catalogue.path_of(language, merged).read_bytes() for language in LANGUAGES]
        catalogue.update(merged, sources)
        assert list(catalogue.merge(merged, sources)) == []
        assert [catalogue.path_of(language, merged).read_bytes() for language in LANGUAGES] == before

    def test_a_sentence_that_nobody_says_any_more_is_told_and_goes(self, merged: Path) -> None:
        fewer = said('t("Hello {name}.", name=1)')
        assert "fr: '{n} line': nobody says it any more" in list(catalogue.check(merged, fewer))
        catalogue.update(merged, fewer)
        assert list(catalogue.check(merged, fewer)) == []

    def test_a_sentence_that_counts_from_now_on_is_asked_for_again(self, merged: Path) -> None:
        counting = said('nt("Hello {name}.", "Hello {name} {n}.", n, name=1)\nnt("{n} line", "{n} lines", n)')
        assert "fr: 'Hello {name}.': not in the catalogue" in list(catalogue.check(merged, counting))
        catalogue.update(merged, counting)
        assert "fr: 'Hello {name}.': 0 of 2 forms are translated" in list(catalogue.check(merged, counting))

    @pytest.mark.parametrize(
        ("spoil", "fault"),
        [
            (lambda text: text.replace('msgid "Hello', '#, fuzzy\nmsgid "Hello'), "fuzzy"),
            (lambda text: text.replace("n > 1", "n != 1"), "plural forms"),
        ],
    )
    def test_a_spoilt_file_is_told(
        self, merged: Path, sources: Sources, spoil: Callable[[str], str], fault: str
    ) -> None:
        path = catalogue.path_of("fr", merged)
        path.write_text(spoil(path.read_text("utf-8")), "utf-8")
        assert any(fault in line for line in catalogue.check(merged, sources))

    def test_quarrels_and_strangers_in_fragments_are_told(self, merged: Path, sources: Sources) -> None:
        write(merged, "quarrel.fr.po", 'msgid "Hello {name}."\nmsgstr "Salut {name}."\n')
        write(merged, "stranger.fr.po", 'msgid "Nobody says so."\nmsgstr "Personne."\n')
        quarrel, stranger = catalogue.merge(merged, sources)
        assert quarrel == "quarrel.fr.po: 'Hello {name}.' is said otherwise in part.fr.po"
        assert stranger == "stranger.fr.po: nobody says 'Nobody says so.'"
        assert catalogue.forms_of(
            catalogue.load(catalogue.path_of("fr", merged), "fr").get("Hello {name}.")
        ) == ["Bonjour {name}."]

    def test_a_fragment_with_foreign_plural_forms_is_left_out(self, folder: Path, sources: Sources) -> None:
        header = 'msgid ""\nmsgstr "Plural-Forms: nplurals=2; plural=(n != 1);\\n"\n\n'
        write(folder, "part.fr.po", header + FRENCH)
        assert ["leave the header out" in line for line in catalogue.merge(folder, sources)] == [True]


class TestPlurals:
    @pytest.mark.parametrize(
        ("n", "spoken"), [(0, "0 ligne"), (1, "1 ligne"), (2, "2 lignes"), (1000, "1\u202f000 lignes")]
    )
    def test_french_counts_none_and_one_alike(self, merged: Path, n: int, spoken: str) -> None:
        said_so = Voices(strict=True, folder=merged)["fr"].say(nt("{n} line", "{n} lines", n))
        assert said_so == spoken

    @pytest.mark.parametrize(
        ("n", "spoken"),
        [
            (0, "لا سطر"),
            (1, "سطر واحد"),
            (2, "سطران"),
            (3, "3 أسطر"),
            (10, "10 أسطر"),
            (11, "11 سطرا"),
            (99, "99 سطرا"),
            (100, "100 سطر"),
            (101, "101 سطر"),
            (102, "102 سطر"),
            (103, "103 أسطر"),
        ],
    )
    def test_arabic_has_six_ways_to_count(self, merged: Path, n: int, spoken: str) -> None:
        assert Voices(strict=True, folder=merged)["ar"].say(nt("{n} line", "{n} lines", n)) == spoken

    def test_both_greet_by_name(self, merged: Path) -> None:
        voices = Voices(strict=True, folder=merged)
        hello = t("Hello {name}.", name="Salma")
        assert voices["fr"].say(hello) == "Bonjour \u2068Salma\u2069."
        assert voices["ar"].say(hello) == "مرحبا \u2068Salma\u2069."
