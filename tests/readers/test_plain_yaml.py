"""YAML from people: numbers, days and texts as they are meant, and nothing that takes longer the longer it is, squared."""

from __future__ import annotations

import datetime as dt
from pathlib import Path
from typing import Any

import pytest

from kit import plain_yaml
from services.faq.file import BadFile, read
from services.fund import FundFileRefused, load_fund


@pytest.mark.parametrize(
    ("written", "meant"),
    [
        ("3", 3),
        ("1.5", 1.5),
        ("true", True),
        ("~", None),
        ("2026-03-14", dt.date(2026, 3, 14)),
        ("12:30", "12:30"),
        ("1:1.5", "1:1.5"),
        ("-1:59:59", "-1:59:59"),
        ("7" * 5000, "7" * 5000),
        ("0x" + "f" * 5000, "0x" + "f" * 5000),
    ],
)
def test_a_scalar_is_what_it_looks_like(written: str, meant: Any) -> None:
    assert plain_yaml.load(f"a: {written}") == {"a": meant}


@pytest.mark.req("TH-62")
@pytest.mark.parametrize("last", ["1", "1.5"])
def test_a_number_to_the_base_of_sixty_holds_nobody_up(tmp_path: Path, last: str) -> None:
    """With PyYAML's own loader this takes minutes, or ends in an error that nobody awaits."""
    endless = "1:" * 1_000_000 + last
    with pytest.raises(BadFile, match="must have a list"):
        read(f"topics: {endless}".encode())
    file = tmp_path / "fund.yaml"
    file.write_text(f"four_eyes: {endless}", encoding="utf-8")
    with pytest.raises(FundFileRefused):
        load_fund(file)
