"""Why a message or a feed was not taken: reasons that stay the same, for counts and for people."""

from enum import StrEnum


class Reason(StrEnum):
    #: More bytes than are read.
    TOO_LARGE = "too_large"
    #: Not well-formed, or in an encoding that nobody knows.
    NOT_XML = "not_xml"
    #: A document type, an entity, something outside: never needed, and how parsers are attacked.
    FORBIDDEN_XML = "forbidden_xml"
    TOO_DEEP = "too_deep"
    TOO_MANY = "too_many"
    #: Another document than was asked for.
    NOT_CAP = "not_cap"
    NOT_A_FEED = "not_a_feed"
    #: An element that must be there is not.
    MISSING = "missing"
    #: An element that may be there once is there twice.
    TWICE = "twice"
    #: An element that nobody knows, or that is not where it belongs.
    UNEXPECTED = "unexpected"
    #: An element that must say something says nothing.
    EMPTY = "empty"
    #: Not one of the words of the list.
    UNKNOWN_WORD = "unknown_word"
    #: Spaces, commas, ``<`` or ``&`` in a name.
    BAD_NAME = "bad_name"
    #: Without a zone, with ``Z``, or no moment at all.
    BAD_TIME = "bad_time"
    BAD_NUMBER = "bad_number"
    BAD_AREA = "bad_area"
    BAD_REFERENCE = "bad_reference"
    #: What is restricted says to whom, and what is private too.
    NO_RESTRICTION = "no_restriction"
    NO_ADDRESSES = "no_addresses"
    #: It changes or ends an earlier one, and does not say which.
    NO_REFERENCES = "no_references"


class Refused(Exception):
    """A document that is not taken; ``where`` is an element's name, never its text."""

    def __init__(self, reason: Reason, where: str = "") -> None:
        super().__init__(f"{reason} {where}".strip())
        self.reason = reason
        self.where = where
