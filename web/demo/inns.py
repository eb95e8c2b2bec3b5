"""The hotels of the demo city, and how each of their desks answers. Pure: chance is an argument.

All are invented, and stand where nobody lives. The first is the visitor's: its desk is answered by
hand at `/bureau`, and by itself only when nobody has for a while.
"""

from dataclasses import dataclass
from random import Random

from web.demo.city import Spot
from web.demo.people import around

#: Seconds, medians: how long a night desk takes to look up.
ANSWERS_S, VISITOR_S = 7.0, 75.0


@dataclass(frozen=True, slots=True, kw_only=True)
class Rooms:
    people: int
    cots: int
    usual: int
    euros: int
    accessible: bool = False
    pets: bool = False
    ground_floor: bool = False


@dataclass(frozen=True, slots=True, kw_only=True)
class Inn:
    name: str
    street: str
    at: Spot
    #: Which of the city's communes.
    commune: int
    rooms: tuple[Rooms, ...]
    desk_24h: bool = True
    #: Chances that a room held for somebody is confirmed, and that one asked for is found.
    confirms: float = 0.9
    accepts: float = 0.5


_ONE, _TWO = Rooms(people=1, cots=0, usual=1, euros=42), Rooms(people=2, cots=1, usual=2, euros=55)
_FAMILY = Rooms(people=4, cots=1, usual=1, euros=79, pets=True)
_FLAT = Rooms(people=3, cots=1, usual=1, euros=66, accessible=True, ground_floor=True)

INNS = (
    Inn(
        name="Hôtel de la Place",
        street="1 place de l’Entraide",
        at=Spot(120.0, 60.0),
        commune=0,
        rooms=(_TWO, _FAMILY, _FLAT),
        confirms=1.0,
    ),
    Inn(
        name="Hôtel du Pont",
        street="12 quai des Voisines",
        at=Spot(-640.0, 310.0),
        commune=0,
        rooms=(_ONE, _TWO),
    ),
    Inn(
        name="La Lanterne",
        street="4 rue de la Lampe",
        at=Spot(880.0, -420.0),
        commune=0,
        rooms=(_TWO, _FAMILY),
        confirms=0.75,
    ),
    Inn(
        name="Hôtel des Tilleuls",
        street="27 allée des Tilleuls",
        at=Spot(-300.0, -900.0),
        commune=0,
        rooms=(_TWO,),
        desk_24h=False,
    ),
    Inn(
        name="L’Étape",
        street="8 rue du Relais",
        at=Spot(1050.0, 700.0),
        commune=0,
        rooms=(_ONE, _FLAT),
        accepts=0.8,
    ),
    Inn(
        name="Hôtel des Hauts",
        street="3 chemin de Veille",
        at=Spot(5150.0, 4000.0),
        commune=1,
        rooms=(_TWO, _FAMILY),
    ),
    Inn(
        name="Auberge du Recours",
        street="15 grande rue",
        at=Spot(-3850.0, 1750.0),
        commune=2,
        rooms=(_TWO, _FAMILY),
        accepts=0.7,
    ),
    Inn(
        name="Hôtel du Moulin",
        street="2 rue du Moulin",
        at=Spot(2350.0, -3550.0),
        commune=3,
        rooms=(_FAMILY,),
    ),
    Inn(
        name="Les Trois Clés",
        street="33 rue des Portes",
        at=Spot(-2150.0, -3050.0),
        commune=4,
        rooms=(_ONE, _TWO),
        confirms=0.6,
    ),
    Inn(
        name="Le Mont",
        street="1 montée Solidaire",
        at=Spot(4650.0, -880.0),
        commune=6,
        rooms=(_FLAT, _FAMILY),
        desk_24h=False,
    ),
)


def hotel_id(number: int) -> str:
    """The same at each start: an installation that has them is not given them twice."""
    return f"demo-hotel-{number}"


def answers_after(number: int, random: Random) -> float:
    """Seconds until a desk looks; the visitor's waits for the visitor."""
    return around(VISITOR_S if number == 0 else ANSWERS_S, 0.3, random)


def confirms(inn: Inn, random: Random) -> bool:
    return random.random() < inn.confirms


def accepts(inn: Inn, random: Random) -> bool:
    return random.random() < inn.accepts
