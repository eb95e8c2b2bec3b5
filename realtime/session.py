"""One connection's dialogue in the Centrifugo protocol, without the connection. Pure.

Feed it messages, carry out what it asks. It knows what has been said and what is under way, so that
a whole dialogue is tested as a list of inputs and a list of outputs.
"""

from dataclasses import dataclass
from enum import Enum, auto

import msgspec

from realtime import wire
from realtime.kernel.errors import AlreadySubscribed, AppError, LimitExceeded, Malformed
from realtime.kernel.ids import Channel
from realtime.streams import Place

#: Channels one connection may listen to.
MOST_CHANNELS = 64
#: Commands in one message: an SDK that comes back subscribes to all it had at once.
MOST_COMMANDS = 2 * MOST_CHANNELS
#: Publications in one page of history.
MOST_HISTORY = 300
#: Bit 2 of a subscription's flags (centrifugal/centrifuge: reject unrecovered).
REJECT_UNRECOVERED = 2


@dataclass(frozen=True, slots=True)
class Closing:
    """Why a connection is closed. 3000–3499: come back; 3500–3999: do not (the SDKs obey)."""

    code: int
    reason: str


SHUTDOWN = Closing(3001, "shutdown")
SERVER_ERROR = Closing(3004, "server error")
SLOW = Closing(3008, "slow")
#: The SDKs come back, and are told that they must start from the snapshot.
INSUFFICIENT = Closing(3010, "insufficient state")
NO_PONG = Closing(3012, "no pong")
STALE = Closing(3013, "no connect")
BAD_REQUEST = Closing(3501, "bad request")
SESSION_ENDED = Closing(3503, "session ended")
#: A subscription that ended for good: below 2500 the SDKs do not subscribe again.
RIGHT_ENDED = Closing(2103, "right ended")
#: From 2500 on they do: and are told, then, that they must start from the snapshot.
CUT_OFF = Closing(2500, "insufficient state")


@dataclass(frozen=True, slots=True)
class Authenticate:
    to: int
    ticket: str
    #: Where the client stood in the streams that the server subscribes for it.
    places: dict[Channel, Place]


@dataclass(frozen=True, slots=True)
class Subscribe:
    to: int
    channel: Channel
    since: Place | None
    #: Refuse, rather than answer that recovery was not possible.
    whole: bool = False


@dataclass(frozen=True, slots=True)
class Unsubscribe:
    to: int
    channel: Channel


@dataclass(frozen=True, slots=True)
class Publish:
    to: int
    channel: Channel
    data: bytes


@dataclass(frozen=True, slots=True)
class ShowPresence:
    to: int
    channel: Channel
    count_only: bool


@dataclass(frozen=True, slots=True)
class ShowHistory:
    to: int
    channel: Channel
    limit: int
    since: Place | None
    reverse: bool


@dataclass(frozen=True, slots=True)
class Call:
    to: int
    method: str
    data: bytes


@dataclass(frozen=True, slots=True)
class Hear:
    """A message that wants no answer."""

    data: bytes


@dataclass(frozen=True, slots=True)
class Refresh:
    to: int
    ticket: str


@dataclass(frozen=True, slots=True)
class Answer:
    reply: wire.Reply


@dataclass(frozen=True, slots=True)
class Close:
    why: Closing


#: What is asked by somebody we know.
Request = Subscribe | Unsubscribe | Publish | ShowPresence | ShowHistory | Call | Hear | Refresh
Effect = Request | Authenticate | Answer | Close


class State(Enum):
    GREETING = auto()
    CONNECTING = auto()
    OPEN = auto()
    CLOSED = auto()


