"""Which threats, faults, bad inputs and invariants the tests cite by `@pytest.mark.req("TH-05")`.

Where the list of them lies beside the checkout, also those that no test cites. Information only: it never fails.
"""

from __future__ import annotations

import ast
import re
from collections import Counter
from collections.abc import Iterator
from pathlib import Path

ROOT = Path(__file__).resolve().parent.parent
LIST = ROOT.parent / "shared" / "SECURITY.md"
KINDS = ("TH", "FL", "BI", "INV")
_ROW = re.compile(rf"^\| ((?:{'|'.join(KINDS)})-\d+) \|", re.MULTILINE)


def cited(tests: Path) -> Iterator[str]:
    """The ids in every `req(...)` under `tests`, once for each mark."""
    for path in sorted(tests.rglob("*.py")):
        for node in ast.walk(ast.parse(path.read_text("utf-8"))):
            if (
                isinstance(node, ast.Call)
                and isinstance(node.func, ast.Attribute)
                and node.func.attr == "req"
            ):
                for argument in node.args:
                    if isinstance(argument, ast.Constant) and isinstance(argument.value, str):
                        yield argument.value


def main() -> None:
    """Print the report."""
    counts = Counter(cited(ROOT / "tests"))
    listed = set(_ROW.findall(LIST.read_text("utf-8"))) if LIST.exists() else set()
    for kind in KINDS:
        ids = sorted(id for id in counts if id.startswith(f"{kind}-"))
        print(f"{kind}: {len(ids)} cited: {' '.join(ids) or '-'}")
        if missing := sorted(id for id in listed - counts.keys() if id.startswith(f"{kind}-")):
            print(f"{kind}: {len(missing)} without a test: {' '.join(missing)}")
    if unknown := sorted(counts.keys() - listed) if listed else []:
        print(f"cited, but in no list: {' '.join(unknown)}")


if __name__ == "__main__":
    main()
