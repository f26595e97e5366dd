"""A typed yes or no, where the bot has put a question with two buttons: French, Arabic, and Darija in either script."""

from __future__ import annotations

from kit.folding import fold

_YES = (
    "oui ouais yes ok okay daccord accord volontiers wakha waxa ah iyeh iyyeh aywa na3am naam "
    "نعم اجل واخا ايه ايوا ايوه اه بلى موافق موافقه"
)
_NO = "non nan no nn la lla laa لا لالا كلا"
_BESIDE = "d bien sur merci svp stp mais choukran 3afak شكرا عافاك من فضلك"
_LONGEST = 40  # characters


def read_yes_no(raw: str, *, yes: str = "", no: str = "") -> bool | None:
    """What was answered; None for what is neither, or both. `yes`, `no`: more words that mean it at this question."""
    if len(raw) > _LONGEST:
        return None
    words = set(fold(raw).split())
    agreed = words & set(fold(f"{_YES} {yes}").split())
    refused = words & set(fold(f"{_NO} {no}").split())
    others = words - agreed - refused - set(fold(_BESIDE).split())
    return None if others or bool(agreed) == bool(refused) else bool(agreed)
