"""What campaigns need of networks and of witnesses; ``web`` joins them. Of transport: ``lines``.

Numbered promises, tested in ``tests/scenarios/test_campaign_domain.py``.
"""

from typing import Protocol

from programmes.campaign.lines import Numbers
from programmes.campaign.values import Drill
from realtime.ledger import Reading, Transaction


class Networks(Protocol):
    """N3. A network that nobody wrote down has the police's number."""

    async def numbers(self, reading: Reading, network: str | None) -> Numbers: ...


class Witnesses(Protocol):
    """N4. An exercise is marked as one wherever it is told, and reaches whom a report would.

    N5. What became of it grows until it has ended, and is never forgotten before.
    """

    async def drill(self, tx: Transaction, line: str, direction: int, *, actor: str) -> str: ...

    async def drilled(self, reading: Reading, alert: str) -> Drill | None: ...
