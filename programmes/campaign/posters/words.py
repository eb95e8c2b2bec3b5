"""What posters say, in both languages. Pure.

Written for whoever is afraid, for whoever sees it happen, and for whoever causes it and reads over
their shoulder: it says what can be done, never to whom something is done. No figure that says how
many do nothing: it would teach that this is usual.
"""

from collections.abc import Mapping
from dataclasses import dataclass

from programmes.campaign.values import Language

#: No line is broken there.
_N = "\u00a0"


@dataclass(frozen=True, slots=True, kw_only=True)
class Thing:
    """One of five things that anyone can do."""

    name: str
    how: str
    #: For a sticker.
    short: str


@dataclass(frozen=True, slots=True, kw_only=True)
class Phrases:
    calm: str
    calm_more: str
    line: str
    #: Where no line is known.
    line_venue: str
    line_more: str
    here: str
    together: str
    figures: tuple[tuple[str, str], ...]
    things: tuple[Thing, ...]
    steps: tuple[str, ...]
    #: Where no line is known, the last step.
    last_here: str
    scan: str
    typed: str
    quiet: str
    #: What a number is for: danger, without a word, on this network, the same by text.
    danger: str
    silent: str
    network: str
    network_sms: str
    towards: str


FR = Phrases(
    calm=f"Ça ne va pas{_N}?\nOn est là.",
    calm_more="Pour vous, ou pour quelqu’un près de vous.",
    line="Sur la ligne {line},\npersonne n’est seul.",
    line_venue="Ici,\npersonne n’est seul.",
    line_more="Quelque chose vous gêne, ou gêne quelqu’un près de vous"
    f"{_N}: dites-le en trois gestes.",
    here="Vous êtes ici",
    together="Ensemble,\non peut aider.",
    figures=(
        ("3", "gestes pour le dire"),
        ("5", "façons d’aider"),
        ("0", "nom demandé"),
    ),
    things=(
        Thing(
            name="Distraire",
            how="Demandez l’heure, le chemin. Asseyez-vous à côté.",
            short="demander l’heure",
        ),
        Thing(
            name="Déléguer",
            how="Prévenez le conducteur, un agent, ou appelez.",
            short="prévenir un agent",
        ),
        Thing(
            name="Documenter",
            how="Notez la ligne, la voiture, l’heure. Pas de visage filmé.",
            short="noter la voiture, l’heure",
        ),
        Thing(
            name="Dire stop",
            how=f"Si c’est sans risque, calmement{_N}: «{_N}Ça suffit.{_N}»",
            short="si c’est sans risque",
        ),
        Thing(
            name="Dialoguer",
            how=f"Après{_N}: «{_N}Ça va{_N}? Je reste avec vous{_N}?{_N}»",
            short=f"«{_N}Ça va{_N}?{_N}»",
        ),
    ),
    steps=(
        "Scannez, ou tapez l’adresse.",
        "Dites ce qui se passe. Sans nom, sans bruit.",
        "Des personnes de confiance, à bord et aux arrêts suivants, sont prévenues.",
    ),
    last_here="Des personnes de confiance, près d’ici, sont prévenues.",
    scan="Scannez-moi",
    typed="ou tapez",
    quiet="Sans nom, sans bruit.",
    danger="Danger immédiat",
    silent="par SMS, sans parler",
    network="Sur ce réseau",
    network_sms="par SMS",
    towards="vers {headsign}",
)

EN = Phrases(
    calm="Not okay?\nWe are here.",
    calm_more="For you, or for someone near you.",
    line="On the {line},\nno one is alone.",
    line_venue="Here,\nno one is alone.",
    line_more="If something troubles you, or someone near you: say so in three taps.",
    here="You are here",
    together="Together,\nwe can help.",
    figures=(
        ("3", "taps to say it"),
        ("5", "ways to help"),
        ("0", "names asked"),
    ),
    things=(
        Thing(
            name="Distract",
            how="Ask the time, or the way. Sit next to them.",
            short="ask the time",
        ),
        Thing(
            name="Delegate",
            how="Tell the driver or an agent, or call.",
            short="tell an agent",
        ),
        Thing(
            name="Document",
            how="Note the line, the car, the time. Film no face.",
            short="note the car, the time",
        ),
        Thing(
            name="Say stop",
            how="If it is safe, calmly: “That is enough.”",
            short="if it is safe",
        ),
        Thing(
            name="Check in",
            how="Afterwards: “Are you all right? Shall I stay?”",
            short="“Are you all right?”",
        ),
    ),
    steps=(
        "Scan, or type the address.",
        "Say what is happening. No name, no sound.",
        "People we trust, on board and at the next stops, are told.",
    ),
    last_here="People we trust, near here, are told.",
    scan="Scan me",
    typed="or type",
    quiet="No name, no sound.",
    danger="Immediate danger",
    silent="by text, without speaking",
    network="On this network",
    network_sms="by text",
    towards="towards {headsign}",
)

PHRASES: Mapping[Language, Phrases] = {Language.FR: FR, Language.EN: EN}
