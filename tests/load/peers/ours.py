"""Ours: the whole program, with the sockets' greetings made by itself."""

import sys
from pathlib import Path

from tests.load.peers.peer import Peer, Served
from tests.support.ports import unused_port

NAME = "Entraide"


def ours(sockets: int, *, phones: bool = False, alerted: int = 0) -> Peer:
    """Operators who listen to a line, and helpers who are ``alerted``; or ``phones`` with a place.

    So many sockets in all, the alerted ones first.
    """
    port, orders = unused_port(), unused_port()
    program = "phones_server" if phones else "fan_server"
    return Peer(
        name=NAME,
        command=(
            *(sys.executable, "-m", f"tests.load.{program}"),
            *(str(port), str(orders), str(sockets)),
            *([str(alerted)] if alerted else []),
        ),
        port=port,
        path="/connection/websocket",
        until='"connect":' if phones else '"id":2',
        orders=orders,
        own_greetings=_greetings,
    )


def _greetings(served: Served, sockets: int, file: Path) -> None:
    """Fresh tickets, which live 30 s."""
    process = served.process
    assert process.stdin is not None
    assert process.stdout is not None
    process.stdin.write(f"{file}\n".encode())
    process.stdin.flush()
    if process.stdout.readline() != b"written\n":
        raise RuntimeError("the server made no tickets")
