"""`rafiq demo` at a terminal: a port that is taken, and Ctrl-C."""

from __future__ import annotations

import os
import socket
import subprocess
from pathlib import Path

import pytest
from playwright.async_api import Browser, expect

from tests.e2e.demo import COMMAND, ROOT, Demo, environment, free_ports

pytestmark = [pytest.mark.slow, pytest.mark.timeout(120)]


@pytest.mark.parametrize("taken", [0, 1])
def test_a_port_that_is_taken_is_one_clear_line(tmp_path: Path, taken: int) -> None:
    port = free_ports()
    with socket.socket() as other:
        other.bind(("127.0.0.1", port + taken))
        other.listen()
        ended = subprocess.run(
            [*COMMAND, str(port)],
            cwd=ROOT,
            env=environment(tmp_path),
            capture_output=True,
            text=True,
            timeout=60,
            check=False,
        )
    assert ended.returncode == 2
    assert ended.stdout == ""
    (line,) = ended.stderr.splitlines()
    assert line.startswith("rafiq: ")
    assert str(port) in line
    assert "--port" in line


@pytest.mark.chromium
async def test_ctrl_c_ends_it_cleanly_while_a_page_is_open(tmp_path: Path, browser: Browser) -> None:
    with Demo(tmp_path) as demo:
        page = await browser.new_page()
        await page.goto(demo.url)
        await page.locator("#pane-participant .welcome button").click()
        await expect(page.locator("#pane-participant article.theirs")).to_be_visible(timeout=20_000)
        status, said, seconds = demo.ctrl_c()
    assert (status, said) == (0, "")
    assert seconds < 5
    assert os.listdir(tmp_path) == [], "nothing is left of it"
