"""A person's name as it is shown."""

from __future__ import annotations

from kit.text import Both


def full_name(first: str, last: str, first_ar: str = "", last_ar: str = "") -> Both:
    """First and last name as one value, in Arabic script for who reads Arabic, where the fund holds it: isolated one by one, two
    Latin names change places among Arabic words."""
    latin = f"{first} {last}".strip()
    return Both(latin, f"{first_ar} {last_ar}".strip() or latin)
