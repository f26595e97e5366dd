"""Slow work off the loop: so much at once, so many waiting, and the rest comes back one after the other (TH-05)."""

from __future__ import annotations

import asyncio
import threading

import pytest

from kit import offload
from kit.offload import LONGEST_WAIT, Busy, Offload


@pytest.mark.req("TH-05")
async def test_two_at_work_eight_waiting_and_the_rest_is_told_when_to_come_back() -> None:
    gate, inside, most = threading.Event(), [0], [0]
    lock = threading.Lock()

    def work() -> int:
        with lock:
            inside[0] += 1
            most[0] = max(most[0], inside[0])
        gate.wait()
        with lock:
            inside[0] -= 1
        return 7

    slow = Offload(threads=2, waiting=8)
    taken = [asyncio.ensure_future(slow.compute(work)) for _ in range(10)]
    await asyncio.sleep(0)
    told = []
    for _ in range(500):
        with pytest.raises(Busy) as busy:
            await slow.compute(work)
        told.append(busy.value.retry_after)
    gate.set()
    assert await asyncio.gather(*taken) == [7] * 10
    assert most == [2]
    assert told == sorted(told)
    assert (told[0], told[-1]) == (1, LONGEST_WAIT)
    assert told.count(1) < 50, "not all of them at the same second"
    gate.clear()
    again = [asyncio.ensure_future(slow.compute(work)) for _ in range(10)]
    await asyncio.sleep(0)
    with pytest.raises(Busy) as busy:
        await slow.compute(work)
    assert busy.value.retry_after == 1, "the crowd is forgotten once nobody waits"
    gate.set()
    await asyncio.gather(*again)
    slow.close()


def test_a_core_is_left_for_the_turns(monkeypatch: pytest.MonkeyPatch) -> None:
    cores = {1: 1, 2: 1, 3: 2, 16: 2}
    for count, threads in cores.items():
        monkeypatch.setattr(offload.os, "cpu_count", lambda count=count: count)
        assert offload.at_once() == threads
