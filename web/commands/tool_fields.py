"""The bounded values of commands about what operators have at hand."""

from typing import Annotated

from msgspec import Meta

from matching.helpline.blocks.rules import LONGEST_DAYS
from web.commands.fields import PRINTABLE

#: What follows the slash.
ReplyName = Annotated[str, Meta(pattern=r"^[a-z][a-z0-9-]{0,23}\Z", max_length=24)]
ReplyLanguage = Annotated[str, Meta(pattern=r"^[a-z]{2,3}\Z", max_length=3)]
ReplyTitle = Annotated[str, Meta(min_length=1, max_length=60, pattern=PRINTABLE)]
ReplyText = Annotated[str, Meta(min_length=1, max_length=1000, pattern=PRINTABLE)]
#: Words to look for: a few.
Words = Annotated[str, Meta(max_length=80, pattern=PRINTABLE)]
#: A département or a territory.
AreaCode = Annotated[
    str, Meta(pattern=r"^(0[1-9]|[1-8][0-9]|9[0-5]|2[AB]|97[1-8]|98[678])\Z", max_length=3)
]
Month = Annotated[str, Meta(pattern=r"^20[0-9][0-9]-(0[1-9]|1[0-2])\Z", max_length=7)]
#: An exercise, a sheet of ours.
ScriptName = Annotated[str, Meta(pattern=r"^[a-z]{2,24}\Z", max_length=24)]
SheetId = Annotated[str, Meta(pattern=r"^[a-z]{2,24}\Z", max_length=24)]
#: A service, as the file that it came from calls it.
ServiceName = Annotated[str, Meta(min_length=1, max_length=100, pattern=PRINTABLE)]
Days = Annotated[int, Meta(ge=1, le=LONGEST_DAYS)]
