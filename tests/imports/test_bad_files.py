"""Forty files that something is wrong with (TH-60): what is good in them comes in, what is bad is given back with its reason."""

from __future__ import annotations

import io
import tracemalloc
from dataclasses import dataclass

import pytest

from kit.csvlines import LONGEST, Sheet
from services.import_lines import KINDS, whole
from tests.imports.conftest import GOOD, INES, SALMA, YOUSSEF, Office

HEADER = ",".join(KINDS["reimbursements"].columns)
OTHER = GOOD.replace("L1", "L9")


@dataclass(frozen=True)
class Useless:
    """A file of which nothing can be used: its bytes, and a word of the message."""

    content: bytes
    says: str


USELESS = {
    "empty": Useless(b"", "is empty"),
    "blank first line": Useless(b"\n" + GOOD.encode(), "first line is blank"),
    "UTF-16 with its mark": Useless(f"{HEADER}\n{GOOD}\n".encode("utf-16"), "UTF-16"),
    "UTF-16 without": Useless(f"{HEADER}\n{GOOD}\n".encode("utf-16-le"), "not text in UTF-8"),
    "Latin-1 in the header": Useless(
        HEADER.replace("line_id", "numéro").encode("latin-1") + b"\n", "not UTF-8"
    ),
    "a spreadsheet": Useless(b"PK\x03\x04" + bytes(200), "spreadsheet"),
    "compressed": Useless(b"\x1f\x8b\x08" + bytes(200), "compressed"),
    "a PDF": Useless(b"%PDF-1.7\n", "PDF"),
    "no header": Useless(f"{GOOD}\n{OTHER}\n".encode(), "missing: line_id"),
    "a column missing": Useless(HEADER.replace(",care_end", "").encode() + b"\n", "missing: care_end"),
    "a column unknown": Useless(f"{HEADER},note\n".encode(), "unknown: note"),
    "a column twice": Useless(f"{HEADER},line_id\n".encode(), "named twice: line_id"),
    "semicolons": Useless(HEADER.replace(",", ";").encode() + b"\n", "separated by ','"),
    "tabs": Useless(HEADER.replace(",", "\t").encode() + b"\n", "control character"),
    "another kind's file": Useless(",".join(KINDS["participants"].columns).encode() + b"\n", "unknown: "),
    "header cut": Useless(HEADER[:-3].encode(), "missing: amount_reimbursed"),
    "header of ten million": Useless(b"x" * 10_000_000, "longer than"),
    "header quoted badly": Useless(f'"{HEADER}\n'.encode(), "stray quote"),
}

