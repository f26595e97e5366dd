"""Papers are set by typst in a process of their own, one for each.

Measured: in a thread of ours typst keeps what it last set (35 MB for a statement of 300 lines, ten of them, 1 GB after a few long ones)
and gives none of it back; a process costs 35 ms and takes it all with it. It can be ended when it takes too long, and neither a fault in
typst nor one in a font takes the bot with it. It inherits no secret: its environment is empty.
"""

from __future__ import annotations

import subprocess
import sys
from collections.abc import Sequence
from hashlib import sha256
from importlib.metadata import version
from importlib.util import find_spec
from pathlib import Path
from typing import Any, Literal, TypeAlias

import orjson

PRESS = Path(__file__).resolve().parent / "press.py"
PATIENCE = 30.0  # seconds for one paper; 300 lines take a fifth of one
Format: TypeAlias = Literal["pdf", "png"]


def _home(package: str) -> Path:
    """The folder of a package, which is not imported for it: typst would take 20 MB of us."""
    found = find_spec(package)
    assert found is not None
    assert found.origin is not None
    return Path(found.origin).parent


_FOLDERS = (str(_home("typst").parent), str(_home("fontpkg_ibm_plex_sans_arabic") / "files"))


class NotSet(RuntimeError):
    """typst could not set a paper: a fault of ours in its template. The message holds nothing of the paper's words."""


def set_paper(template: str, facts: Any, at: int, format: Format = "pdf") -> bytes:
    """The file that a template of templates/ makes of facts; `at`, in seconds since 1970, is the date it bears. Raises NotSet."""
    order = orjson.dumps({"template": template, "facts": facts, "format": format, "at": at})
    try:
        done = subprocess.run(  # noqa: S603 (our own interpreter on our own file)
            [sys.executable, "-I", "-S", str(PRESS), *_FOLDERS],
            input=order,
            capture_output=True,
            timeout=PATIENCE,
            env={},
        )
    except subprocess.TimeoutExpired:
        raise NotSet("took too long") from None
    if done.returncode != 0:
        raise NotSet(
            done.stderr.decode(errors="replace")[-200:]
            if done.returncode == 3
            else f"status {done.returncode}"
        )
    return done.stdout


def edition() -> str:
    """What a paper's look depends on beside its facts: typst, the font, the templates. A part of its facts, so that what Telegram has of
    an older edition is not sent any more."""
    mine = sha256(version("typst").encode() + version("fontpkg-ibm-plex-sans-arabic").encode())
    for file in sorted(PRESS.parent.glob("templates/*.typ")):
        mine.update(file.read_bytes())
    return mine.hexdigest()[:16]


EDITION = edition()

__all__: Sequence[str] = ("EDITION", "Format", "NotSet", "set_paper")
