"""PDFs and PNGs as a reader sees them: text, places, pages, pixels."""

from __future__ import annotations

from dataclasses import dataclass

import pypdfium2


@dataclass(frozen=True, slots=True)
class Pdf:
    """A document that is read and closed again."""

    content: bytes

    @property
    def pages(self) -> list[str]:
        """The text of each page, blanks as plain ones."""
        document = pypdfium2.PdfDocument(self.content)
        try:
            texts = []
            for page in document:
                text = page.get_textpage()
                texts.append(text.get_text_range().replace("\u00a0", " ").replace("\r\n", "\n"))
                text.close()
                page.close()
            return texts
        finally:
            document.close()

    @property
    def text(self) -> str:
        return "\n".join(self.pages)

    @property
    def accessible(self) -> bool:
        """Whether it says that it is a tagged PDF/UA-1."""
        return b"<pdfuaid:part>1</pdfuaid:part>" in self.content and b"/StructTreeRoot" in self.content

    @property
    def metadata(self) -> dict[str, str]:
        document = pypdfium2.PdfDocument(self.content)
        try:
            return dict(document.get_metadata_dict(skip_empty=True))
        finally:
            document.close()

    def left(self, words: str, page: int = 0) -> float:
        """How far from the left edge the first occurrence of words that read from the left begins, in points."""
        for letters in self._lines(page):
            line = "".join(letter for letter, _ in letters)
            if (at := line.find(words.replace(" ", ""))) >= 0:
                return letters[at][1]
        raise AssertionError(f"no {words!r} on page {page}")

    def _lines(self, page: int) -> list[list[tuple[str, float]]]:
        """The letters of each line with their places, as the eye meets them from the left, without blanks. A reader's own order is no
        witness: it guesses which way a line goes."""
        document = pypdfium2.PdfDocument(self.content)
        try:
            opened = document[page]
            text = opened.get_textpage()
            lines: dict[int, list[tuple[str, float]]] = {}
            for index in range(text.count_chars()):
                letter = text.get_text_range(index, 1)
                if letter.strip():
                    left, bottom, _, _ = text.get_charbox(index, loose=True)
                    lines.setdefault(round(bottom / 2), []).append((letter, left))
            return [sorted(letters, key=lambda one: one[1]) for letters in lines.values()]
        finally:
            document.close()
