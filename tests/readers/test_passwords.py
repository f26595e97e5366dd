"""Which passwords the fund takes, and the reason for each that it doesn't (CF-01)."""

from __future__ import annotations

import datetime as dt
import unicodedata
from functools import partial

import pytest
from hypothesis import given
from hypothesis import strategies as st

from kit.errors import Refused
from kit.folding import joined
from services.fund import PasswordRules
from services.holder import Holder, date_forms
from services.passwords import check_password
from services.words import words
from tests.readers.refusals import ANYTHING, GIANTS, fastest, outcome

POLICY = PasswordRules(minimum=8, maximum=12, digits=2)
SALMA = Holder("731946", "El Ouaïssi", "Salma", dt.date(1980, 2, 1), "s.bennis+fund@example.com")

TAKEN = [
    "gruau-82-tk",
    "Vq7mtr2x",
    "Vq7mtr2xPl9z",
    "é7à2ùçèq",
    "kiwi 47 noir",
    "٣٤ قنديلا",
    "قنديلا ۵۶",
    "q７w８zzrt",
    "Vqmtrx²³Ⅷ",
    "{name}47xx",
    "<b>47</b>x",
    "'; DROP 47--",
    "%s%d$x47",
    "😀😁😂😃😄😅47",
    "motdepasse98",
    "47ali-baobab",
    "\\x00tr47kk",
]
REFUSED = [
    ("", "empty"),
    ("        ", "empty"),
    ("\u3000\u00a0", "empty"),
    ("Vq7mtr2", "short"),
    ("a", "short"),
    ("é7", "short"),
    ("Vq7mtr2xPl9zz", "long"),
    ("Vq7mtr2x" * 20, "long"),
    ("ﬃ7mtr2xPl9z", "long"),
    ("Vqmtrxpl", "digits"),
    ("Vqmtrxp7", "digits"),
    ("VqmtrxplⅧ", "digits"),
    ("Vqmtrxp三四", "digits"),
    ("😀😁😂😃😄😅😆😇", "digits"),
    ("٣قنديلنور", "digits"),
    (" Vq7mtr2x", "blank"),
    ("Vq7mtr2x ", "blank"),
    ("Vq7mtr2x\u00a0", "blank"),
    ("\u3000Vq7mtr2x", "blank"),
    ("Vq7mtr2x\n", "characters"),
    ("Vq7\tmtr2x", "characters"),
    ("Vq7\x00mtr2x", "characters"),
    ("Vq7\u200bmtr2x", "characters"),
    ("Vq7\u202emtr2x", "characters"),
    ("Vq7\ud800mtr2x", "characters"),
    ("👨‍👩‍👧 47 xy", "characters"),
    ("/annuler47", "command"),
    ("/q7mtr2xx", "command"),
    ("／q7mtr2xx", "command"),
    ("11111111", "repeated"),
    ("١١١١١١١١", "repeated"),
    ("1١1١1١1١", "repeated"),
    ("xx731946yy", "matricule"),
    ("73-19-46-zz", "matricule"),
    ("٧٣١٩٤٦قندي", "matricule"),
    ("zz01021980z", "birth_date"),
    ("01/02/1980z", "birth_date"),
    ("zz19800201z", "birth_date"),
    ("zzzz010280z", "birth_date"),
    ("zzzz800201z", "birth_date"),
    ("zz02011980z", "birth_date"),
    ("zzzz121980z", "birth_date"),
    ("٠١٠٢١٩٨٠قق", "birth_date"),
    ("Salma-4781", "name"),
    ("xSALMAx4781", "name"),
    ("s.a.l.m.a47", "name"),
    ("ouaissi-47", "name"),
    ("Ouaïssi-47", "name"),
    ("elouaissi47", "name"),
    ("s.bennis4781", "email"),
    ("SBennis4781", "email"),
    ("cmim-4781", "fund"),
    ("xxCIMR4781", "fund"),
    ("Rafiq-4781", "fund"),
    ("رفيق-4781", "fund"),
    ("azerty12", "common"),
    ("Azerty12", "common"),
    ("maroc2024", "common"),
    ("Maroc-2024", "common"),
    ("wydad1937", "common"),
    ("raja1949", "common"),
    ("casablanca12", "common"),
    ("q1w2e3r4", "common"),
    ("12345678", "common"),
    ("المغرب2024", "common"),
]


@pytest.mark.req("CF-01", "BI-21")
@pytest.mark.parametrize("typed", TAKEN)
def test_a_password_that_only_its_owner_would_think_of_is_taken_as_typed(typed: str) -> None:
    assert check_password(typed, POLICY, SALMA) == unicodedata.normalize("NFKC", typed)


@pytest.mark.req("CF-01", "BI-20", "BI-23", "BI-24")
@pytest.mark.parametrize(("typed", "rule"), REFUSED)
def test_a_password_is_refused_with_the_rule_it_breaks(typed: str, rule: str) -> None:
    assert outcome(check_password, typed, POLICY, SALMA) == f"password_{rule}"


