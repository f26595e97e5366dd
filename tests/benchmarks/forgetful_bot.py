"""A contender that acknowledges every update, but keeps each tenth reply to itself."""

from itertools import count
from typing import Any

import uvloop

from benchmarks.registration import bare

EVERY = 10


def forgetful(call: bare.Call) -> bare.Call:
    screens = count(1)

    async def sometimes(method: str, parameters: dict[str, Any]) -> None:
        if method != "sendMessage" or next(screens) % EVERY:
            await call(method, parameters)

    return sometimes


if __name__ == "__main__":
    uvloop.run(bare.main(forgetful))
