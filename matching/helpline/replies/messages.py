"""What is answered about canned replies, field for field as it travels."""

from msgspec import Struct


class ReplyView(Struct, frozen=True, omit_defaults=True):
    """One reply in one language; ``name`` is what follows the slash."""

    name: str
    language: str
    title: str
    text: str
    variables: list[str]
    #: How often operators have inserted it.
    uses: int
    #: As the project wrote it, unchanged.
    ours: bool = False


class Replies(Struct, frozen=True, omit_defaults=True):
    replies: list[ReplyView]
    #: What a supervisor may leave open in a text.
    variables: list[str]
