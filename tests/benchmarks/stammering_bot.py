"""A contender that says each fifth reply twice."""

from itertools import count
from typing import Any

import uvloop

from benchmarks.registration import bare

EVERY = 5


def stammering(call: bare.Call) -> bare.Call:
    screens = count(1)

    async def sometimes_twice(method: str, parameters: dict[str, Any]) -> None:
        await call(method, parameters)
        if method == "sendMessage" and next(screens) % EVERY == 0:
            await call(method, parameters)

    return sometimes_twice


if __name__ == "__main__":
    uvloop.run(bare.main(stammering))
