"""What the OpenAPI document says that each role may be answered, field by field. Pure."""

from collections.abc import Iterator, Mapping
from typing import Any

# Any: a JSON document.
Document = Mapping[str, Any]

#: By these a hotel is found.
STREET = frozenset({"street", "postcode"})
POINT = frozenset({"lat", "lon"})


def answered(document: Document) -> Iterator[tuple[str, frozenset[str], str]]:
    """Each operation, the roles that may ask it, and the name of the schema of its answer."""
    for verbs in document["paths"].values():
        for operation in verbs.values():
            content = operation["responses"].get("200", {}).get("content", {})
            reference = content.get("application/json", {}).get("schema", {}).get("$ref")
            if reference:
                yield (
                    operation["operationId"],
                    frozenset(operation["x-roles"]),
                    reference.rpartition("/")[2],
                )


def fields(document: Document, schema: str) -> set[tuple[str, bool]]:
    """Every field that an answer may hold, however deep, and whether it is in a list."""
    return set(_fields(document, document["components"]["schemas"][schema], False, frozenset()))


def _fields(
    document: Document, part: Document, listed: bool, seen: frozenset[str]
) -> Iterator[tuple[str, bool]]:
    for name, value in part.get("properties", {}).items():
        yield name, listed
        yield from _fields(document, value, listed, seen)
    for inside, many in _inside(part):
        yield from _fields(document, inside, listed or many, seen)
    name = str(part.get("$ref", "")).rpartition("/")[2]
    if name and name not in seen:
        of = document["components"]["schemas"][name]
        yield from _fields(document, of, listed, seen | {name})


def _inside(part: Document) -> Iterator[tuple[Document, bool]]:
    """What a schema is made of, and whether there may be many of it."""
    for key in ("anyOf", "oneOf", "allOf"):
        yield from ((each, False) for each in part.get(key, ()))
    for key in ("items", "additionalProperties"):
        if isinstance(part.get(key), dict):
            yield part[key], True
    yield from ((each, True) for each in part.get("prefixItems", ()))
