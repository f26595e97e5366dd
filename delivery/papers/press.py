"""The press: one paper, set by typst. Run by itself, in a process of its own for each paper (see typesetting.py), and imports none of
the rooms: the order comes on stdin as JSON, the file goes to stdout. Exit status 3 says on stderr what typst refused, without the words
of the paper. Its arguments are the folders of the packages and of the fonts: to look for them by itself would take half its time.
"""

from __future__ import annotations

import json
import re
import sys
from pathlib import Path
from typing import Any

TEMPLATES = Path(__file__).resolve().parent / "templates"
REFUSED = 3
_QUOTED = re.compile(r"`[^`]*`|\"[^\"]*\"")


def main() -> int:
    """Set what stdin orders: `template`, `facts`, `format` ("pdf", "png"), `at` (seconds since 1970: the date that the file bears)."""
    packages, folder = sys.argv[1:]
    sys.path.append(packages)
    import typst

    order: dict[str, Any] = json.load(sys.stdin.buffer)
    fonts = typst.Fonts(include_system_fonts=False, include_embedded_fonts=False, font_paths=[folder])
    compiler = typst.Compiler(root=TEMPLATES, font_paths=fonts, ignore_system_fonts=True)
    wanted: dict[str, Any] = {
        "input": TEMPLATES / f"{order['template']}.typ",
        "format": order["format"],
        "sys_inputs": {"facts": json.dumps(order["facts"], ensure_ascii=False)},
        "timestamp": order["at"],
    }
    try:
        made = _set(compiler, wanted, typst.TypstError)
    except typst.TypstError as error:
        sys.stderr.write(_QUOTED.sub("…", error.message)[:200])
        return REFUSED
    if isinstance(made, list):
        (made,) = made
    sys.stdout.buffer.write(made or b"")
    return 0


def _set(compiler: Any, wanted: dict[str, Any], fault: type[Exception]) -> Any:
    """A PDF/UA-1 where all its letters have a glyph; a tagged PDF where one hasn't: better a box in a name than no paper."""
    if wanted["format"] != "pdf":
        return compiler.compile(**wanted, ppi=144.0)
    try:
        return compiler.compile(**wanted, pdf_standards="ua-1")
    except fault as error:
        if "could not be displayed" not in str(error):
            raise
        return compiler.compile(**wanted)


if __name__ == "__main__":
    sys.exit(main())
