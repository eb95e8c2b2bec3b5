"""The server of the rooms' bench: rooms, with a visitor and an operator in each."""

from realtime.ledger import Transaction
from tests.load.measured_server import Orders as Base
from tests.load.measured_server import Ready, in_some, run
from web.access.vocabulary import Role
from web.auth.sessions import Opened
from web.bootstrap import Entraide


class Orders(Base, frozen=True, kw_only=True):
    rooms: int
    #: Each with as many rooms as it takes.
    operators: int


async def make(whole: Entraide, orders: Orders) -> Ready:
    """Rooms ``r0``, ``r1``, …; the tokens of their visitors, and of the operators in turn."""
    sessions, rooms = whole.services.sessions, whole.services.rooms

    async def operators(tx: Transaction) -> list[Opened]:
        return [await sessions.open(tx, Role.OPERATOR) for _ in range(orders.operators)]

    opened = await whole.durable.ledger.write(operators)

    async def room(tx: Transaction, number: int) -> str:
        visitor = await sessions.open(tx, Role.CITIZEN)
        operator = opened[number % len(opened)].caller.person
        await rooms.open(tx, f"r{number}", f"chat-{number}")
        await rooms.join(tx, f"r{number}", visitor.caller.person, "elle", alone=True)
        await rooms.join(tx, f"r{number}", operator, "ecoutante", staff=True)
        return visitor.token.reveal()

    visitors = await in_some(whole, orders.rooms, room)
    return {"operators": [it.token.reveal() for it in opened], "visitors": visitors}


if __name__ == "__main__":
    run(Orders, make)
