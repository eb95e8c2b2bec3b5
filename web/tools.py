"""What operators of the helpline have at hand, joined."""

from dataclasses import dataclass

from matching.helpline.blocks.service import BlockList
from matching.helpline.bridges import sheets
from matching.helpline.bridges.service import Bridging
from matching.helpline.directory.service import Directory
from matching.helpline.practice import script
from matching.helpline.practice.service import Practice
from matching.helpline.replies import ours
from matching.helpline.replies.service import CannedReplies
from matching.helpline.service import Helpline
from matching.helpline.values import ChatId
from matching.helpline.wrapup.service import WrapUps
from realtime.ledger import Transaction
from realtime.rooms.service import Rooms
from realtime.tasks import Tasks
from web.durable import Durable


@dataclass(frozen=True, slots=True, kw_only=True)
class Tools:
    """Of one installation; commands use these."""

    replies: CannedReplies
    directory: Directory
    wrapups: WrapUps
    blocks: BlockList
    bridges: Bridging
    practice: Practice

    def register(self, tasks: Tasks) -> None:
        self.blocks.register(tasks)
        self.bridges.register(tasks)
        self.practice.register(tasks)

    async def ended(self, tx: Transaction, chat: ChatId) -> None:
        """A chat is over: nothing is asked of her any more, nor said by a script."""
        await self.bridges.end(tx, chat)
        await self.practice.ended(tx, chat)

    async def plan(self, tx: Transaction) -> None:
        """What begins at every start and goes on by itself."""
        await self.blocks.plan(tx)


@dataclass(frozen=True, slots=True)
class Written:
    """What the project wrote, read once."""

    replies: tuple[ours.Ours, ...]
    sheets: sheets.Sheets
    scripts: tuple[script.Script, ...]


def written() -> Written:
    """Read what the project wrote. It waits for the disk."""
    return Written(ours.read(), sheets.read(), script.read())


def joined_tools(durable: Durable, rooms: Rooms, helpline: Helpline, texts: Written) -> Tools:
    made = Tools(
        replies=CannedReplies(texts.replies),
        directory=Directory(),
        wrapups=WrapUps(),
        # Made alike by every node: one network is one mark.
        blocks=BlockList(durable.key("blocks")),
        bridges=Bridging(rooms, texts.sheets),
        practice=Practice(rooms, helpline.closing, texts.scripts),
    )
    helpline.closing.ends_with = made.ended
    return made
