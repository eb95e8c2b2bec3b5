"""Where else she can turn: the directory, for operators."""

from matching.helpline.directory.messages import Found
from matching.helpline.directory.values import Kind
from web.commands.fields import Asked
from web.commands.registry import Looking, Reads
from web.commands.tool_fields import AreaCode, ReplyLanguage, Words


class DirectoryFind(Asked, frozen=True):
    #: A département: its own services first, then those for everyone.
    area: AreaCode | None = None
    kind: Kind | None = None
    #: All of these words, in any order, accents or none.
    words: Words = ""
    #: Without those that are closed now; whose hours are not known stay.
    open: bool = False
    language: ReplyLanguage | None = None


async def find(call: Looking, asked: DirectoryFind) -> Found:
    return await call.services.tools.directory.find(
        call.reading,
        area=asked.area,
        kind=asked.kind,
        words=asked.words,
        language=asked.language,
        open_now=asked.open,
    )


COMMANDS = (
    Reads(
        method="directory.find",
        title="Services that fit: their numbers, whether they are open, and when next.",
        takes=DirectoryFind,
        gives=Found,
        run=find,
    ),
)
