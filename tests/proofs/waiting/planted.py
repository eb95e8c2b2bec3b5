"""A queue that is never empty of danger: whether somebody without it ever gets her turn."""

from datetime import timedelta
from random import Random

from matching.helpline.order import rank
from matching.helpline.rules import HEAD_START, ORANGE
from tests.proofs.waiting.policies import MIDNIGHT

#: One operator who is free each minute, and one in danger who comes each minute.
MINUTES = 600


def starved(*, ageing: bool, seed: int) -> bool:
    """Whether she, who came first, is still there when the others have been answered for hours."""
    chance = Random(seed)
    waiting = [(_rank(0, 0, ageing=ageing), "she")]
    for minute in range(MINUTES):
        level = ORANGE if chance.random() < 0.98 else 2
        waiting.append((_rank(minute, level, ageing=ageing), f"other {minute}"))
        waiting.sort()
        if waiting.pop(0)[1] == "she":
            return minute > HEAD_START[-1] / timedelta(minutes=1) + 1
    return True


def _rank(minute: int, level: int, *, ageing: bool) -> float:
    at = MIDNIGHT + timedelta(minutes=minute)
    if ageing:
        return (rank(at, level) - MIDNIGHT).total_seconds()
    # Planted: risk alone, whatever she has waited.
    return -level * 1e9 + minute
