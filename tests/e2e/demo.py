"""`rafiq demo` as who tries it runs it: a process of its own, by its command line, on two free ports."""

from __future__ import annotations

import os
import select
import signal
import socket
import subprocess
import sys
import time
from pathlib import Path

ROOT = Path(__file__).parent.parent.parent
STARTS_WITHIN = 60.0  # seconds; a loaded machine needs a few for the sample data
COMMAND = (sys.executable, "-m", "rafiq", "demo", "--port")


def free_ports() -> int:
    """A port that is free, and the next one too."""
    while True:
        with socket.socket() as one, socket.socket() as next_one:
            one.bind(("127.0.0.1", 0))
            port: int = one.getsockname()[1]
            try:
                next_one.bind(("127.0.0.1", port + 1))
            except (OSError, OverflowError):
                continue
            return port


def environment(temporary: Path) -> dict[str, str]:
    """Nothing of ours but what a shell has; temporary files go where they can be counted."""
    kept = {name: value for name, value in os.environ.items() if not name.startswith(("RAFIQ_", "PYTEST"))}
    return {**kept, "TMPDIR": str(temporary), "PYTHONUNBUFFERED": "1"}


class Demo:
    """The running demo; `url` is its page."""

    def __init__(self, temporary: Path) -> None:
        self.temporary = temporary
        self.port = free_ports()
        self.process = subprocess.Popen(
            [*COMMAND, str(self.port)],
            cwd=ROOT,
            env=environment(temporary),
            stdout=subprocess.PIPE,
            stderr=subprocess.STDOUT,
            text=True,
            process_group=0,
        )
        self.url = f"http://127.0.0.1:{self.port}"
        self.said = self._first_line()

    def __enter__(self) -> Demo:
        return self

    def __exit__(self, *_: object) -> None:
        if self.process.poll() is None:
            self.ctrl_c()

    def _first_line(self) -> str:
        """What it says once it can be tried; ends it and fails when that doesn't come."""
        assert self.process.stdout is not None
        ready, _, _ = select.select([self.process.stdout], [], [], STARTS_WITHIN)
        line = self.process.stdout.readline() if ready else ""
        if self.url not in line:
            self.process.kill()
            raise AssertionError(f"the demo said: {line}{self.process.communicate()[0]}")
        return line

    def ctrl_c(self, within: float = 20.0) -> tuple[int, str, float]:
        """Ctrl-C in its terminal: exit status, what it said after its first line, and the seconds it took to leave."""
        began = time.monotonic()
        os.killpg(self.process.pid, signal.SIGINT)
        try:
            said, _ = self.process.communicate(timeout=within)
        except subprocess.TimeoutExpired:
            self.process.kill()
            self.process.communicate()
            raise
        return self.process.returncode, said, time.monotonic() - began
