"""What the command line does besides serving: imports, tokens, and looking for what is wrong."""

import shutil
import sys
from collections.abc import AsyncGenerator, Generator
from contextlib import contextmanager
from dataclasses import dataclass
from functools import partial
from pathlib import Path

from rich.console import Console
from rich.progress import BarColumn, DownloadColumn, Progress, TextColumn, TimeElapsedColumn

from alerts.cap.errors import NotAWarning
from alerts.networks.warnings.service import Warnings
from geo.places import importers, store
from geo.places.rows import Refusals
from geo.transit import importing as transit
from geo.whereabouts.adapters.memory import MemoryWhereabouts
from matching.helpers.roster import Roster
from matching.helpers.service import Helpers
from matching.helpline.directory import importing as directory
from matching.shelter.inventory import importing
from matching.shelter.inventory.listed import joining
from matching.shelter.inventory.service import Inventory
from matching.shelter.values import HotelId
from realtime.kernel.errors import AppError
from realtime.kernel.ids import PersonId
from realtime.kernel.secret import Secret
from realtime.ledger import Ledger, Transaction
from web.access.vocabulary import Role
from web.api.pages import Pages
from web.auth.sessions import Sessions
from web.auth.staff.joining import joined_staff
from web.auth.staff.organisations import New
from web.auth.staff.rules import ROLES
from web.auth.staff.values import Issued, OrganisationKind
from web.auth.tokens import random_token
from web.bootstrap import DIST, Durable, open_durable
from web.checking import broker_problems, database_problems
from web.feeds import importing as feeds
from web.keys import file_problems
from web.settings import Settings

#: What the helpline is called until somebody says.
HELPLINE_NAME = "Entraide"
#: Tokens made in one transaction.
BATCH = 200
#: Who vouches for helpers made by the command line, in the audit.
COMMAND_LINE = PersonId("command-line")
#: Below this SQLite may not be able to finish what it has begun.
LEAST_FREE_BYTES = 512 * 1024 * 1024


async def import_rooms(ledger: Ledger, file: Path, draw: int | None, console: Console) -> None:
    """Make the hotels of a list known as hotels that could join, or, for a trial, that have."""
    with _progress("shelter", console) as progress:
        report = await importing.load(file, ledger, Inventory(), draw=draw, progress=progress)
    how = "none of them gives rooms before it joins" if draw is None else "with invented rooms"
    console.print(f"shelter: {report.loaded} hotels known, {how}; {report.gone} gone")


async def import_directory(ledger: Ledger, file: Path, console: Console) -> None:
    """Put a directory of services in the place of the one that there is."""
    with _progress("directory", console) as progress:
        report = await directory.load(file, ledger, progress=progress)
    console.print(f"directory: {report.loaded} services, {report.refusals.total} refused")
    say_refusals(report.refusals, console)


async def import_warnings(ledger: Ledger, file: Path, console: Console) -> None:
    """Mirror an authority's warning, or a feed of them."""
    try:
        report = await feeds.load(file, ledger, Warnings())
    except NotAWarning as error:
        console.print(f"cap: refused, {error.__cause__}")
        raise
    refused = report.refused.total()
    console.print(f"cap: {report.shown} shown, {report.left} not to be shown, {refused} refused")
    if report.elsewhere:
        console.print(f"  {report.elsewhere} are only named here: ENTRAIDE_CAP_FEEDS fetches them")
    for reason, count in sorted(report.refused.items()):
        console.print(f"  {reason}: {count}")


async def import_file(ledger: Ledger, kind: str, file: Path, console: Console) -> None:
    """Load a file with a progress bar, then say what was loaded and what was refused, and why."""
    with _progress(kind, console) as progress:
        report = await importers.load(kind, file, ledger, progress=progress)
    console.print(f"{kind}: {report.loaded} loaded, {report.refusals.total} refused")
    say_refusals(report.refusals, console)


async def import_network(
    ledger: Ledger, kind: str, path: Path, network: str | None, console: Console
) -> None:
    """Load a network of transport: a GTFS feed, or the rail traces of Île-de-France."""
    with _progress(kind, console) as progress:
        if kind == "gtfs":
            report = await transit.load_gtfs(path, ledger, network=network, progress=progress)
        else:
            report = await transit.load_traces(path, ledger, progress=progress)
    refused = sum(it.total for it in report.refusals.values())
    counts = ", ".join(f"{many} {kind}" for kind, many in report.loaded.items())
    console.print(f"{report.network}: {counts}; {refused} rows refused")
    for name, refusals in sorted(report.refusals.items()):
        console.print(f" {name}")
        say_refusals(refusals, console)


async def join_hotels(
    settings: Settings, durable: Durable, file: Path
) -> tuple[dict[str, Issued], Refusals]:
    """Hotels give the rooms that a file says, each with a link for its tablet; by their numbers.

    Nothing is done while a line of it cannot be understood.
    """
    given, refusals = await joining.given_in(file)
    if refusals.total:
        return {}, refusals
    staff = joined_staff(settings, durable, Sessions(random_token))

    async def join(tx: Transaction) -> dict[str, Issued]:
        hotels = await joining.join_all(tx, given)
        return {
            source: await staff.desks.link(tx, hotel, COMMAND_LINE)
            for source, hotel in hotels.items()
        }

    return await durable.ledger.write(join), refusals


