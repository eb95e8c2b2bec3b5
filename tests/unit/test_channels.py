"""What kind of channel a name stands for."""

from datetime import timedelta

import pytest

from realtime.channels import CONTROL, ChannelRule, ChannelTable, Lane
from realtime.kernel.errors import UnknownChannel
from realtime.kernel.ids import Channel

ROOM = ChannelRule(prefix="room:", lane=Lane.ORDERED, durable=True)
TABLE = ChannelTable([ROOM])


def test_a_channel_has_the_rule_of_its_prefix() -> None:
    assert TABLE.rule(Channel("room:1")) is ROOM
    assert TABLE.rule(Channel("room:a:b")) is ROOM


@pytest.mark.parametrize(
    "name", ["", "room", "room:", ":1", "rooms:1", "Room:1", " room:1", "room:1\x00"]
)
def test_a_name_that_stands_for_nothing_is_unknown(name: str) -> None:
    with pytest.raises(UnknownChannel):
        TABLE.rule(Channel(name))


def test_nodes_have_a_channel_of_their_own_that_is_kept_for_an_hour() -> None:
    rule = TABLE.rule(CONTROL)

    assert (rule.durable, rule.kept) == (True, timedelta(hours=1))


def test_the_table_is_read_row_by_row() -> None:
    assert [rule.prefix for rule in TABLE] == ["room:", "control:"]