BAD_LINES = {
    "Latin-1": (GOOD.replace("PHARM", "PHÁRM").encode("latin-1"), "is not UTF-8"),
    "a cut character": (GOOD.encode() + b"\xc3", "is not UTF-8"),
    "NUL": (GOOD.replace("PHARM", "PH\0ARM").encode(), "control character (U+0000)"),
    "escape sequence": (GOOD.replace("PHARM", "\x1b[31m").encode(), "control character (U+001B)"),
    "tab": (GOOD.replace("PHARM", "PH\tARM").encode(), "control character (U+0009)"),
    "a cell less": (GOOD.rsplit(",", 1)[0].encode(), "has 10 cells"),
    "a cell more": (GOOD.encode() + b",1", "has 12 cells"),
    "decimal comma": (GOOD.replace("310.50", "310,50").encode(), "has 12 cells"),
    "quote left open": (GOOD.replace("PHARM", '"PHARM').encode(), "stray quote"),
    "quote in the middle": (GOOD.replace("PHARM", 'PH"ARM').encode(), "stray quote"),
    "text after a quote": (GOOD.replace("PHARM", '"PH"ARM').encode(), "stray quote"),
    "ten million characters": (GOOD.replace("PHARM", "P" * 10_000_000).encode(), "longer than"),
    "just too long": (GOOD.encode() + b"," * LONGEST, "longer than"),
    "negative amount": (GOOD.replace("310.50", "-310.50").encode(), "amount_claimed is negative"),
    "three decimals": (GOOD.replace("310.50", "310.505").encode(), "amount_claimed is not an amount"),
    "thousands": (GOOD.replace("310.50", "1 310.50").encode(), "amount_claimed is not an amount"),
    "exponent": (GOOD.replace("248.40", "1e3").encode(), "amount_reimbursed is not an amount"),
    "NaN": (GOOD.replace("0.00", "NaN").encode(), "amount_paid_by_scheme is not an amount"),
    "no amount": (GOOD.replace("0.00", "").encode(), "amount_paid_by_scheme is not an amount"),
    "Arabic digits in an amount": (
        GOOD.replace("310.50", "٣١٠.٥٠").encode(),
        "amount_claimed is not an amount",
    ),
    "beyond all money": (GOOD.replace("310.50", "9" * 400).encode(), "amount_claimed is not an amount"),
    "end before start": (GOOD.replace("2026-02-03", "2026-01-31").encode(), "care_end is before care_start"),
    "paid before the care": (
        GOOD.replace("2026-03-10", "2026-01-10").encode(),
        "payment_date is before care_start",
    ),
    "a day that isn't": (
        GOOD.replace("2026-02-03", "2026-02-30").encode(),
        "care_end is a day that does not exist",
    ),
    "French day": (
        GOOD.replace("2026-03-10", "10/03/2026").encode(),
        "payment_date is not of the form YYYY-MM-DD",
    ),
    "day of the week": (
        GOOD.replace("2026-03-10", "2026-W11-2").encode(),
        "payment_date is not of the form YYYY-MM-DD",
    ),
    "year 9999": (GOOD.replace("2026-03-10", "9999-12-31").encode(), "payment_date is not between"),
    "matricule unknown": (GOOD.replace("104827,", "999999,").encode(), "matricule is not known"),
    "matricule of words": (GOOD.replace("104827,", "ABC,").encode(), "matricule is not of the fund's form"),
    "matricule with underscore": (
        GOOD.replace("104827,", "104_827,").encode(),
        "matricule is not of the fund's form",
    ),
    "beneficiary unknown": (GOOD.replace("104827-2", "104827-7").encode(), "beneficiary_id is not known"),
    "another's beneficiary": (
        GOOD.replace("104827,", "118305,").encode(),
        "beneficiary_id belongs to another matricule",
    ),
    "no key": (GOOD.replace("L1", "").encode(), "line_id is empty"),
    "endless key": (GOOD.replace("L1", "L" * 41).encode(), "line_id is empty, longer"),
    "Arabic act": (
        GOOD.replace("PHARM", "أدوية").encode(),
        "act_code is empty, longer than 40 characters or not in plain",
    ),
    "key again": (OTHER.encode(), "line_id was in line 2 already"),
    "only commas": (b"," * 10, "line_id is empty"),
}

BAD_PEOPLE = {
    "participants": {
        "no name": (SALMA.replace("El Ouaïssi", "\u200b\u2800"), "last_name is empty"),
        "endless name": (SALMA.replace("Salma", "a" * 101), "first_name is longer than 100"),
        "not born": (SALMA.replace("1984", "2027"), "birth_date is in the future"),
        "no e-mail": (SALMA.replace("@", " at "), "email is not an address"),
        "two e-mails": (SALMA.replace("salma@", "a@b.com;salma@"), "email is not an address"),
        "no phone": (SALMA.replace("0661204827", "ask her"), "phone is not a number"),
        "left on no day": (SALMA + "soon", "left_on is not of the form"),
    },
    "beneficiaries": {
        "cousin": (INES.replace("child", "cousin"), "relation is none of self, spouse, child"),
        "someone's child": (INES.replace(",104827", ",999999"), "matricule is not known"),
    },
    "guarantees": {
        "120 %": ("KINE,Kinésithérapie,الترويض الطبي,120,,year", "rate_percent is not"),
        "half a percent": ("KINE,Kinésithérapie,الترويض الطبي,80.5,,year", "rate_percent is not"),
        "weekly": ("KINE,Kinésithérapie,الترويض الطبي,80,,week", "period is none of"),
        "no Arabic": ("KINE,Kinésithérapie,,80,,year", "label_ar is empty"),
        "negative ceiling": ("KINE,Kinésithérapie,الترويض الطبي,80,-1,year", "ceiling is negative"),
    },
}


