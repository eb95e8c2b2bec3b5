"""What a hotel calls her: an invented first name and initial, and a word both sides know. Pure.

The names are those of no one in particular: they are common, and say nothing of who hides behind
one. Chance is an argument: ``random.SystemRandom`` where it matters.
"""

from collections.abc import Collection, Sequence
from random import Random
from typing import NamedTuple

#: Common in every generation, and easy to say on the telephone.
FIRST_NAMES = (
    "Agathe", "Alice", "Amina", "Anaïs", "Andrea", "Anna", "Audrey", "Camille", "Carla", "Céline",
    "Chloé", "Claire", "Clara", "Claude", "Dominique", "Elena", "Élise", "Emma", "Estelle", "Éva",
    "Fanny", "Flora", "Gaëlle", "Hélène", "Inès", "Irène", "Iris", "Jeanne", "Julia", "Julie",
    "Karine", "Laura", "Léa", "Leïla", "Lina", "Lisa", "Louise", "Lucie", "Maria", "Marie",
    "Marine", "Mathilde", "Mila", "Nadia", "Nina", "Nora", "Olga", "Pauline", "Rachel", "Rita",
    "Rose", "Sacha", "Salma", "Sara", "Sofia", "Sonia", "Sylvie", "Vera", "Yasmine", "Zoé",
)  # fmt: skip
#: Without those that are misheard for one another.
INITIALS = "ABCDFGHJKLMPRSTVZ"
NAMES = tuple(f"{first} {initial}." for first in FIRST_NAMES for initial in INITIALS)
#: Said at the desk: things that are in no room and offend nobody.
WORDS = (
    "abeille", "abricot", "acacia", "ancre", "aquarelle", "arbre", "automne", "avoine", "balcon",
    "bambou", "barque", "basilic", "berger", "bouleau", "boussole", "brume", "cabane", "cactus",
    "canard", "cannelle", "caravane", "cascade", "castor", "cerise", "chêne", "cigale", "citron",
    "colline", "corail", "coton", "cuivre", "dauphin", "delta", "dune", "écharpe", "écluse",
    "étoile", "falaise", "figue", "flûte", "forêt", "fougère", "galet", "girafe", "glacier",
    "grenier", "harpe", "hibou", "horizon", "iris", "ivoire", "jardin", "jasmin", "lagune",
    "lanterne", "lavande", "lierre", "lilas", "loutre", "mangue", "marée", "mélodie", "menthe",
    "mimosa", "moulin", "muguet", "nacre", "nénuphar", "noisette", "nuage", "océan", "olive",
    "orange", "orchidée", "osier", "palmier", "panda", "parasol", "pêche", "phare", "piano",
    "pinède", "plume", "pollen", "prairie", "prune", "radeau", "renard", "rivière", "romarin",
    "roseau", "sable", "safran", "sapin", "saule", "tilleul", "topaze", "tortue", "tulipe",
    "vallée", "vanille", "verger", "violon", "voile", "zèbre",
)  # fmt: skip
CODE_FIGURES = 6


class Alias(NamedTuple):
    name: str
    word: str


def invent(taken: Collection[Alias], chance: Random) -> Alias:
    """One whose name and whose word are those of nobody alive in the same hotel.

    >>> one = invent([], Random(1))
    >>> two = invent([one], Random(1))
    >>> one.name != two.name and one.word != two.word
    True
    """
    return Alias(
        _other(NAMES, {it.name for it in taken}, chance),
        _other(WORDS, {it.word for it in taken}, chance),
    )


def arrival_code(chance: Random) -> str:
    """What she says at the desk: six figures.

    >>> len(arrival_code(Random(1)))
    6
    """
    return f"{chance.randrange(10**CODE_FIGURES):0{CODE_FIGURES}}"


def _other(given: Sequence[str], taken: Collection[str], chance: Random) -> str:
    """One at random that is not taken; when all are, with a number behind it."""
    number = 1
    while not (left := [it for it in _numbered(given, number) if it not in taken]):
        number += 1
    return chance.choice(left)


def _numbered(given: Sequence[str], number: int) -> Sequence[str]:
    return given if number == 1 else [f"{it} {number}" for it in given]
