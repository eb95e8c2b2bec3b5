"""Reading an HSDS 3 file: a JSON of services, or a package of tables (a ZIP of CSV files).

Everything here blocks: ``importing.py`` calls it from a thread. A file that is no directory raises;
what is wrong with one service is that service's affair (``hsds.py``).
"""

import csv
import io
import json
import zipfile
from collections import defaultdict
from collections.abc import Iterable, Mapping
from pathlib import Path, PurePosixPath

from geo.errors import FileTooLarge
from geo.places.files import decoded, whole
from matching.helpline.directory.errors import NotDirectory

#: All tables of a package together, opened.
LARGEST = 128 * 1024 * 1024
MOST_ROWS = 200_000
#: Where services are, in what different programs write: HSDS's own pages, and lists of them.
_LISTS = ("contents", "services", "service", "items", "data")
#: Tables, by the names they have in HSDS 3.0 and since 3.1: plural, then singular.
_TABLES = {
    "service": "services",
    "organization": "organizations",
    "phone": "phones",
    "schedule": "schedules",
    "service_area": "service_areas",
    "language": "languages",
    "attribute": "attributes",
    "taxonomy_term": "taxonomy_terms",
    "service_at_location": "service_at_locations",
    "location": "locations",
    "address": "addresses",
}
Record = Mapping[str, object]
_Row = dict[str, str | None]


def services(path: Path) -> list[Record]:
    """Every service of a file, each with what hangs on it."""
    raw = whole(path)
    if zipfile.is_zipfile(io.BytesIO(raw)):
        return _joined(_tables(raw))
    try:
        found = json.loads(decoded(raw))
    except (ValueError, RecursionError) as error:
        raise NotDirectory from error
    return _listed(found)


def _listed(found: object) -> list[Record]:
    if isinstance(found, Mapping):
        lists = [found[name] for name in _LISTS if isinstance(found.get(name), list)]
        found = lists[0] if lists else [found]
    if not isinstance(found, list) or not all(isinstance(it, Mapping) for it in found):
        raise NotDirectory
    if not any("name" in it for it in found):
        raise NotDirectory
    if len(found) > MOST_ROWS:
        raise FileTooLarge
    return found


def _tables(raw: bytes) -> dict[str, list[_Row]]:
    """The tables of a package that we read, by their singular names."""
    try:
        with zipfile.ZipFile(io.BytesIO(raw)) as package:
            return _opened(package)
    except (zipfile.BadZipFile, csv.Error, NotImplementedError, RuntimeError) as error:
        raise NotDirectory from error


def _opened(package: zipfile.ZipFile) -> dict[str, list[_Row]]:
    wanted = {f"{name}.csv": one for one, many in _TABLES.items() for name in (one, many)}
    files = [
        (wanted[PurePosixPath(it.filename).name], it)
        for it in package.infolist()
        if PurePosixPath(it.filename).name in wanted
    ]
    # What a file says of its own size, before a byte of it is opened.
    if sum(it.file_size for _, it in files) > LARGEST:
        raise FileTooLarge
    tables: dict[str, list[_Row]] = {}
    for one, it in files:
        with package.open(it) as file:
            text = decoded(file.read(LARGEST + 1)).removeprefix("\ufeff")
        rows = csv.DictReader(io.StringIO(text, newline=""), strict=True)
        tables[one] = [_cells(row) for row in rows]
        if sum(map(len, tables.values())) > MOST_ROWS:
            raise FileTooLarge
    if "service" not in tables:
        raise NotDirectory
    return tables


def _cells(row: Mapping[str | None, str | list[str] | None]) -> _Row:
    """An empty cell says nothing; what has no column is no cell."""
    return {
        name.strip(): cell
        for name, cell in row.items()
        if name is not None and isinstance(cell, str) and cell.strip()
    }


def _joined(tables: Mapping[str, list[_Row]]) -> list[Record]:
    """Services as JSON has them: tables put back together by their ids."""
    organisations = _by(tables.get("organization", ()), "id")
    places = _places(tables)
    phones = _by(tables.get("phone", ()), "service_id")
    schedules = _by(tables.get("schedule", ()), "service_id")
    areas = _by(tables.get("service_area", ()), "service_id")
    languages = _by(tables.get("language", ()), "service_id")
    attributes = _attributes(tables)
    found: list[Record] = []
    for row in tables["service"]:
        key = row.get("id")
        organisation = organisations.get(row.get("organization_id"), [])
        found.append(
            {
                **row,
                "organization": organisation[0] if organisation else None,
                "phones": phones.get(key),
                "schedules": schedules.get(key),
                "service_areas": areas.get(key),
                "languages": languages.get(key),
                "attributes": attributes.get(key),
                "service_at_locations": places.get(key),
            }
        )
    return found


def _places(tables: Mapping[str, list[_Row]]) -> dict[str | None, list[Record]]:
    addresses = _by(tables.get("address", ()), "location_id")
    phones = _by(tables.get("phone", ()), "service_at_location_id")
    schedules = _by(tables.get("schedule", ()), "service_at_location_id")
    known = _by(tables.get("location", ()), "id")
    found: dict[str | None, list[Record]] = defaultdict(list)
    for row in tables.get("service_at_location", ()):
        here = {
            "location": {"addresses": addresses.get(row.get("location_id"))}
            if row.get("location_id") in known
            else None,
            "phones": phones.get(row.get("id")),
            "schedules": schedules.get(row.get("id")),
        }
        found[row.get("service_id")].append(here)
    return found


def _attributes(tables: Mapping[str, list[_Row]]) -> dict[str | None, list[Record]]:
    terms = _by(tables.get("taxonomy_term", ()), "id")
    found: dict[str | None, list[Record]] = defaultdict(list)
    for row in tables.get("attribute", ()):
        term = terms.get(row.get("taxonomy_term_id"), [])
        found[row.get("link_id")] += [{"taxonomy_term": it} for it in term[:1]]
    return found


def _by(rows: Iterable[_Row], column: str) -> dict[str | None, list[_Row]]:
    """Rows by what a column says; those that say nothing there are left out."""
    found: dict[str | None, list[_Row]] = defaultdict(list)
    for row in rows:
        if column in row:
            found[row[column]].append(row)
    return found
