"""The keeper of the catalogues: `python -m bot.locales.catalogue update|merge|check`.

update  writes both catalogues anew from the rooms: new sentences come in empty, those that nobody says any more go
merge   does the same and takes the translations of `fragments/*.{fr,ar}.po` (entries without a header) in
check   prints a line for each fault and fails if there is one
"""

from __future__ import annotations

import io
import os
import sys
from collections.abc import Iterator, Sequence
from pathlib import Path

from babel.messages.catalog import Catalog, Message
from babel.messages.pofile import PoFileError, read_po, write_po
from jinja2 import TemplateSyntaxError

from bot.locales import faults
from bot.locales.sources import Sources, read
from kit.language import LANGUAGES, Language

HERE = Path(__file__).resolve().parent
HEADER = r"""msgid ""
msgstr ""
"Language: {language}\n"
"Plural-Forms: {plural_forms}\n"
"MIME-Version: 1.0\n"
"Content-Type: text/plain; charset=utf-8\n"
"Content-Transfer-Encoding: 8bit\n"
"""


def path_of(language: Language, folder: Path = HERE) -> Path:
    """Where the catalogue of a language lies."""
    return folder / language / "LC_MESSAGES" / "messages.po"


def load(path: Path, language: Language) -> Catalog:
    """A catalogue or a fragment. Raises PoFileError where it can't be read; a missing file is an empty one."""
    if not path.exists():
        return Catalog(locale=language, fuzzy=False)
    with path.open("rb") as source:
        return read_po(source, locale=language, abort_invalid=True)


def save(catalogue: Catalog, path: Path) -> None:
    """Write a catalogue sorted by its sentences, without dates, names and line numbers: a diff shows words only."""
    body = io.BytesIO()
    write_po(
        body,
        catalogue,
        width=110,
        sort_output=True,
        omit_header=True,
        include_lineno=False,
        ignore_obsolete=True,
    )
    head = HEADER.format(language=catalogue.locale, plural_forms=catalogue.plural_forms)
    path.parent.mkdir(parents=True, exist_ok=True)
    written = path.with_suffix(f".{os.getpid()}.tmp")
    written.write_text(f"{head}\n{body.getvalue().decode('utf-8')}".rstrip("\n") + "\n", "utf-8")
    written.replace(path)


def forms_of(message: Message | None) -> list[str]:
    """The translated strings of an entry, in the order of the plural's forms."""
    if message is None:
        return []
    return list(message.string) if isinstance(message.string, (tuple, list)) else [message.string or ""]


def renewed(old: Catalog, sources: Sources, language: Language) -> Catalog:
    """A catalogue of just what is said now, with the translations that `old` has of it."""
    new = Catalog(locale=language, fuzzy=False)
    for source in sources.by_id.values():
        id = source.id if source.plural is None else (source.id, source.plural)
        known = old.get(source.id)
        string = known.string if known is not None and known.id == id else ""
        new.add(id, string, locations=[(file, 1) for file in sorted(source.files)])
    return new


def update(folder: Path, sources: Sources) -> None:
    """Bring both catalogues up to what the rooms say."""
    for language in LANGUAGES:
        path = path_of(language, folder)
        save(renewed(load(path, language), sources, language), path)


def merge(folder: Path, sources: Sources) -> Iterator[str]:
    """Take the fragments in, over what the catalogue has; yields what was wrong: unknown sentences, quarrels, other plurals."""
    for language in LANGUAGES:
        path = path_of(language, folder)
        catalogue = renewed(load(path, language), sources, language)
        taken: dict[object, tuple[list[str], str]] = {}
        for fragment in sorted((folder / "fragments").glob(f"*.{language}.po")):
            read_in = load(fragment, language)
            if read_in.plural_forms != catalogue.plural_forms:
                yield f"{fragment.name}: its header's plural forms are not those of the language: leave the header out"
                continue
            for message in read_in:
                if not message.id or not any(forms_of(message)):
                    continue
                entry = catalogue.get(message.id)
                if entry is None or entry.id != message.id:
                    yield f"{fragment.name}: nobody says {message.id!r}"
                elif message.id in taken and taken[message.id][0] != forms_of(message):
                    yield f"{fragment.name}: {message.id!r} is said otherwise in {taken[message.id][1]}"
                else:
                    taken[message.id] = forms_of(message), fragment.name
                    entry.string = message.string
        save(catalogue, path)


def check(folder: Path, sources: Sources) -> Iterator[str]:
    """Every fault of the sources and of both catalogues, a line each."""
    yield from sources.faults
    for source in sources.by_id.values():
        yield from (f"source: {source.id!r}: {fault}" for fault in faults.of_source(source))
    for language in LANGUAGES:
        catalogue = load(path_of(language, folder), language)
        if catalogue.plural_forms != Catalog(locale=language).plural_forms:
            yield f"{language}: the header's plural forms are not those of the language"
        entries = {
            message.id if isinstance(message.id, str) else message.id[0]: message
            for message in catalogue
            if message.id
        }
        yield from (
            f"{language}: {id!r}: nobody says it any more" for id in entries if id not in sources.by_id
        )
        for id, source in sources.by_id.items():
            entry = entries.get(id)
            if entry is None or entry.id != (id if source.plural is None else (id, source.plural)):
                yield f"{language}: {id!r}: not in the catalogue"
                continue
            if entry.fuzzy:
                yield f"{language}: {id!r}: fuzzy"
            yield from (
                f"{language}: {id!r}: {fault}"
                for fault in faults.of(source, forms_of(entry), language, catalogue.num_plurals)
            )


def main(arguments: Sequence[str]) -> int:
    """The command; 0 when all is well."""
    try:
        sources = read()
        match list(arguments):
            case ["update"]:
                update(HERE, sources)
                found = sources.faults
            case ["merge"]:
                found = sources.faults + list(merge(HERE, sources))
            case ["check"]:
                found = list(check(HERE, sources))
            case _:
                print(__doc__)
                return 2
    except (SyntaxError, TemplateSyntaxError, PoFileError) as error:
        found = [f"can't be read: {error}"]
    for fault in found:
        print(fault)
    return 1 if found else 0


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
