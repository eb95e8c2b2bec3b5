"""Every number about reaching helpers, and the two decisions made with them. Pure."""

from collections.abc import Iterable
from datetime import datetime, timedelta

from matching.dispatch.incident import Offer, OfferState
from realtime.push.policy import Outcome, Verdict

#: Devices of one person; another one replaces the one longest unseen.
DEVICES_MOST = 5
#: A page that is open says "received" by itself in that time; else her phone is woken too.
RECEIPT_WITHIN = timedelta(seconds=4)
#: No receipt by then: the second channel.
SMS_AFTER = timedelta(seconds=15)
#: An offer that no phone has received for so long is not worth waking anybody for.
GIVE_UP = timedelta(minutes=3)
#: A device whose page has not been opened for so long has no session any more: it is not woken.
SEEN_WITHIN = timedelta(days=90)
#: People whose phones are being woken at once on a node: the task runner has 64 places, and a push
#: service that hangs must leave some for dispatch. The others wait a second in the table.
WOKEN_AT_ONCE = 24
#: What became of pushes is counted over that long, then forgotten.
COUNTED = timedelta(hours=24)
TIDY_EVERY = timedelta(minutes=10)
#: Rows forgotten in one transaction: everybody's commits wait meanwhile.
TIDIED_AT_ONCE = 1000
#: Hosts named on the operators' board, those in trouble first.
HOSTS_SHOWN = 20


def unheard(offer: Offer, now: datetime) -> bool:
    """Whether an offer waits for a phone to say that it has it, and is worth waking one for."""
    return offer.state is OfferState.OFFERED and now - offer.asked_at < GIVE_UP


def again_after(outcomes: Iterable[Outcome]) -> timedelta | None:
    """How long to wait before waking the same devices again.

    None: one of the services has taken it, or it would not help.
    """
    waits = []
    for outcome in outcomes:
        if outcome.verdict is Verdict.SENT:
            return None
        if outcome.again:
            waits.append(outcome.wait)
    return min(waits, default=None)
