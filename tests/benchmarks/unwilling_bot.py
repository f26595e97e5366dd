"""A contender that fails on each tenth reply (500) and manages when the update is posted again."""

from itertools import count
from typing import Any

import uvloop

from benchmarks.registration import bare

EVERY = 10


def unwilling(call: bare.Call) -> bare.Call:
    screens = count(1)

    async def sometimes_not(method: str, parameters: dict[str, Any]) -> None:
        if method == "sendMessage" and next(screens) % EVERY == 0:
            raise ConnectionError("not now")
        await call(method, parameters)

    return sometimes_not


if __name__ == "__main__":
    uvloop.run(bare.main(unwilling))
