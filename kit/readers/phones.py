"""A telephone number, of Morocco or of elsewhere."""

from __future__ import annotations

import re

from kit.errors import Refused
from kit.folding import decimal_digits, visible
from kit.text import Ltr, t

_LONGEST = 64
_SEPARATORS = re.compile(r"\(0\)|[ ./()\-\u2010-\u2015\u2212]")
_MOROCCAN = re.compile(r"(?:0|(?:\+|00)?2120?)?([5-8][0-9]{8})")
_ABROAD = re.compile(r"(?:\+|00)(?!212)([1-9][0-9]{7,14})")
_EXAMPLE = Ltr("06 12 34 56 78")


def read_phone(raw: str) -> str:
    """The number as E.164, "+212612345678"; without a country's code it is Moroccan.

    Raises Refused `phone_empty` or `phone_form`.
    """
    text = visible(raw[: _LONGEST * 8])
    if not text:
        raise Refused("phone_empty", t("Type a telephone number, for example {example}.", example=_EXAMPLE))
    if len(text) <= _LONGEST and len(raw) <= _LONGEST * 8:
        number = _SEPARATORS.sub("", decimal_digits(text).replace("＋", "+"))
        if moroccan := _MOROCCAN.fullmatch(number):
            return "+212" + moroccan[1]
        if abroad := _ABROAD.fullmatch(number):
            return "+" + abroad[1]
    raise Refused(
        "phone_form",
        t(
            "This is not a telephone number: type it like {example}, or with the country's code, like {abroad}.",
            example=_EXAMPLE,
            abroad=Ltr("+33 6 12 34 56 78"),
        ),
    )