class Session:
    __slots__ = ("_channels", "_state", "home", "pong_due")

    def __init__(self) -> None:
        self._state = State.GREETING
        self._channels: set[Channel] = set()
        #: The channel that the server subscribes; known once open.
        self.home: Channel | None = None
        #: Whether a ping of ours has not been answered yet.
        self.pong_due = False

    @property
    def state(self) -> State:
        return self._state

    @property
    def channels(self) -> frozenset[Channel]:
        """What is subscribed, or being subscribed."""
        return frozenset(self._channels)

    def listens(self, channel: Channel) -> bool:
        """Whether it is still wanted, by somebody who is still there."""
        return channel in self._channels and self._state is State.OPEN

    def opened(self, channel: Channel) -> None:
        """The ticket was good; ``channel`` is the one that the server subscribes."""
        self._state = State.OPEN
        self.home = channel
        self._channels.add(channel)

    def claim(self, channel: Channel) -> None:
        """A subscription is being carried out: from now on it may be dropped.

        Not when it is received: an SDK may send unsubscribe and subscribe in one message.
        """
        if channel in self._channels:
            raise AlreadySubscribed
        if len(self._channels) >= MOST_CHANNELS:
            raise LimitExceeded
        self._channels.add(channel)

    def refused(self) -> None:
        """The ticket was not good: the client may try another on the same connection."""
        if self._state is State.CONNECTING:
            self._state = State.GREETING

    def dropped(self, channel: Channel) -> bool:
        """Forget a subscription that failed or ended; False when there was none."""
        if channel not in self._channels:
            return False
        self._channels.remove(channel)
        return True

    def closed(self) -> None:
        self._state = State.CLOSED

    def hears(self, message: bytes) -> bytes | None:
        """What a message says that wants no answer, if it says nothing else: the short way.

        ``None`` says nothing about the message but that it has to be received.
        """
        return wire.sent(message) if self._state is State.OPEN else None

    def receive(self, message: bytes) -> list[Effect]:
        """Decide what one incoming message asks for."""
        if self._state is State.CLOSED:
            return []
        if message == wire.PING:
            self.pong_due = False
            return []
        try:
            commands = wire.parse(message)
        except (msgspec.MsgspecError, ValueError, RecursionError):
            return self._close(BAD_REQUEST)
        if len(commands) > MOST_COMMANDS:
            return self._close(BAD_REQUEST)
        effects: list[Effect] = []
        for command in commands:
            try:
                effects += self._decide(command)
            except AppError as error:
                effects.append(Answer(wire.refusal(command.id, error)))
            if effects and isinstance(effects[-1], Close):
                break
        return effects

    def _close(self, why: Closing) -> list[Effect]:
        self._state = State.CLOSED
        return [Close(why)]

    def _decide(self, command: wire.Command) -> list[Effect]:
        if command.send is not None and self._state is not State.GREETING:
            return [Hear(bytes(command.send.data))]
        if command.id == 0:
            if command == wire.Command():
                self.pong_due = False
                return []
            return self._close(BAD_REQUEST)
        if self._state is not State.GREETING:
            # Also before the greeting is answered: npm centrifuge subscribes in the same message.
            return [self._asked(command)]
        if command.connect is not None:
            return self._connect(command.id, command.connect)
        return self._close(BAD_REQUEST)

    def _connect(self, to: int, request: wire.ConnectRequest) -> list[Effect]:
        self._state = State.CONNECTING
        places = {
            Channel(name): Place(sub.epoch, sub.offset)
            for name, sub in request.subs.items()
            if sub.recover
        }
        return [Authenticate(to, request.token, places)]

    def _asked(self, command: wire.Command) -> Effect:
        to = command.id
        if command.subscribe is not None:
            return self._subscribe(to, command.subscribe)
        if command.unsubscribe is not None:
            return Unsubscribe(to, _channel(command.unsubscribe.channel))
        if command.publish is not None:
            data = bytes(command.publish.data)
            if not data:
                raise Malformed
            return Publish(to, _channel(command.publish.channel), data)
        if command.rpc is not None:
            return Call(to, command.rpc.method, bytes(command.rpc.data) or b"{}")
        if command.ping is not None:
            return Answer(wire.Reply(id=to, ping=wire.Empty()))
        if command.history is not None:
            return self._history(to, command.history)
        return self._asked_rarely(command)

    def _asked_rarely(self, command: wire.Command) -> Effect:
        to = command.id
        if command.presence is not None:
            return ShowPresence(to, _channel(command.presence.channel), count_only=False)
        if command.presence_stats is not None:
            return ShowPresence(to, _channel(command.presence_stats.channel), count_only=True)
        if command.refresh is not None:
            return Refresh(to, command.refresh.token)
        if command.sub_refresh is not None:
            # Our subscriptions do not expire: rights that end close them.
            return Answer(wire.Reply(id=to, sub_refresh=wire.RefreshResult()))
        raise Malformed

    def _subscribe(self, to: int, request: wire.SubscribeRequest) -> Effect:
        channel = _channel(request.channel)
        since = Place(request.epoch, request.offset) if request.recover else None
        return Subscribe(to, channel, since, whole=bool(request.flag & REJECT_UNRECOVERED))

    def _history(self, to: int, request: wire.HistoryRequest) -> Effect:
        since = request.since
        place = None if since is None else Place(since.epoch, since.offset)
        # As in Centrifugo: a limit of 0 asks for the place alone, a negative one for all.
        limit = min(request.limit, MOST_HISTORY) if request.limit >= 0 else MOST_HISTORY
        return ShowHistory(to, _channel(request.channel), limit, place, request.reverse)


def _channel(name: str) -> Channel:
    if not name or not name.isprintable():
        raise Malformed
    return Channel(name)
