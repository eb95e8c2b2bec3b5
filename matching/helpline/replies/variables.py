"""What a canned reply may leave open: names in braces that the operator fills in. Pure.

There is no variable for a person or a place: what is written in a chat stays on her screen, where
somebody else may read it, and no operator gives a name of theirs.
"""

import re

from matching.helpline.replies.errors import UnknownVariable

#: A telephone number, an hour, a number of minutes, a service of the directory.
VARIABLES = ("numero", "heure", "duree", "service")
_IN_BRACES = re.compile(r"\{([a-z_]*)\}")


def variables_of(text: str) -> list[str]:
    """The variables of a text, in the order in which they first come, or ``UnknownVariable``.

    >>> variables_of("Composez le {numero} avant {heure}, le {numero}.")
    ['numero', 'heure']
    """
    found = list(dict.fromkeys(_IN_BRACES.findall(text)))
    rest = _IN_BRACES.sub("", text)
    if "{" in rest or "}" in rest or not set(found) <= set(VARIABLES):
        raise UnknownVariable
    return found
