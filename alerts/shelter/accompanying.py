"""What a worker has asked for others, as her page shows it: hers alone, open or just over."""

import msgspec

from alerts.shelter import store
from alerts.shelter.board import lined
from alerts.shelter.messages import AskedNeeds, BoardFollowUp
from alerts.shelter.need import Needs
from alerts.shelter.rules import MINE_FOLLOWUPS, MINE_NEEDS
from matching.shelter.rules import SHRED_AFTER
from realtime.channels import own_channel
from realtime.kernel.ids import PersonId
from realtime.ledger import Reading


class Accompanying:
    def __init__(self, needs: Needs) -> None:
        self._needs = needs

    async def mine(self, reading: Reading, worker: PersonId) -> AskedNeeds:
        """The snapshot of her ``me:#``; the ladder is the operators' to climb."""
        place = await reading.place(own_channel(worker))
        since = reading.now - SHRED_AFTER
        found = await store.asked_by(reading.db, worker, since, MINE_NEEDS)
        return AskedNeeds(
            needs=[
                msgspec.structs.replace(it, escalation=None)
                for it in await lined(self._needs, reading, found)
            ],
            followups=[
                BoardFollowUp(hold=it.hold, need=it.need, day=it.day, at=it.at)
                for it in await store.followups_of(reading.db, worker, MINE_FOLLOWUPS)
            ],
            epoch=place.epoch,
            offset=place.offset,
        )
