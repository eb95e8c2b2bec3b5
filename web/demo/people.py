"""Who lives in the demo city, and how each answers when asked. Pure: chance is an argument.

Delays are log-normal, as people's are: most answer within seconds, a few much later. The medians
aim at what the field reports (``features.md`` 2: ten to fifteen contacts within a minute).
"""

from dataclasses import dataclass
from enum import Enum, auto
from math import log
from random import Random

#: How many people the city has, and how many of them live far from the visitor.
TOWN, HILLS = 50, 24

#: Seconds, medians over the population; each person has their own around them.
NOTICES_S, ANSWERS_S = 3.0, 5.5
#: Spread of one person's delays around their own median.
SPREAD = 0.45
#: What the network and the phone take before "received" is said.
RECEIVED_S = 0.15

_FIRST_NAMES = (
    "Adèle", "Aïcha", "Alice", "Amina", "Anaïs", "Armelle", "Astrid", "Awa", "Bérénice", "Camille",
    "Capucine", "Charlotte", "Chloé", "Claire", "Diane", "Djamila", "Élise", "Émilie", "Fanny",
    "Fatou", "Flora", "Gaëlle", "Hélène", "Inès", "Iris", "Jeanne", "Judith", "Karim", "Khadija",
    "Laure", "Leïla", "Lina", "Louise", "Lucas", "Maëlle", "Manon", "Margaux", "Mathilde", "Mehdi",
    "Mélanie", "Myriam", "Nadia", "Nina", "Noémie", "Océane", "Olivia", "Pauline", "Rachel",
    "Romane", "Salomé", "Samira", "Sarah", "Simon", "Sofia", "Solène", "Thaïs", "Valentine",
    "Victoire", "Yasmine", "Yuna", "Zoé", "Zohra",
)  # fmt: skip
_INITIALS = "ABCDEFGHJKLMNPRSTV"


class Answer(Enum):
    ACCEPTS = auto()
    DECLINES = auto()
    #: The phone is in a pocket.
    IS_SILENT = auto()


@dataclass(frozen=True, slots=True, kw_only=True)
class Personality:
    name: str
    #: Lives in the hills, where the simulated requests come from; otherwise in town.
    in_hills: bool
    tier: int
    skills: tuple[str, ...]
    languages: tuple[str, ...]
    #: Metres a second.
    pace: float
    #: Chances of each answer to someone near; what is left is silence.
    accepts: float
    declines: float
    #: Medians, in seconds.
    notices_s: float
    answers_s: float
    #: Goes for walks; others stay where they are.
    strolls: bool
    #: On duty for about so long, then off.
    duty_s: float
    rest_s: float


@dataclass(frozen=True, slots=True, kw_only=True)
class Plan:
    """What one person does with one offer. Seconds, each after the one before."""

    received_s: float
    seen_s: float
    answer: Answer
    answered_s: float

    @property
    def total_s(self) -> float:
        return self.received_s + self.seen_s + self.answered_s


def around(median: float, spread: float, random: Random) -> float:
    """One draw of a log-normal delay.

    >>> around(4.0, 0.0, Random(1))
    4.0
    """
    return round(random.lognormvariate(log(median), spread), 3)


def population(random: Random, *, town: int = TOWN, hills: int = HILLS) -> list[Personality]:
    """Everyone, each with a name of their own."""
    names = list(_FIRST_NAMES)
    random.shuffle(names)
    return [
        personality(_name(names, number), random, in_hills=number >= town)
        for number in range(town + hills)
    ]


def _name(names: list[str], number: int) -> str:
    turn, which = divmod(number, len(names))
    initial = _INITIALS[(turn + which) % len(_INITIALS)]
    return f"{names[which]} {initial}."


def personality(name: str, random: Random, *, in_hills: bool = False) -> Personality:
    accepts = random.uniform(0.4, 0.75)
    skills = ["come"]
    if random.random() < 0.45:
        skills.append("call")
    if random.random() < 0.35:
        skills.append("write")
    languages = ["fr"]
    if random.random() < 0.4:
        languages.append(random.choice(["en", "ar", "es", "pt"]))
    return Personality(
        name=name,
        in_hills=in_hills,
        tier=2 if random.random() < 0.4 else 1,
        skills=tuple(skills),
        languages=tuple(languages),
        pace=round(random.uniform(1.1, 1.8), 2),
        accepts=accepts,
        declines=(1 - accepts) * random.uniform(0.4, 0.8),
        notices_s=around(NOTICES_S, 0.3, random),
        answers_s=around(ANSWERS_S, 0.35, random),
        strolls=random.random() < 0.5,
        duty_s=around(25 * 60, 0.5, random),
        rest_s=around(150, 0.4, random),
    )


def plan(person: Personality, random: Random, *, near: bool = True) -> Plan:
    """Decide everything about one offer at once: a driver then only has to wait."""
    # From far away there is less that one can do, and others are asked at the same moment.
    willing = person.accepts if near else person.accepts / 8
    chance = random.random()
    if chance < willing:
        answer = Answer.ACCEPTS
    elif chance < willing + person.declines:
        answer = Answer.DECLINES
    else:
        answer = Answer.IS_SILENT
    return Plan(
        received_s=around(RECEIVED_S, SPREAD, random),
        seen_s=around(person.notices_s, SPREAD, random),
        answer=answer,
        answered_s=around(person.answers_s, SPREAD, random),
    )
