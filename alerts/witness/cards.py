"""What those who come may do: the five parts, the best first, in fitting words. Pure.

After Stand Up's five D (Distract, Delegate, Document, Direct, Delay), with what features.md 9 adds:
never alone, never film her face, nobody confronts who is violent. Answered are keys of sentences;
the sentences are in the catalogues.
"""

from dataclasses import dataclass
from datetime import datetime

from alerts.witness.messages import Advice
from alerts.witness.rules import NIGHT_FROM, NIGHT_UNTIL
from alerts.witness.values import Kind, Role
from matching.helpers.quiet import PARIS

#: Words that stay as they are whatever happens.
SIT, DRIVER = "card.sit", "card.driver"
DRIVER_NIGHT = "card.driver_night"
DISTRACT, DISTRACT_FOLLOWED = "card.distract", "card.distract_followed"
DISTRACT_TOGETHER = "card.distract_together"
CALL, CALL_NOW = "card.call", "card.call_now"
DOCUMENT, DOCUMENT_CROWDED = "card.document", "card.document_crowded"
SIT_TOGETHER = "card.sit_together"

#: Nobody steps between: the number first, and the driver.
VIOLENT = frozenset({Kind.PHYSICAL, Kind.SEXUAL})


@dataclass(frozen=True, slots=True, kw_only=True)
class Situation:
    kind: Kind
    #: Many are there, as far as is known.
    crowded: bool = False
    #: Nobody else of those who were told has come.
    alone: bool = True
    night: bool = False


def is_night(now: datetime) -> bool:
    """Night on the wall clock of Paris."""
    hour = now.astimezone(PARIS).hour
    return hour >= NIGHT_FROM or hour < NIGHT_UNTIL


def card(situation: Situation) -> list[Advice]:
    """The parts that are advised, the best first.

    Alone before violence, one calls and tells the driver, and does not distract.
    """
    violent, alone = situation.kind in VIOLENT, situation.alone
    call = Advice(Role.CALL, CALL_NOW if violent else CALL)
    driver = Advice(Role.DRIVER, DRIVER_NIGHT if situation.night else DRIVER)
    sit = Advice(Role.SIT, SIT if alone else SIT_TOGETHER)
    document = Advice(Role.DOCUMENT, DOCUMENT_CROWDED if situation.crowded else DOCUMENT)
    distract = Advice(Role.DISTRACT, _distraction(situation))
    if violent and alone:
        return [call, driver, sit, document]
    if violent:
        return [call, driver, distract, sit, document]
    if situation.kind is Kind.FOLLOWED:
        return [sit, distract, driver, call, document]
    return [distract, sit, call, driver, document]


def _distraction(situation: Situation) -> str:
    if situation.kind is Kind.FOLLOWED:
        return DISTRACT_FOLLOWED
    return DISTRACT if situation.alone else DISTRACT_TOGETHER
