"""What the simulated people say. Their own words, not the interface's. Pure."""

from random import Random

COMING = (
    "J'arrive, je suis à {metres} mètres.",
    "Je viens vers toi, {minutes}. Je suis là.",
    "J'ai vu ton message, je pars tout de suite.",
    "Tiens bon, j'arrive. Je suis à {metres} mètres.",
)
CALLING = (
    "Je peux rester en ligne avec toi, dis-moi si tu veux qu'on t'appelle.",
    "Je suis loin mais je te lis. Écris-moi si tu veux.",
    "Je ne te lâche pas, je reste là par écrit.",
)
THERE = (
    "Je suis devant la boulangerie, manteau rouge.",
    "Me voilà, je suis à l'angle, sous le lampadaire.",
    "Je suis là, devant l'arrêt de bus, écharpe jaune.",
    "Je te vois, je traverse. On reste ensemble.",
)
ANSWERING = (
    "On t'entend. On arrive à deux.",
    "Reste là où il y a du monde, j'arrive.",
    "D'accord. Tu n'es pas seule.",
)
ASKING = (
    "Merci. Je suis près du square.",
    "Quelqu'un me suit depuis le tram.",
    "Je suis à l'abri dans un hall, je vous attends.",
)
THANKING = (
    "Elles sont là, merci à toutes.",
    "Merci, ça va mieux, je ferme.",
)
#: The operator's, when nobody has accepted yet.
STAYING = (
    "Bonsoir, ici la régulation : je suis là, j'élargis la recherche. En danger immédiat, le 17.",
)


def say(phrases: tuple[str, ...], random: Random, *, metres: float = 0) -> str:
    """One of them, told to the nearest fifty metres.

    >>> say(("À {metres} mètres, {minutes}.",), Random(1), metres=430)
    'À 450 mètres, dans 5 minutes.'
    """
    minutes = max(1, round(metres / 80))
    return random.choice(phrases).format(
        metres=max(50, round(metres / 50) * 50),
        minutes=f"dans {minutes} minute{'s' if minutes > 1 else ''}",
    )
