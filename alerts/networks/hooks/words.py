"""What a network reads of an event, in French and in English. Pure.

Facts and where, nothing of who: no description of anybody ever goes out.
"""

from collections.abc import Mapping
from dataclasses import dataclass

from alerts.networks.values import Kind, Outcome


@dataclass(frozen=True, slots=True, kw_only=True)
class Words:
    language: str
    kinds: Mapping[Kind, str]
    outcomes: Mapping[Outcome, str]
    exercise: str
    restriction: str
    direction: str
    stop: str
    car: str
    began: str
    confirmed: str
    unconfirmed: str
    instruction: str
    over: str
    comma: str = ", "


FRENCH = Words(
    language="fr-FR",
    kinds={
        "verbal": "Harcèlement verbal signalé",
        "physical": "Violence physique signalée",
        "sexual": "Agression sexuelle signalée",
        "followed": "Personne suivie",
        "other": "Situation inquiétante signalée",
    },
    outcomes={
        "helped": "Des personnes formées sont intervenues.",
        "agents": "Des agents sont intervenus.",
        "gone": "La situation est terminée.",
        "nothing_seen": "Rien n’a été constaté sur place.",
        "false_alarm": "Le signalement était une erreur.",
        "cancelled": "Le signalement a été retiré.",
        "expired": "Plus rien n’a été signalé.",
    },
    exercise="EXERCICE, aucune intervention : ",
    restriction="Exploitation et sûreté du réseau {network} ; ne pas publier ni annoncer.",
    direction="{line} vers {headsign}",
    stop="arrêt {stop}",
    car="voiture {car}",
    began="Signalé à {hour} par des voyageurs.",
    confirmed="Confirmé par une personne formée, sur place.",
    unconfirmed="Non confirmé.",
    instruction="Aucune annonce sonore à bord ni à quai : l’agresseur l’entendrait.",
    over="Terminé : ",
)
ENGLISH = Words(
    language="en-GB",
    kinds={
        "verbal": "Verbal harassment reported",
        "physical": "Physical violence reported",
        "sexual": "Sexual assault reported",
        "followed": "Somebody is being followed",
        "other": "Worrying situation reported",
    },
    outcomes={
        "helped": "Trained people have stepped in.",
        "agents": "Staff have stepped in.",
        "gone": "The situation is over.",
        "nothing_seen": "Nothing was found on the spot.",
        "false_alarm": "The report was a mistake.",
        "cancelled": "The report was withdrawn.",
        "expired": "Nothing more was reported.",
    },
    exercise="EXERCISE, do not respond: ",
    restriction="Operations and security of {network}; do not publish or announce.",
    direction="{line} towards {headsign}",
    stop="stop {stop}",
    car="car {car}",
    began="Reported at {hour} by passengers.",
    confirmed="Confirmed on the spot by a trained person.",
    unconfirmed="Not confirmed.",
    instruction="No announcement on board or on the platform: the aggressor would hear it.",
    over="Over: ",
)
LANGUAGES = (FRENCH, ENGLISH)
