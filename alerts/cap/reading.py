"""A CAP message as it came, 1.0 to 1.2: a value of ours, or the reason why not. Pure."""

import re
from xml.etree.ElementTree import Element

from alerts.cap import parts
from alerts.cap.parts import Fields
from alerts.cap.refusals import Reason, Refused
from alerts.cap.shape import ALERT, ALERT_V10, V10, VERSIONS
from alerts.cap.times import moment
from alerts.cap.values import Message, Reference
from alerts.cap.xml import local, tree

#: A name of CAP has no space, comma, ``<`` or ``&`` (3.2.1).
_NAME = re.compile(r"[^\s,<&]+\Z")
#: A message of these kinds is about an earlier one.
_ABOUT = frozenset({"Update", "Cancel", "Ack", "Error"})


def read(data: bytes) -> Message:
    """``Refused`` for whatever is not a valid message."""
    return message(tree(data))


def is_alert(root: Element) -> bool:
    return root.tag in {f"{{{version}}}alert" for version in VERSIONS}


def message(root: Element) -> Message:
    """The same of an element, which a feed may hold."""
    if not is_alert(root):
        raise Refused(Reason.NOT_CAP, local(root))
    version = root.tag.removeprefix("{").partition("}")[0]
    found = Fields.of(root, ALERT_V10 if version == V10 else ALERT, version)
    made = Message(
        identifier=_name(found, "identifier"),
        sender=_name(found, "sender"),
        sent=found.sent("sent"),
        status=found.word("status"),  # type: ignore[arg-type]  # one of the list
        kind=found.word("msgType"),  # type: ignore[arg-type]
        scope=found.word("scope"),  # type: ignore[arg-type]
        source=found.text("source"),
        restriction=found.text("restriction"),
        addresses=found.text("addresses"),
        codes=found.texts("code"),
        note=found.text("note"),
        references=_references(found),
        incidents=found.text("incidents"),
        infos=tuple(parts.info(it, version) for it in found.all("info")),
        signed=found.signed,
    )
    _check(made)
    return made


def _check(made: Message) -> None:
    """What the standard says in words, and the schema cannot."""
    if made.scope == "Restricted" and not made.restriction:
        raise Refused(Reason.NO_RESTRICTION, "restriction")
    if made.scope == "Private" and not made.addresses:
        raise Refused(Reason.NO_ADDRESSES, "addresses")
    if made.kind in _ABOUT and not made.references:
        raise Refused(Reason.NO_REFERENCES, "references")


def _name(found: Fields, name: str) -> str:
    text = found.text(name) or ""
    if not _NAME.match(text):
        raise Refused(Reason.BAD_NAME if text else Reason.EMPTY, name)
    return text


def _references(found: Fields) -> tuple[Reference, ...]:
    """Each ``sender,identifier,sent``; an element that names none is a mistake of its sender."""
    if not found.all("references"):
        return ()
    text = found.text("references")
    if text is None:
        raise Refused(Reason.EMPTY, "references")
    return tuple(_reference(each) for each in text.split())


def _reference(text: str) -> Reference:
    said = text.split(",")
    if len(said) != 3 or not all(said):
        raise Refused(Reason.BAD_REFERENCE, "references")
    return Reference(said[0], said[1], moment(said[2], "references"))
