"""She is there: on days 1, 3 and 7 somebody is to ask how she is, and says that it was done."""

from alerts.shelter import store
from alerts.shelter.messages import FollowedUp
from alerts.shelter.pushes import FollowUpDone, QueueFollowUp
from alerts.shelter.rules import asked_after
from alerts.shelter.values import QUEUE, By, FollowUp
from matching.shelter.night import night_of
from matching.shelter.rules import FOLLOW_UP_DAYS
from matching.shelter.values import Hold, HoldId, HoldState
from realtime.channels import own_channel
from realtime.kernel.errors import NotFound
from realtime.kernel.ids import PersonId
from realtime.ledger import Transaction

#: The task; its key is the hold and the day.
FOLLOW_UP = "stay.followup"
#: She came, and may still be there.
CAME = frozenset({HoldState.ARRIVED, HoldState.LEFT})


class Stays:
    def begin(self, tx: Transaction, hold: Hold) -> None:
        came = max(hold.first, night_of(tx.now))
        for day in FOLLOW_UP_DAYS:
            due = asked_after(came, day)
            tx.schedule(FOLLOW_UP, followup_key(hold.hold, day), due=due)

    async def ask(self, tx: Transaction, hold: Hold | None, day: int) -> None:
        """The day has come; told once, whether she has left since or not."""
        if hold is None or hold.state not in CAME:
            return
        need = await store.find(tx.db, hold.need)
        if need is None or not need.asker:
            # Shredded: nobody knows any more whom to ask.
            return
        new = FollowUp(hold=hold.hold, day=day, need=hold.need, at=tx.now)
        if not await store.put_followup(tx.db, new):
            return
        told = QueueFollowUp(hold=new.hold, need=new.need, day=day, at=new.at)
        tx.publish(QUEUE, told)
        if need.by is not By.SELF:
            tx.publish(own_channel(need.asker), told)
        tx.record("clock", "stay.followup", hold.hold)

    async def done(
        self, tx: Transaction, actor: PersonId, hold: HoldId, day: int, *, done: bool
    ) -> FollowedUp:
        if not await store.mark_followup(tx.db, hold, day, tx.now if done else None):
            raise NotFound
        tx.record(actor, "stay.followed" if done else "stay.reopened", hold)
        if done:
            tx.publish(QUEUE, FollowUpDone(hold=hold, day=day))
        return FollowedUp(hold=hold, day=day, done=done)


def followup_key(hold: HoldId, day: int) -> str:
    return f"{hold}:{day}"


def parsed_followup_key(key: str) -> tuple[HoldId, int]:
    """The hold and day of a task.

    >>> parsed_followup_key("h-1:7")
    ('h-1', 7)
    """
    hold, _, day = key.rpartition(":")
    return HoldId(hold), int(day)
