"""Addresses and telephone numbers: what is taken, what is refused, and why."""

from __future__ import annotations

import re

import pytest
from hypothesis import given
from hypothesis import strategies as st

from kit.errors import Refused
from kit.readers import Email, read_email, read_phone, suggest_email
from kit.text import Ltr
from tests.readers.refusals import TYPED, outcome


@pytest.mark.req("BI-40", "BI-41", "BI-02", "BI-42", "BI-43", "BI-44", "BI-46")
@pytest.mark.parametrize(
    ("typed", "read"),
    [
        ("salma@example.com", Email("salma@example.com", "salma@example.com")),
        (" Salma@EXAMPLE.Com\n", Email("Salma@example.com", "Salma@example.com")),
        ("\u200fsalma@example.com\u200e", Email("salma@example.com", "salma@example.com")),
        ("salma+cmim@example.com", Email("salma+cmim@example.com", "salma+cmim@example.com")),
        ("salma٨٥@example.com", Email("salma85@example.com", "salma85@example.com")),
        ("a" * 64 + "@example.com", Email("a" * 64 + "@example.com", "a" * 64 + "@example.com")),
        ("a" * 65 + "@example.com", "email_long"),
        ("salma@münchen.de", Email("salma@xn--mnchen-3ya.de", "salma@münchen.de")),
        ("salma@XN--mnchen-3ya.de", Email("salma@xn--mnchen-3ya.de", "salma@münchen.de")),
        ("salma@مثال.ma", Email("salma@xn--mgbh0fb.ma", "salma@مثال.ma")),
        ("salma@例え.jp", Email("salma@xn--r8jz45g.jp", "salma@例え.jp")),
        ("علي@example.com", "email_local"),
        ("sálma@example.com", "email_local"),
        ("salma@exаmple.com", "email_lookalike"),
        ("salma@аррӏе.com", "email_lookalike"),
        ("salma@ไทยab.com", "email_lookalike"),
        ("salma@xn--exmple-4nf.com", "email_lookalike"),
        ("sal\u200bma@example.com", "email_hidden"),
        ("salma@exam\u200dple.com", "email_hidden"),
        ("salma@example.com\r\nBcc: x@example.com", "email_hidden"),
        ("sal\x00ma@example.com", "email_hidden"),
        ("salma@example.com\x00", "email_hidden"),
        ("salma@\ud800.com", "email_hidden"),
        ('"sal ma"@example.com', "email_form"),
        ("Salma <salma@example.com>", "email_form"),
        ("<salma@example.com>", "email_form"),
        ("sal ma@example.com", "email_form"),
        ("salma@example,com", "email_form"),
        ("salma@@example.com", "email_form"),
        ("salma@example.com.", "email_form"),
        ("salma@[127.0.0.1]", "email_form"),
        ("salma@fund.test", "email_form"),
        ("salma@localhost", "email_form"),
        ("salma", "email_form"),
        ("@", "email_form"),
        ("", "email_empty"),
        ("\u200b\u00a0", "email_empty"),
    ],
)
def test_emails(typed: str, read: object) -> None:
    assert outcome(read_email, typed) == read


@pytest.mark.req("BI-40", "BI-41")
def test_an_address_is_looked_up_by_one_key_in_all_its_forms() -> None:
    forms = ["Salma@München.de", "salma@xn--mnchen-3ya.de", "SALMA@MÜNCHEN.DE"]
    assert {read_email(form).key for form in forms} == {"salma@xn--mnchen-3ya.de"}


@pytest.mark.req("BI-45")
@pytest.mark.parametrize(
    ("typed", "meant"),
    [
        ("salma@gmial.com", "salma@gmail.com"),
        ("salma@gamil.com", "salma@gmail.com"),
        ("salma@gmil.com", "salma@gmail.com"),
        ("salma@gmail.co", "salma@gmail.com"),
        ("salma@gmail.con", "salma@gmail.com"),
        ("salma@gmail,com", "salma@gmail.com"),
        ("salma@gmail.fr", "salma@gmail.com"),
        ("salma@gmail", "salma@gmail.com"),
        ("salma@hotmial", "salma@hotmail.com"),
        ("salma@hotmial.fr", "salma@hotmail.fr"),
        ("salma@yaho", "salma@yahoo.fr"),
        ("salma@yaho.com", "salma@yahoo.com"),
        ("salma@outlok.fr", "salma@outlook.fr"),
        ("Salma@GMIAL.com", "Salma@gmail.com"),
        ("salma@gmail.com", None),
        ("salma@mail.com", None),
        ("salma@example.com", None),
        ("salma@cmim.ma", None),
        ("salma", None),
        ("@gmial.com", None),
    ],
)
def test_a_slip_in_a_usual_domain_is_asked_about(typed: str, meant: str | None) -> None:
    assert suggest_email(typed) == meant


def test_the_refusal_of_an_address_shows_the_probable_one() -> None:
    with pytest.raises(Refused) as refused:
        read_email("salma@gmail")
    assert refused.value.text.values["example"] == Ltr("salma@gmail.com")


@pytest.mark.req("BI-07")
@pytest.mark.parametrize(
    ("typed", "read"),
    [
        ("0612345678", "+212612345678"),
        ("06 12 34 56 78", "+212612345678"),
        ("06.12.34.56.78", "+212612345678"),
        ("05-22-20-24-21", "+212522202421"),
        ("+212 6 12 34 56 78", "+212612345678"),
        ("+212 (0)6 12 34 56 78", "+212612345678"),
        ("00212612345678", "+212612345678"),
        ("212612345678", "+212612345678"),
        ("612345678", "+212612345678"),
        ("٠٦١٢٣٤٥٦٧٨", "+212612345678"),
        ("\u202a+212 612345678\u202c", "+212612345678"),
        ("+33 6 12 34 56 78", "+33612345678"),
        ("0033612345678", "+33612345678"),
        ("061234567", "phone_form"),
        ("0112345678", "phone_form"),
        ("+212112345678", "phone_form"),
        ("+1234567", "phone_form"),
        ("+1234567890123456", "phone_form"),
        ("06_12_34_56_78", "phone_form"),
        ("salma", "phone_form"),
        ("", "phone_empty"),
    ],
)
def test_phones(typed: str, read: str) -> None:
    assert outcome(read_phone, typed) == read


@given(st.emails() | TYPED.map(lambda text: f"{text}@example.com"))
def test_an_address_that_is_taken_can_be_written_in_a_header(text: str) -> None:
    try:
        email = read_email(text)
    except Refused:
        return
    assert re.fullmatch(r"[!-~]+@[a-z0-9.-]+", email.address)
    assert read_email(email.address) == email == read_email(email.shown)
    assert email.key == email.address.lower()
