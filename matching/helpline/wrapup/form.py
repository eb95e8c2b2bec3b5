"""The form an operator fills in when a conversation is over: boxes, and nothing to write. Pure.

Whatever could name somebody has no place in it: a count of children, not their ages; a
département, not a town.
"""

from typing import Annotated, Literal, get_args

from msgspec import Meta, Struct

Kind = Literal[
    "physical",
    "psychological",
    "sexual",
    "economic",
    "administrative",
    "cyber",
    "forced_marriage",
    "fgm",
    "stalking",
    "other",
]
Outcome = Literal[
    "listened",
    "informed",
    "directed",
    "shelter",
    "help",
    "emergency",
    "police",
    "health",
    "law",
    "stopped",
    "other",
]
KINDS: tuple[Kind, ...] = get_args(Kind)
OUTCOMES: tuple[Outcome, ...] = get_args(Outcome)
#: 01 to 95, 2A and 2B for 20, overseas three figures.
AREA = r"^(0[1-9]|1[0-9]|2[1-9AB]|[3-8][0-9]|9[0-5]|97[1-8]|98[678])\Z"
Area = Annotated[str, Meta(pattern=AREA, max_length=3)]

#: How a conversation's children and length are told.
NONE, SOME, UNKNOWN = "none", "some", "unknown"
CHILDREN = (NONE, SOME, UNKNOWN)
LENGTHS = ("under_15", "under_30", "under_60", "over_60", UNKNOWN)


class Form(Struct, frozen=True, forbid_unknown_fields=True):
    kinds: Annotated[list[Kind], Meta(max_length=len(KINDS))] = []
    outcome: Annotated[list[Outcome], Meta(max_length=len(OUTCOMES))] = []
    #: How many children are concerned; nothing: not said.
    children: Annotated[int, Meta(ge=0, le=20)] | None = None
    area: Area | None = None
    minutes: Annotated[int, Meta(ge=0, le=1440)] | None = None


def children_of(form: Form) -> str:
    if form.children is None:
        return UNKNOWN
    return SOME if form.children else NONE


def length_of(form: Form) -> str:
    """How long it was, in one of five words.

    >>> [length_of(Form([], [], minutes=it)) for it in (None, 14, 15, 59, 60)]
    ['unknown', 'under_15', 'under_30', 'under_60', 'over_60']
    """
    if form.minutes is None:
        return UNKNOWN
    for word, below in (("under_15", 15), ("under_30", 30), ("under_60", 60)):
        if form.minutes < below:
            return word
    return "over_60"


def counted(form: Form) -> list[tuple[str, str]]:
    """What one more is counted of: (question, answer), each once however often it was ticked."""
    return [
        *(("kinds", it) for it in dict.fromkeys(form.kinds)),
        *(("outcome", it) for it in dict.fromkeys(form.outcome)),
        ("children", children_of(form)),
        ("minutes", length_of(form)),
    ]