@pytest.mark.req("BI-24")
@pytest.mark.parametrize(("typed", "count"), [("Vq7mtr2xPl9zz", 13), ("Vq7", 3), ("x7" * 32768, 65536)])
def test_who_misses_the_length_reads_the_count_and_the_funds_bounds(typed: str, count: int) -> None:
    with pytest.raises(Refused) as refused:
        check_password(typed, PasswordRules(minimum=9, maximum=11, digits=2), SALMA)
    assert refused.value.text.values == {"n": count, "minimum": 9, "maximum": 11}
    assert refused.value.text.n == count


@pytest.mark.req("BI-24")
def test_who_misses_digits_reads_how_many_there_are_and_how_many_are_asked() -> None:
    with pytest.raises(Refused) as refused:
        check_password("Vqmtrxp7", PasswordRules(minimum=8, maximum=12, digits=3), SALMA)
    assert refused.value.text.values == {"n": 3, "count": 1}


@pytest.mark.req("BI-21")
def test_a_password_is_the_same_in_both_forms_of_an_accent() -> None:
    typed = "é7à2ùçèq"
    assert check_password(unicodedata.normalize("NFD", typed), POLICY, SALMA) == check_password(
        typed, POLICY, SALMA
    )


@pytest.mark.req("CF-01")
def test_what_is_not_known_of_a_person_forbids_nothing() -> None:
    for typed in ("Salma-4781", "zz01021980z", "s.bennis4781", "xx731946yy"):
        assert check_password(typed, POLICY, Holder()) == typed
    two_letters = Holder("12", "Xi", "Bo", email="b@example.com")
    assert check_password("xibob-1247", POLICY, two_letters) == "xibob-1247"
    assert check_password("benzol-4781", POLICY, Holder(last_name="Ben Ali")) == "benzol-4781"


@pytest.mark.req("CF-01")
def test_a_fund_may_ask_for_no_digit_and_for_more_letters() -> None:
    policy = PasswordRules(minimum=8, maximum=128, digits=0)
    assert check_password("la mer se retire au soir", policy, SALMA) == "la mer se retire au soir"
    assert outcome(check_password, "azertyuiop", policy, SALMA) == "password_common"
    assert outcome(check_password, "........", policy, SALMA) == "password_repeated"


@pytest.mark.req("CF-01")
def test_the_list_of_common_passwords_fits_the_policy_and_is_folded() -> None:
    fitting = [
        word
        for word in words("common_passwords")
        if 8 <= len(word) <= 12 and sum(map(str.isdecimal, word)) >= 2
    ]
    assert len(fitting) >= 3000
    for name in ("common_passwords", "fund_words"):
        assert [word for word in words(name) if joined(word) != word] == []


def test_a_date_has_six_forms() -> None:
    assert date_forms(dt.date(1980, 2, 1)) == {
        "01021980",
        "010280",
        "19800201",
        "800201",
        "02011980",
        "121980",
    }


_NEAR = st.text(st.sampled_from("aébzK07٣９ -/ﬃ😀\u200b\u0301"), max_size=20)
_PASSWORDS = ANYTHING | _NEAR | st.from_regex(r"[a-zÀ-ÿ]{2,12}[-. ]?[0-9٠-٩]{0,6}[!-~]{0,4}", fullmatch=True)
_POLICIES = st.builds(
    lambda minimum, more, digits: PasswordRules(
        minimum=minimum, maximum=minimum + more, digits=min(digits, minimum)
    ),
    st.integers(4, 20),
    st.integers(0, 20),
    st.integers(0, 4),
)


@given(_PASSWORDS, _POLICIES)
def test_a_password_that_is_taken_keeps_all_rules(text: str, policy: PasswordRules) -> None:
    try:
        password = check_password(text, policy, SALMA)
    except Refused:
        return
    assert password == unicodedata.normalize("NFKC", text) == password.strip()
    assert policy.minimum <= len(password) <= policy.maximum
    assert sum(unicodedata.decimal(character, None) is not None for character in password) >= policy.digits
    assert not any(unicodedata.category(character) in ("Cc", "Cf", "Cs") for character in password)
    assert not password.startswith("/")
    assert len(set(password)) > 1
    folded = joined(password)
    assert not any(
        guess in folded
        for guess in ("salma", "ouaissi", "bennis", "731946", "cmim", *date_forms(SALMA.birth_date))
    )
    assert folded not in words("common_passwords")
    assert check_password(password, policy, SALMA) == password


@pytest.mark.req("CF-01")
@given(_PASSWORDS, _POLICIES, st.integers(1, 88))
def test_raising_the_maximum_takes_the_same_passwords_and_more(
    text: str, policy: PasswordRules, more: int
) -> None:
    taken = outcome(check_password, text, policy, SALMA)
    if str(taken).startswith("password_"):
        return
    assert check_password(text, policy.model_copy(update={"maximum": policy.maximum + more}), SALMA) == taken


@pytest.mark.req("TH-15")
@pytest.mark.parametrize("giant", GIANTS)
def test_64_kib_take_less_than_50_ms(giant: str) -> None:
    words("common_passwords")
    for policy in (POLICY, PasswordRules(minimum=4, maximum=128, digits=0)):
        assert fastest(partial(check_password, GIANTS[giant], policy, SALMA)) < 0.05
