"""Who is offered what: language, skills, capacity, then the longest idle. Pure.

One decision, of one line, at one moment: whoever calls it holds the line, so that no chat is
offered to two, and nobody is given more than they may have.
"""

from collections import Counter
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import datetime

from matching.helpline.order import in_order
from matching.helpline.rules import ORANGE, ORANGE_WITHIN, WISHED_FOR, capacity
from matching.helpline.values import TAKING, Chat, ChatId, ChatState, Operator
from realtime.kernel.ids import PersonId

#: Of each chat, those who let it pass a moment ago, and whether they said no.
Passed = Mapping[ChatId, Mapping[PersonId, bool]]
NOBODY: Mapping[PersonId, bool] = {}


@dataclass(frozen=True, slots=True)
class Offer:
    chat: Chat
    to: PersonId


def choose(
    waiting: Iterable[Chat], operators: Iterable[Operator], passed: Passed, now: datetime
) -> list[Offer]:
    """Whom each of those who wait is offered to now, the first in the queue first."""
    staff = {it.person: it for it in operators if it.on}
    offers: list[Offer] = []
    for chat in in_order(waiting):
        # She is not there: an operator would write to an empty room.
        if chat.state is not ChatState.WAITING or chat.exited_at is not None:
            continue
        found = best(chat, list(staff.values()), passed.get(chat.chat, NOBODY), now)
        if found is not None:
            offers.append(Offer(chat, found.person))
            staff[found.person] = replace(found, load=found.load + 1, idle_since=now)
    return offers


def best(
    chat: Chat, staff: Sequence[Operator], passed: Mapping[PersonId, bool], now: datetime
) -> Operator | None:
    """The one to offer it to: of those who can, with the fewest chats, the longest idle.

    Who has just said no is not asked; who has just not seen it, only when nobody else can. After a
    while anybody who is free is better than nobody.
    """
    free = [it for it in staff if has_room(it) and not passed.get(it.person)]
    able = able_for(chat, staff)
    wished = [it for it in free if it in able]
    return min(
        wished or (free if has_waited(chat, now) else []),
        key=lambda it: (it.person in passed, it.load, it.idle_since, it.person),
        default=None,
    )


def has_waited(chat: Chat, now: datetime) -> bool:
    """Whether she has waited too long for whoever would suit her best."""
    return now >= wished_until(chat)


def wished_until(chat: Chat) -> datetime:
    """Until when she waits for whoever would suit her best, while others are free."""
    since = chat.asked_at if chat.answered_at is None else chat.since
    return since + (WISHED_FOR if chat.level < ORANGE else ORANGE_WITHIN)


def able_for(chat: Chat, staff: Sequence[Operator]) -> list[Operator]:
    """Those on duty who may have it, free or not.

    A wish that nobody on duty fulfils is no reason to let her wait: an interpreter can be called.
    """
    able = list(staff)
    for wanted in (
        [it for it in able if chat.skill is None or chat.skill in it.skills],
        [it for it in able if chat.language in it.languages],
        [it for it in able if chat.level < ORANGE or not it.trainee],
    ):
        both = [it for it in able if it in wanted]
        able = both or able
    return able


def has_room(operator: Operator) -> bool:
    return operator.load < capacity(trainee=operator.trainee)


def load(taken: Iterable[Chat]) -> Counter[PersonId]:
    """How many chats each has: hers, offered to her, or about to be handed to her.

    Who only advises has no chat more.
    """
    loads: Counter[PersonId] = Counter()
    for chat in taken:
        if chat.state not in TAKING:
            continue
        people = {chat.operator, chat.offered_to, chat.next_operator}
        loads.update(it for it in people if it is not None)
    return loads
