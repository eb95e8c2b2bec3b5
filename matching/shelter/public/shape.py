"""What is kept of a household that found no room: one of four words. Pure."""

from typing import Literal, get_args

from matching.shelter.values import Household

Shape = Literal["alone", "adults", "children", "many_children"]
SHAPES: tuple[Shape, ...] = get_args(Shape)
#: Why she has no room: said when a need is closed (``shelter.close``).
Reason = Literal["full", "too_near", "too_far", "no_fit", "cost", "other"]
REASONS: tuple[Reason, ...] = get_args(Reason)
OTHER: Reason = "other"
#: More children than this are many: few kinds of room take them.
FEW = 2


def shape_of(household: Household) -> Shape:
    """Coarse on purpose: ages, pets and a wheelchair would make of a household somebody.

    >>> shape_of(Household(adults=1)), shape_of(Household(adults=1, children=(3, 7, 9)))
    ('alone', 'many_children')
    """
    if len(household.children) > FEW:
        return "many_children"
    if household.children:
        return "children"
    return "alone" if household.adults == 1 else "adults"
