"""The bounded values of commands about the helpline."""

from typing import Annotated, Literal

from msgspec import Meta

from matching.helpline.triage import Answer as TriageAnswer
from matching.helpline.triage import Seen
from matching.helpline.values import ChatId, LineId
from matching.helpline.wrapup.form import Form
from web.access.vocabulary import Kind, Thing
from web.commands.fields import PRINTABLE, Answer, Asked, ClientId, LanguageTag, PublicId

__all__ = ["Seen", "TriageAnswer"]

LineName = Annotated[str, Meta(pattern=r"^[a-z0-9]{2,16}\Z")]
Postcode = Annotated[str, Meta(pattern=r"^[0-9]{5}\Z")]
Answers = Annotated[list[TriageAnswer], Meta(max_length=8)]
#: Three words as she types them.
Words = Annotated[str, Meta(min_length=5, max_length=80, pattern=PRINTABLE)]
#: A word of her own: at least two signs that are not spaces.
CodeWord = Annotated[str, Meta(max_length=40, pattern=r"^(?=.*\S.*\S)[^\x00-\x1f\x7f]*\Z")]
Skill = Annotated[str, Meta(pattern=r"^[a-z][a-z_]{1,29}\Z")]
Skills = Annotated[list[Skill], Meta(max_length=20)]
Languages = Annotated[list[LanguageTag], Meta(min_length=1, max_length=20)]
Reason = Annotated[str, Meta(max_length=200, pattern=PRINTABLE)]
HandoverNote = Annotated[str, Meta(max_length=2000, pattern=PRINTABLE)]
Hours = Annotated[int, Meta(ge=1, le=7 * 24)]
WayName = Literal["cold", "warm", "consult"]


class LineNamed(Asked, frozen=True):
    line: LineName

    @property
    def name(self) -> LineId:
        return LineId(self.line)


class ChatNamed(Asked, frozen=True):
    chat: PublicId

    @property
    def name(self) -> ChatId:
        return ChatId(self.chat)


class ChatSwitched(ChatNamed, frozen=True):
    on: bool


class ChatWatch(ChatNamed, frozen=True):
    on: bool = True


class ChatTransfer(ChatNamed, frozen=True, kw_only=True):
    id: ClientId
    way: WayName
    #: To a person, to whoever has a skill, or (neither) to whoever is next.
    person: PublicId | None = None
    skill: Skill | None = None
    #: For the colleague; she never sees it.
    note: HandoverNote = ""


class ChatWrap(ChatNamed, frozen=True, kw_only=True):
    id: ClientId
    form: Form


class ChatTold(Answer, frozen=True):
    """What a chat has become."""

    chat: str
    state: str
    room: str


def of_chat(asked: ChatNamed) -> Thing:
    return Thing(Kind.CHAT, asked.chat)
