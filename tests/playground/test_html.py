"""Telegram's HTML, read as Telegram reads it."""

from __future__ import annotations

import html as stdhtml

import pytest
from hypothesis import given
from hypothesis import strategies as st

from playground.html import TYPES, BadMarkup, parse, units
from playground.text import clean, formatted, split

TEXTS = st.text(st.characters(codec="utf-8"))


@pytest.mark.req("BI-30")
@given(TEXTS)
def test_what_was_escaped_is_read_as_it_was(text: str) -> None:
    assert parse(stdhtml.escape(text, quote=False)) == (text, [])
    assert parse(stdhtml.escape(text).replace("&#x27;", "'")) == (text, [])


@given(TEXTS, st.sampled_from(sorted(set(TYPES) - {"a", "span"})), TEXTS)
def test_a_tag_becomes_an_entity_counted_in_utf_16(before: str, tag: str, inside: str) -> None:
    text, entities = parse(f"{stdhtml.escape(before)}<{tag}>{stdhtml.escape(inside)}</{tag}>")
    assert text == before + inside
    expected = {"type": TYPES[tag], "offset": units(before), "length": units(inside)}
    assert entities == ([expected] if inside else [])


@given(
    st.lists(
        st.sampled_from(["<b>", "</b>", "<i", ">", "<a href=", "'", "&", "&lt;", "x", "é😀", " ", "</>"])
    ).map("".join)
)
def test_anything_is_either_read_or_refused(source: str) -> None:
    try:
        text, entities = parse(source)
    except BadMarkup:
        return
    assert all(0 <= e["offset"] < e["offset"] + e["length"] <= units(text) for e in entities)


@pytest.mark.parametrize(
    ("source", "refusal"),
    [
        ("<b>gras", 'Can\'t find end tag corresponding to start tag "b"'),
        ("a<", "Unclosed start tag at byte offset 1"),
        ("é <foo>", 'Unsupported start tag "foo" at byte offset 3'),
        ("3 < 4", 'Unsupported start tag "" at byte offset 2'),
        ("<br/>", 'Unsupported start tag "br/" at byte offset 0'),
        ("</b>", "Unexpected end tag at byte offset 0"),
        ("<b>x</i>", 'Unmatched end tag at byte offset 4, expected "</b>", found "</i>"'),
        ("<b>x</b", "Unclosed end tag at byte offset 4"),
        (
            "<a href>x</a>",
            'Expected equal sign in declaration of an attribute of the tag "a" at byte offset 0',
        ),
        ("<a ='x'>x</a>", 'Empty attribute name in the tag "a" at byte offset 0'),
        ("<a href='x", "Unclosed start tag at byte offset 0"),
        ("<a href=x/y>z</a>", "Unexpected end of name token at byte offset 8"),
        ('<span class="red">x</span>', 'Tag "span" must have class "tg-spoiler" at byte offset 0'),
        (
            "&#xD800;",
            "Text contains invalid Unicode characters after decoding HTML entities, check for unmatched",
        ),
    ],
)
def test_what_telegram_refuses(source: str, refusal: str) -> None:
    with pytest.raises(BadMarkup) as caught:
        parse(source)
    assert str(caught.value).startswith(refusal)


@pytest.mark.parametrize(
    ("source", "text"),
    [
        ("&lt;b&gt; &amp; &quot;", '<b> & "'),
        ("&nbsp;&copy;&apos;", "&nbsp;&copy;&apos;"),
        ("&#65;&#x42;&#67", "ABC"),
        ("&lt", "<"),
        ("a && b", "a && b"),
        ("<B>x</B>", "x"),
        ("<b >x</b >", "x"),
        ("<b>x</>", "x"),
    ],
)
def test_what_telegram_reads(source: str, text: str) -> None:
    assert parse(source)[0] == text


def test_links_mentions_languages_and_quotes() -> None:
    text, entities = parse(
        '<a href="https://example.com/?a=1&amp;b=2">ici</a> <a href="tg://user?id=42">elle</a> '
        '<pre><code class="language-python">x</code></pre> <blockquote expandable>long</blockquote>'
    )
    assert text == "ici elle x long"
    assert [(e["type"], e.get("url"), e.get("language")) for e in entities] == [
        ("text_link", "https://example.com/?a=1&b=2", None),
        ("text_mention", None, None),
        ("pre", None, "python"),
        ("expandable_blockquote", None, None),
    ]
    assert entities[1]["user"]["id"] == 42


def test_nothing_lies_inside_code_and_a_dead_link_is_plain_text() -> None:
    assert [e["type"] for e in parse("<code>a <b>b</b></code>")[1]] == ["code"]
    assert parse('<a href="not a link">x</a>') == ("x", [])
    assert [e["type"] for e in parse("<b>a <i>b</i></b>")[1]] == ["bold", "italic"]


@pytest.mark.req("TG-26")
def test_blanks_around_a_text_and_control_characters_vanish() -> None:
    text, entities = formatted("  \n<b> gras </b> \n ", "html", [])
    assert text == "gras"
    assert entities == [{"type": "bold", "offset": 0, "length": 4}]
    assert clean("a\r\nb\tc\x07d\u202ae\u2066f") == "a\nb c de\u2066f"


def test_commands_links_and_addresses_are_found() -> None:
    text = "/start puis https://t.me/x?start=1, écrire à salma@example.com 😀 /help"
    found = formatted(text, "", [])[1]
    shown = [
        text.encode("utf-16-le")[2 * e["offset"] : 2 * (e["offset"] + e["length"])].decode("utf-16-le")
        for e in found
    ]
    assert shown == ["/start", "https://t.me/x?start=1", "salma@example.com", "/help"]
    assert [e["type"] for e in found] == ["bot_command", "url", "email", "bot_command"]


@pytest.mark.req("BI-13")
@given(st.text(st.characters(codec="utf-8"), max_size=300), st.integers(2, 40))
def test_a_long_text_is_cut_without_loss(text: str, limit: int) -> None:
    parts = split(text, limit)
    assert "".join(parts) == text
    assert all(units(part) <= limit for part in parts)
