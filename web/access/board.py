"""The operators' board and the queues behind it."""

from web.access.vocabulary import STAFF, grant, table

BOARD = table(
    {
        "board.state": (grant(STAFF),),
        "board.listen": (grant(STAFF),),
        "queue.listen": (grant(STAFF),),
    }
)