async def link_tablet(settings: Settings, durable: Durable, source: str) -> Issued:
    """Another link for the tablet of a hotel that has joined."""
    staff = joined_staff(settings, durable, Sessions(random_token))

    async def link(tx: Transaction) -> Issued:
        return await staff.desks.link(tx, await joining.joined(tx, source), COMMAND_LINE)

    return await durable.ledger.write(link)


def say_refusals(refusals: Refusals, console: Console) -> None:
    """How many lines were refused, and why."""
    for reason, count in sorted(refusals.counts.items()):
        lines = ", ".join(str(line) for line in refusals.lines[reason])
        console.print(f"  {reason}: {count} (lines {lines}{'…' if count > 10 else ''})")


@contextmanager
def _progress(kind: str, console: Console) -> Generator[importers.Progress]:
    columns = (TextColumn("{task.description}"), BarColumn(), DownloadColumn(), TimeElapsedColumn())
    with Progress(*columns, console=console, transient=True) as bar:
        task = bar.add_task(kind, total=None)

        def progress(done: int, total: int) -> None:
            bar.update(task, completed=done, total=total)

        yield progress


async def make_tokens(
    durable: Durable, role: Role, *, tier: int | None, count: int
) -> AsyncGenerator[Secret]:
    """New people with a session each; with a tier, helpers vetted by the command line."""
    sessions = Sessions(random_token)
    helpers = Helpers(Roster(), MemoryWhereabouts(), phone_key=durable.phone_key)

    async def make(tx: Transaction, how_many: int) -> list[Secret]:
        made = []
        for _ in range(how_many):
            opened = await sessions.open(tx, role)
            made.append(opened.token)
            if tier is not None:
                person = opened.caller.person
                await helpers.apply(
                    tx,
                    person,
                    name="Script",
                    skills=["come", "call", "write"],
                    languages=["fr"],
                )
                await helpers.approve(tx, COMMAND_LINE, person, tier=tier)
        return made

    for first in range(0, count, BATCH):
        how_many = min(BATCH, count - first)
        for token in await durable.ledger.write(partial(make, how_many=how_many)):
            yield token


async def make_invitation(
    settings: Settings, durable: Durable, role: Role, *, organisation: str | None, hotel: str | None
) -> Issued | None:
    """An invitation to an organisation of the kind that has this role; None when none has.

    The helpline is founded when nobody has named it; a hotel is told by its id, the others by name.
    """
    kind = next((kind for kind, roles in ROLES.items() if role in roles), None)
    if kind is OrganisationKind.HELPLINE:
        organisation = organisation or HELPLINE_NAME
    named = hotel if kind is OrganisationKind.HOTEL else organisation
    if kind is None or named is None or (hotel is None) is (kind is OrganisationKind.HOTEL):
        return None
    staff = joined_staff(settings, durable, Sessions(random_token))
    new = New(kind=kind, name=organisation or "", hotel=HotelId(hotel) if hotel else None)
    asked = random_token()
    return await durable.ledger.write(
        lambda tx: staff.invite_from_here(tx, COMMAND_LINE, asked, role=role, new=new)
    )


@dataclass(frozen=True, slots=True)
class Finding:
    well: bool
    text: str


def surroundings(settings: Settings) -> list[Finding]:
    """What can be looked at before the database is opened."""
    version = ".".join(str(part) for part in sys.version_info[:3])
    built = len(Pages(DIST)) > 0
    found = [
        Finding(sys.version_info >= (3, 11), f"Python {version}"),
        Finding(built, "pages: built" if built else "pages: not built, ./run builds them"),
    ]
    if settings.database_file is None:
        tool = shutil.which("pg_dump") is not None
        said = "there" if tool else "missing, no backup can be taken: apt install postgresql-client"
        found.append(Finding(tool, f"pg_dump: {said}"))
    folder = settings.data_dir
    if not folder.is_dir():
        return [*found, Finding(True, f"{folder}: nothing yet, the first start makes it")]
    free = shutil.disk_usage(folder).free
    found.append(Finding(free >= LEAST_FREE_BYTES, f"{free // 1024**2} MB free for {folder}"))
    if settings.seal_key_file.exists() or settings.production:
        problems = file_problems(settings.seal_key_file)
        found.append(Finding(not problems, "; ".join(problems) or "seal key: safe"))
    return found


async def servers_state(settings: Settings) -> list[Finding]:
    """What PostgreSQL and Redis say of how they keep what they are given."""
    found = []
    for name, problems, used in (
        ("PostgreSQL", await database_problems(settings), settings.database_file is None),
        ("Redis", await broker_problems(settings), not settings.in_memory),
    ):
        found += [Finding(False, it) for it in problems]
        if used and not problems:
            found.append(Finding(True, f"{name}: answers, and keeps as it must"))
    return found


async def ledger_state(settings: Settings) -> list[Finding]:
    """What the database says of itself."""
    try:
        async with open_durable(settings) as durable:
            return await _ledger_findings(durable.ledger)
    except AppError as error:
        return [Finding(False, f"database: {error.sentence}")]


async def _ledger_findings(ledger: Ledger) -> list[Finding]:
    broken = await ledger.audit_break()
    async with ledger.reading() as reading:
        loaded = await store.loaded(reading)
    places = ", ".join(f"{count} {kind}" for kind, count in sorted(loaded.items()))
    return [
        Finding(True, "database: opens, tables are there"),
        Finding(
            broken is None,
            "audit: unbroken" if broken is None else f"audit: altered from line {broken}",
        ),
        Finding(
            "communes" in loaded,
            f"places: {places or 'none'}"
            + ("" if "communes" in loaded else "; without communes every place is shown at res 6"),
        ),
    ]