@pytest.mark.req("TH-60")
@pytest.mark.parametrize("name", USELESS)
def test_a_useless_file_is_one_clear_line(office: Office, name: str) -> None:
    bad = USELESS[name]
    report = office.take("reimbursements", office.bytes("file", bad.content))
    assert report.status == 2
    assert bad.says in str(report.message)
    assert "\n" not in str(report.message)
    assert (report.lines, report.rejects) == (0, None)


@pytest.mark.req("TH-60", "BI-15")
def test_each_bad_line_is_given_back_and_the_good_ones_come_in(office: Office) -> None:
    office.family()
    office.take("participants", office.file("participants", YOUSSEF))
    lines = [OTHER.encode()]
    for number, (bad, _) in enumerate(BAD_LINES.values()):
        lines += [bad, GOOD.replace("L1", f"K{number}").encode()]
    report = office.take(
        "reimbursements", office.bytes("file", b"\r\n".join([f"\ufeff{HEADER}".encode(), *lines, b""]))
    )
    assert (report.new, report.rejected, report.status) == (len(BAD_LINES) + 1, len(BAD_LINES), 1)
    assert report.rejects is not None
    assert report.rejects.stat().st_size < 40_000
    given_back = report.rejects.read_text("utf-8").splitlines()[1:]
    for number, (row, (name, (_, reason))) in enumerate(zip(given_back, BAD_LINES.items(), strict=True)):
        assert row.replace('"', "").startswith(f"{number * 2 + 3},"), name
        assert reason in row, name


@pytest.mark.req("TH-60", "BI-01", "BI-11")
@pytest.mark.parametrize("kind", BAD_PEOPLE)
def test_bad_people_and_guarantees_are_given_back(office: Office, kind: str) -> None:
    office.family()
    before = office.directory()
    bad = BAD_PEOPLE[kind]
    report = office.take(kind, office.file(kind, *(line for line, _ in bad.values())), yes=True)
    assert (report.rejected, report.status) == (len(bad), 2)
    assert report.rejects is not None
    given_back = report.rejects.read_text("utf-8").splitlines()[1:]
    for row, (name, (_, reason)) in zip(given_back, bad.items(), strict=True):
        assert reason in row, name
    assert office.directory() == before


def test_a_file_that_is_not_there_or_is_a_folder(office: Office) -> None:
    for path in (office.folder / "nothing.csv", office.folder):
        report = office.take("participants", path)
        assert report.status == 2
        assert str(path) in str(report.message)


@pytest.mark.req("BI-03", "BI-16", "BI-17")
def test_names_are_kept_as_people_write_them(office: Office) -> None:
    lines = (
        "200001, N'Gadi ,\u202eSalma\u202c,1984-03-14,فاطمة\u00a0 الزهراء,e\u0301lan,,,",
        '200002,"Ben ""Ali"", El",NULL,1984-03-14,,,,,',
    )
    assert office.take("participants", office.file("participants", *lines)).status == 0
    one, two = (person for _, _, person, _ in office.directory()["participants"])
    assert '"last_name": "N\'Gadi"' in one.replace("'last_name'", '"last_name"')
    assert "'first_name': 'Salma'" in one
    assert "'last_name_ar': 'فاطمة الزهراء', 'first_name_ar': 'élan'" in one
    assert "'last_name': 'Ben \"Ali\", El', 'first_name': 'NULL'" in two


@pytest.mark.req("TH-64")
def test_an_endless_line_is_never_held(office: Office) -> None:
    source = io.BytesIO(f"{HEADER}\n".encode() + b"x" * 10_000_000 + f"\n{GOOD}\n".encode())
    tracemalloc.start()
    faults = [line.fault for line in Sheet(source, KINDS["reimbursements"].columns, whole)]
    _, peak = tracemalloc.get_traced_memory()
    tracemalloc.stop()
    assert faults == [f"is longer than {LONGEST} bytes", None]
    assert peak < 300_000
