"""Networks as the project knows them, until an installation says otherwise.

3117 and 31177 are RATP's and SNCF's, by night and by day, and reach their own security; descending
between two stops after 22:00 is Île-de-France's buses' (`features.md`, 9). Elsewhere: the police.
"""

from collections.abc import Mapping
from pathlib import Path

import msgspec

from alerts.networks.messages import NetworkView


def read() -> Mapping[str, NetworkView]:
    """By network. It waits for the disk."""
    data = Path(__file__).with_name("ours.json").read_bytes()
    found = msgspec.json.decode(data, type=list[NetworkView])
    return {it.network: it for it in found}
