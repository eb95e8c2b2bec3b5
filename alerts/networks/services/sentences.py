"""What travellers are told: neutral sentences, and never why. Pure.

Nobody writes a text of their own: a name, a description, a rumour would be published with it.
"""

from collections.abc import Mapping
from dataclasses import dataclass

from alerts.networks.messages import Text

FRENCH, ENGLISH = "fr", "en"
LANGUAGES = (FRENCH, ENGLISH)


@dataclass(frozen=True, slots=True)
class Sentence:
    fr: str
    en: str

    def in_(self, language: str) -> str:
        return self.en if language == ENGLISH else self.fr


SENTENCES: Mapping[Text, Sentence] = {
    "disturbed": Sentence("Trafic perturbé", "Service disrupted"),
    "delayed": Sentence("Retards à prévoir", "Expect delays"),
    "slowed": Sentence("Circulation ralentie", "Slow service"),
    "interrupted": Sentence("Trafic interrompu", "Service suspended"),
    "stop_closed": Sentence("Arrêt non desservi", "Stop not served"),
}
EVENT = Sentence("Information trafic", "Service information")
LINE = Sentence("ligne {line}", "line {line}")
STOP = Sentence("arrêt {stop}", "stop {stop}")
OVER = Sentence("Fin de l’information : ", "No longer current: ")
SOURCE = Sentence(
    "Information donnée à la demande du réseau.", "Told at the request of the network."
)


def headline(text: Text, language: str, *, line: str, stop: str) -> str:
    """A sentence, and where.

    >>> headline("delayed", "en", line="T1", stop="")
    'Expect delays, line T1'
    >>> headline("stop_closed", "fr", line="T1", stop="Gare")
    'Arrêt non desservi, ligne T1, arrêt Gare'
    """
    return ", ".join([SENTENCES[text].in_(language), *_where(language, line=line, stop=stop)])


def where(language: str, *, line: str, stop: str, network: str) -> str:
    """The same without the sentence; the network, when nothing more is known."""
    return ", ".join(_where(language, line=line, stop=stop)) or network


def _where(language: str, *, line: str, stop: str) -> list[str]:
    found = []
    if line:
        found.append(LINE.in_(language).format(line=line))
    if stop:
        found.append(STOP.in_(language).format(stop=stop))
    return found
