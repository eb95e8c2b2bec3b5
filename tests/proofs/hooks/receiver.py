"""A network's hook that misbehaves, as a process of its own that a proof may kill.

What it is about to answer is written to its log first: once it is there, the network has it.
"""

import argparse
import asyncio
import json
import os
import random
import sys

from aiohttp import web

from realtime.push.signing import IDEMPOTENCY, SIGNATURE, TIMESTAMP

#: How often each is chosen.
WAYS = {
    "take": 68, "slow": 6, "500": 8, "503": 1, "404": 3, "inward": 8, "cut": 4, "hang": 2,
}  # fmt: skip
SLOW_S = 1.0


class Receiver:
    def __init__(self, log: str, seed: int, inward: list[str]) -> None:
        self._log = os.open(log, os.O_WRONLY | os.O_CREAT | os.O_APPEND, 0o600)
        self._chance = random.Random(seed)
        self._inward = inward

    async def answer(self, request: web.Request) -> web.StreamResponse:
        body = (await request.read()).decode()
        (way,) = self._chance.choices(list(WAYS), list(WAYS.values()))
        said = {
            "answer": way,
            "name": request.headers[IDEMPOTENCY],
            "timestamp": request.headers[TIMESTAMP],
            "signature": request.headers[SIGNATURE],
            "body": body,
        }
        os.write(self._log, json.dumps(said).encode() + b"\n")
        match way:
            case "slow":
                await asyncio.sleep(self._chance.uniform(0, SLOW_S))
            case "hang":
                await asyncio.sleep(3600)
            case "cut":
                if request.transport is not None:
                    request.transport.abort()
            case "inward":
                where = self._chance.choice(self._inward)
                return web.Response(status=307, headers={"Location": where})
            case "503":
                return web.Response(status=503, headers={"Retry-After": "1"})
            case "500" | "404":
                return web.Response(status=int(way))
            case _:
                pass
        return web.Response(status=204)


async def main() -> None:
    parser = argparse.ArgumentParser()
    parser.add_argument("--port", type=int, required=True)
    parser.add_argument("--log", required=True)
    parser.add_argument("--seed", type=int, required=True)
    parser.add_argument("--inward", action="append", default=[])
    asked = parser.parse_args()
    receiver = Receiver(asked.log, asked.seed, asked.inward)
    app = web.Application()
    app.router.add_post("/{path:.*}", receiver.answer)
    runner = web.AppRunner(app, access_log=None, shutdown_timeout=0.1)
    await runner.setup()
    await web.TCPSite(runner, "127.0.0.1", asked.port, reuse_address=True).start()
    sys.stdout.write("ready\n")
    sys.stdout.flush()
    await asyncio.Event().wait()


if __name__ == "__main__":
    asyncio.run(main())
