"""The back office beside the bot: a process of its own that imports the next file for each line on its standard input.

`python -m tests.crash.clerk URL PATTERN FILE FILE`; RAFIQ_SECRET_KEY is the key. It answers each line by the exit status of the import.
"""

from __future__ import annotations

import datetime as dt
import itertools
import os
import sys
from pathlib import Path

from kit.seal import Keyring
from services.imports import run_import
from store.blocking import Blocking


def main() -> None:
    """Import until the input ends."""
    url, pattern, *files = sys.argv[1:]
    paths = itertools.cycle(map(Path, files))
    with Blocking(url, Keyring(os.environ["RAFIQ_SECRET_KEY"])) as database:
        for _ in sys.stdin:
            report = run_import(
                "reimbursements",
                next(paths),
                database,
                matricule=pattern,
                today=dt.date(2026, 11, 1),
                yes=True,
            )
            print(report.status, flush=True)


if __name__ == "__main__":
    main()
