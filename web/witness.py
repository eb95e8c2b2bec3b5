"""Witnesses in transport, joined with the rest; and what is kept of where a report came from."""

import hashlib
import hmac
from datetime import datetime
from functools import partial

from alerts.witness.service import Witness
from alerts.witness.values import Standing
from geo.transit.values import LineId
from matching.helpers.quiet import PARIS
from matching.reach.service import Reach
from programmes.campaign.values import Drill
from realtime.kernel.errors import NotFound
from realtime.kernel.ids import PersonId
from realtime.ledger import Reading, Transaction
from web.campaign import Campaign
from web.observe import Metrics

_CHARACTERS = 16


class Whence:
    """What stands for an address: another word each day, which nobody can make but us."""

    def __init__(self, key: bytes) -> None:
        self._key = key

    def of(self, network: str, now: datetime) -> str:
        """Empty where no address is known: on a socket."""
        if not network:
            return ""
        day = now.astimezone(PARIS).date().isoformat()
        mark = hmac.new(self._key, f"{day} {network}".encode(), hashlib.sha256)
        return mark.hexdigest()[:_CHARACTERS]


class Seen:
    """What has happened here since the start: numbers, of nobody and nowhere."""

    def __init__(self, witness: Witness) -> None:
        self.reports = dict.fromkeys(Standing, 0)
        self.told = 0
        self.events = 0
        self.slowest_s = 0.0
        witness.reported = self._reported
        witness.asked = self._asked

    def show(self, metrics: Metrics) -> None:
        metrics.watch(
            {
                "witness_first_told_seconds": (
                    "Longest wait from a report to the first who was told, since the last look",
                    self._slowest,
                )
            }
        )
        metrics.count(
            {
                "witness_told": ("Vetted people told of events in transport", lambda: self.told),
                "witness_carried": ("Events of which somebody was told", lambda: self.events),
                **{
                    f"witness_reports_{it}": (
                        f"Reports of events whose best account is {it}",
                        partial(self.reports.__getitem__, it),
                    )
                    for it in Standing
                },
            }
        )

    def _reported(self, standing: str) -> None:
        self.reports[Standing(standing)] += 1

    def _asked(self, seconds: float, people: int, first: bool) -> None:
        self.told += people
        if first:
            self.events += 1
            self.slowest_s = max(self.slowest_s, seconds)

    def _slowest(self) -> float:
        worst, self.slowest_s = self.slowest_s, 0.0
        return worst


class Exercises:
    """Keeps the promises of ``programmes.campaign.ports.Witnesses``."""

    def __init__(self, witness: Witness) -> None:
        self._witness = witness

    async def drill(self, tx: Transaction, line: str, direction: int, *, actor: str) -> str:
        return await self._witness.drill(tx, LineId(line), direction, actor=PersonId(actor))

    async def drilled(self, reading: Reading, alert: str) -> Drill | None:
        try:
            found = await self._witness.drilled(reading, alert)
        except NotFound:
            return None
        return Drill(
            delivered=found.delivered,
            seen=found.seen,
            claimed=found.claimed,
            first_claim_s=found.first_claim_s,
        )


def join_witness(witness: Witness, reach: Reach, campaign: Campaign) -> None:
    """Phones are woken for events too, and a poster's code counts."""
    witness.coded = campaign.counting.reported
    reach.heeds.append(witness.waits)
