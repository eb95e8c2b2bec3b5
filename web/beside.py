"""The demo city beside the server: a process of its own, a pure client of the public wire.

It is given its orders, and the one secret it needs, on standard input; it stops when that ends.
"""

import asyncio
import sys
from collections.abc import AsyncGenerator, Sequence
from contextlib import asynccontextmanager
from datetime import timedelta
from pathlib import Path

import msgspec
import structlog

from realtime.kernel.secret import Secret
from realtime.ledger import Ledger
from web.access.vocabulary import Role
from web.auth.sessions import Sessions

log = structlog.get_logger("web.demo")

#: A demo may run for weeks before somebody looks at it.
OPERATOR_LIFE = timedelta(days=30)
#: How long it may take to say goodbye.
LEAVE_S = 5.0


async def demo_operator(ledger: Ledger, sessions: Sessions) -> Secret:
    """The session of the operator whom the demo plays."""
    opened = await ledger.write(lambda tx: sessions.open(tx, Role.OPERATOR, lifetime=OPERATOR_LIFE))
    return opened.token


@asynccontextmanager
async def demo_city(
    base: str, operator: Secret, folder: Path, desks: Sequence[Secret] = ()
) -> AsyncGenerator[None]:
    """Run the demo for as long as the block lasts."""
    orders = {
        "base": base,
        "operator": operator.reveal(),
        "desks": [it.reveal() for it in desks],
        "people_file": str(folder / "demo" / "people.json"),
    }
    await asyncio.to_thread((folder / "demo").mkdir, mode=0o700, parents=True, exist_ok=True)
    process = await asyncio.create_subprocess_exec(
        sys.executable, "-m", "web.demo", stdin=asyncio.subprocess.PIPE
    )
    assert process.stdin is not None  # noqa: S101 - asked for above
    process.stdin.write(msgspec.json.encode(orders) + b"\n")
    try:
        yield
    finally:
        process.stdin.close()
        try:
            async with asyncio.timeout(LEAVE_S):
                await process.wait()
        except TimeoutError:
            process.kill()
            await process.wait()
        log.info("demo_left", code=process.returncode or 0)
