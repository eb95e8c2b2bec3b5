"""Ports for what tests start: given to nobody else, and free while their server is away.

Below where the kernel takes ports for connections going out: one of those could take ours while its
server is being restarted. Each of several pytests at once has its own (``gw0``, ``gw1``…): what one
has chosen is not listened on before its server has started.
"""

import contextlib
import os
import random
import socket

_WORKERS = 8
_PORTS = range(15_000 + int(os.environ.get("PYTEST_XDIST_WORKER", "gw7")[2:]), 32_000, _WORKERS)
_dice = random.SystemRandom()
_taken: set[int] = set()


def unused_port() -> int:
    """A port that nobody listens on, given to nobody else in this process."""
    while True:
        port = _dice.choice(_PORTS)
        with contextlib.suppress(OSError), socket.create_server(("127.0.0.1", port)):
            if port not in _taken:
                _taken.add(port)
                return port
