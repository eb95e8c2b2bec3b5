"""The channels a node follows: what the broker would not take is doubtful until asked for again."""

from realtime.adapters.memory import MemoryBroker, MemoryBus
from realtime.followed import Followed
from realtime.kernel.errors import Unavailable
from realtime.kernel.ids import Channel
from web.channels import channel_table

ROOM, OTHER = Channel("room:1"), Channel("room:2")


class MoodyBroker(MemoryBroker):
    def __init__(self) -> None:
        super().__init__(MemoryBus())
        self.refuses = True

    async def subscribe(self, channel: Channel) -> None:
        if self.refuses:
            raise Unavailable
        await super().subscribe(channel)

    async def unsubscribe(self, channel: Channel) -> None:
        if self.refuses:
            raise Unavailable
        await super().unsubscribe(channel)


async def follow(followed: Followed, channel: Channel) -> None:
    async with followed.lock(channel):
        await followed.follow(channel)


async def test_what_the_broker_would_not_take_is_doubtful_until_looked_at_once_more() -> None:
    broker = MoodyBroker()
    followed = Followed(broker, channel_table())
    await follow(followed, ROOM)
    await follow(followed, ROOM)
    assert followed.doubtful

    await followed.hear()
    followed.looked_at()
    assert followed.doubtful
    assert followed.some_unheard

    broker.refuses = False
    await followed.hear()
    # Taken at last; but what was said just before came by neither way.
    assert not followed.some_unheard
    assert followed.doubtful
    followed.looked_at()
    assert not followed.doubtful
    assert broker._channels == {ROOM}


async def test_what_is_left_meanwhile_is_not_asked_for_again() -> None:
    broker = MoodyBroker()
    followed = Followed(broker, channel_table())
    await follow(followed, ROOM)
    await follow(followed, OTHER)

    async with followed.lock(ROOM):
        await followed.unfollow(ROOM)

    broker.refuses = False
    await followed.hear()
    assert broker._channels == {OTHER}
    assert list(followed) == [OTHER]
    assert len(followed) == 1
