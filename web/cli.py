"""The verbs of ``python -m web`` (DESIGN 4.1). Each reads the same settings as the server."""

import asyncio
import os
import sys
from collections.abc import Coroutine
from contextlib import AsyncExitStack
from enum import StrEnum
from pathlib import Path
from typing import Annotated

import typer
import uvloop
from rich.console import Console

from realtime.kernel.errors import AppError
from web.access.vocabulary import Role
from web.auth.sessions import Sessions
from web.auth.staff.joining import joined_staff
from web.auth.staff.rules import ROLES
from web.auth.staff.values import OrganisationKind
from web.auth.tokens import random_token
from web.backup import backup, restore
from web.beside import demo_city, demo_operator
from web.bootstrap import entraide, open_durable
from web.checking import database_problems
from web.chores import (
    import_directory,
    import_file,
    import_network,
    import_rooms,
    import_warnings,
    join_hotels,
    ledger_state,
    link_tablet,
    make_invitation,
    make_tokens,
    say_refusals,
    servers_state,
    surroundings,
)
from web.inns import demo_desks
from web.keys import BadKey
from web.migrate import migrate
from web.observe import configure_logs
from web.public import demo_announced
from web.serve import say_ready, serve
from web.settings import PREFIX, BadSettings, Settings
from web.workers import Inherited, Workers, command, listen

app = typer.Typer(
    add_completion=False,
    no_args_is_help=True,
    pretty_exceptions_enable=False,
    help="Entraide: software under construction, not an emergency service. Call 17 or 112.",
)

DataDir = Annotated[
    Path | None, typer.Option("--data-dir", help="Where the database and the keys are.")
]


class Import(StrEnum):
    HOTELS = "hotels"
    STATIONS = "stations"
    OUTLINES = "outlines"
    COMMUNES = "communes"
    GTFS = "gtfs"
    TRACES = "traces"
    DIRECTORY = "directory"
    CAP = "cap"


def main() -> None:
    """Run a verb; what went wrong is said on standard error in a sentence, never a traceback."""
    try:
        app()
    except (BadSettings, BadKey, AppError, ExceptionGroup) as error:
        said = [_complaint(it) for it in _alone(error)]
        complaints = Console(stderr=True, highlight=False, markup=False, soft_wrap=True)
        # Of what failed together, often for one reason.
        for sentence in dict.fromkeys(it for _, sentences in said for it in sentences):
            complaints.print(sentence)
        sys.exit(max(code for code, _ in said))


def _alone(error: Exception) -> list[Exception]:
    """Each by itself, of what ended tasks that live and die together."""
    if isinstance(error, ExceptionGroup):
        return [alone for each in error.exceptions for alone in _alone(each)]
    return [error]


def _complaint(error: Exception) -> tuple[int, list[str]]:
    """The exit code and what to say; a bug is raised again, with its traceback."""
    match error:
        case BadSettings():
            return 2, error.problems
        case BadKey():
            return 2, [str(error)]
        case AppError():
            return 1, [f"{error.name} ({error.number}): {error.sentence}"]
        case _:
            raise error


def _run(work: Coroutine[object, object, None]) -> None:
    with asyncio.Runner(loop_factory=uvloop.new_event_loop) as runner:
        runner.run(work)


@app.command("serve")
def serve_verb(
    host: Annotated[str | None, typer.Option(help="Address to listen on.")] = None,
    port: Annotated[int | None, typer.Option(help="Port; 0 takes a free one.")] = None,
    data_dir: DataDir = None,
    demo: Annotated[bool | None, typer.Option("--demo/--no-demo")] = None,
    workers: Annotated[int | None, typer.Option(help="Serving processes.")] = None,
) -> None:
    """Serve the pages, the API and the socket, and in development the demo city."""
    settings = Settings.parsed(host=host, port=port, data_dir=data_dir, demo=demo, workers=workers)
    inherited = Inherited.read(os.environ)
    problems = settings.problems()
    if settings.production and inherited is None:
        problems += asyncio.run(database_problems(settings))
    if problems:
        raise BadSettings(problems)
    configure_logs(debug=settings.debug)
    if settings.workers > 1 and inherited is None:
        _run(_serve_many(settings))
    else:
        _run(_serve(settings, inherited))


async def _serve_many(settings: Settings) -> None:
    """Be the parent of workers, which serve."""
    try:
        listener = await asyncio.to_thread(listen, settings.host, settings.port)
    except OSError:
        raise BadSettings([f"{PREFIX}HOST and {PREFIX}PORT: cannot listen there"]) from None
    port: int = listener.getsockname()[1]

    async def ready() -> None:
        say_ready(settings.host, port)

    with listener:
        code = await Workers(listener, settings.workers, command()).run(ready)
    if code:
        raise SystemExit(code)


async def _serve(settings: Settings, inherited: Inherited | None) -> None:
    listener = None if inherited is None else inherited.take()
    first = inherited is None or inherited.number == 0
    async with (
        entraide(settings, demo=demo_announced(settings.serves_demo)) as whole,
        AsyncExitStack() as beside,
    ):

        async def ready(port: int) -> None:
            if inherited is None:
                say_ready(settings.host, port)
            else:
                inherited.say_ready()
            if settings.serves_demo and first:
                operator = await demo_operator(whole.durable.ledger, whole.services.sessions)
                desks = await demo_desks(whole.durable.ledger, whole.services.staff)
                base = f"http://127.0.0.1:{port}"
                city = demo_city(base, operator, settings.data_dir, desks)
                await beside.enter_async_context(city)

        await serve(whole, settings, ready, listener)


@app.command("import")
def import_verb(
    kind: Annotated[Import, typer.Argument(help="What the file holds.")],
    file: Annotated[Path, typer.Argument(help="The file, as it was published.")],
    draw: Annotated[
        int | None,
        typer.Option(
            metavar="SEED",
            help="Hotels: invent rooms, as if all had joined: for trials, never production.",
        ),
    ] = None,
    network: Annotated[
        str | None, typer.Option(help="GTFS: what the network is called; else, as its file.")
    ] = None,
    data_dir: DataDir = None,
) -> None:
    """Load a public file: all of it, or none. What is refused is counted by reason."""
    settings = Settings.read(data_dir=data_dir)
    if draw is not None and (kind is not Import.HOTELS or settings.production):
        raise BadSettings(["--draw invents rooms of hotels, and never in production"])
    if network is not None and kind is not Import.GTFS:
        raise BadSettings(["--network names a network of GTFS"])
    _run(_import(settings, kind, file, draw, network))


async def _import(
    settings: Settings, kind: Import, file: Path, draw: int | None, network: str | None
) -> None:
    async with open_durable(settings) as durable:
        if kind in {Import.GTFS, Import.TRACES}:
            await import_network(durable.ledger, kind, file, network, Console())
            return
        if kind is Import.CAP:
            await import_warnings(durable.ledger, file, Console())
            return
        if kind is Import.DIRECTORY:
            await import_directory(durable.ledger, file, Console())
            return
        if kind is Import.HOTELS:
            await import_rooms(durable.ledger, file, draw, Console())
        await import_file(durable.ledger, kind, file, Console())


@app.command("migrate")
def migrate_verb(
    pre: Annotated[bool, typer.Option("--pre", help="Only add: programs of before go on.")] = False,
    post: Annotated[bool, typer.Option("--post", help="Once every node runs this one.")] = False,
    down: Annotated[
        str | None, typer.Option(metavar="NAME", help="Back to this migration, with its losses.")
    ] = None,
    data_dir: DataDir = None,
) -> None:
    """Bring the database to what this program needs: both halves, unless one is named."""
    if down is not None and (pre or post):
        Console(stderr=True).print("--down goes alone")
        raise typer.Exit(2)
    _run(_migrate(Settings.read(data_dir=data_dir), pre=pre, post=post, down=down))


async def _migrate(settings: Settings, *, pre: bool, post: bool, down: str | None) -> None:
    moved = await migrate(settings, pre=pre, post=post, down=down)
    sys.stdout.write(f"database: {moved.sentence}\n")


@app.command("backup")
def backup_verb(
    file: Annotated[Path, typer.Argument(help="Where to; nothing is replaced.")],
    data_dir: DataDir = None,
) -> None:
    """Copy the database to a file while everybody goes on. Keys are not in it: keep them apart."""
    _run(_backup(Settings.read(data_dir=data_dir), file))


async def _backup(settings: Settings, file: Path) -> None:
    size = await backup(settings, file)
    sys.stdout.write(f"backup: {size} bytes in {file}\n")


@app.command("restore")
def restore_verb(
    file: Annotated[Path, typer.Argument(help="What `backup` has written.")],
    data_dir: DataDir = None,
) -> None:
    """Make the database from a backup. There must be none yet, and nobody may serve it."""
    settings = Settings.read(data_dir=data_dir)
    _run(restore(settings, file))
    sys.stdout.write("restored: the next start begins a new epoch\n")


@app.command("token")
def token_verb(
    role: Annotated[Role, typer.Option(help="What the session may do.")] = Role.CITIZEN,
    tier: Annotated[
        int | None, typer.Option(min=1, max=2, help="A vetted helper of this tier.")
    ] = None,
    count: Annotated[int, typer.Option(min=1, max=100_000)] = 1,
    data_dir: DataDir = None,
) -> None:
    """Print session tokens for scripts, one a line."""
    if role in {Role.ANYONE, Role.NEWCOMER} or (tier is not None and role is not Role.CITIZEN):
        Console(stderr=True).print("a session has a role, and helpers are citizens")
        raise typer.Exit(2)
    _run(_tokens(Settings.read(data_dir=data_dir), role, tier, count))


async def _tokens(settings: Settings, role: Role, tier: int | None, count: int) -> None:
    async with open_durable(settings) as durable:
        async for token in make_tokens(durable, role, tier=tier, count=count):
            sys.stdout.write(token.reveal() + "\n")


@app.command("invite")
def invite_verb(
    role: Annotated[Role, typer.Option(help="What she will be.")],
    organisation: Annotated[str | None, typer.Option(help="Its name; found, or founded.")] = None,
    kind: Annotated[
        OrganisationKind | None, typer.Option(help="Said by the role; to be sure.")
    ] = None,
    hotel: Annotated[str | None, typer.Option(help="The id of her hotel, for the desk.")] = None,
    data_dir: DataDir = None,
) -> None:
    """Invite somebody: print where to go and the code, which opens once, within 48 hours."""
    if kind is not None and role not in ROLES[kind]:
        Console(stderr=True).print(f"nobody is {role} in an organisation of that kind")
        raise typer.Exit(2)
    _run(_invite(Settings.read(data_dir=data_dir), role, organisation, hotel))


async def _invite(
    settings: Settings, role: Role, organisation: str | None, hotel: str | None
) -> None:
    async with open_durable(settings) as durable:
        issued = await make_invitation(
            settings, durable, role, organisation=organisation, hotel=hotel
        )
    if issued is None:
        Console(stderr=True).print(
            "a role of staff; --organisation names a partner, --hotel a hotel"
        )
        raise typer.Exit(2)
    sys.stdout.write(f"{issued.path}\n{issued.code}\n")


@app.command("join")
def join_verb(
    file: Annotated[
        Path,
        typer.Argument(help="hotel,people,cots,accessible,pets,ground_floor,price_cents,rooms"),
    ],
    data_dir: DataDir = None,
) -> None:
    """Hotels of the public list give rooms: prints each one's number, tablet link and code."""
    _run(_join(Settings.read(data_dir=data_dir), file))


async def _join(settings: Settings, file: Path) -> None:
    async with open_durable(settings) as durable:
        tablets, refusals = await join_hotels(settings, durable, file)
    if refusals.total:
        console = Console(stderr=True, highlight=False, markup=False, soft_wrap=True)
        console.print(f"nobody has joined: {refusals.total} lines cannot be understood")
        say_refusals(refusals, console)
        raise typer.Exit(1)
    for number, issued in tablets.items():
        sys.stdout.write(f"{number} {issued.path} {issued.code}\n")


@app.command("tablet")
def tablet_verb(
    number: Annotated[str, typer.Argument(help="The hotel's number in the public list.")],
    data_dir: DataDir = None,
) -> None:
    """Link another tablet of a hotel: print where to go and the code, once, within 24 hours."""
    _run(_tablet(Settings.read(data_dir=data_dir), number))


async def _tablet(settings: Settings, number: str) -> None:
    async with open_durable(settings) as durable:
        issued = await link_tablet(settings, durable, number)
    sys.stdout.write(f"{issued.path}\n{issued.code}\n")


@app.command("demo")
def demo_verb(
    base: Annotated[str, typer.Option(help="The running server.")] = "http://127.0.0.1:8000",
    data_dir: DataDir = None,
) -> None:
    """Let the demo city live beside a server that runs with the same data, until Ctrl-C."""
    settings = Settings.read(data_dir=data_dir)
    if settings.production:
        raise BadSettings(["the demo city never runs in production"])
    configure_logs()
    _run(_demo(settings, base))


async def _demo(settings: Settings, base: str) -> None:
    async with open_durable(settings) as durable:
        (operator,) = [it async for it in make_tokens(durable, Role.OPERATOR, tier=None, count=1)]
        staff = joined_staff(settings, durable, Sessions(random_token))
        desks = await demo_desks(durable.ledger, staff)
    async with demo_city(base, operator, settings.data_dir, desks):
        await asyncio.Event().wait()


@app.command("doctor")
def doctor_verb(data_dir: DataDir = None) -> None:
    """Say what would keep this installation from serving, or from keeping its promises."""
    console = Console(highlight=False, markup=False, soft_wrap=True)
    settings, ill = Settings.read(data_dir=data_dir), False
    found = surroundings(settings) + asyncio.run(servers_state(settings))
    if settings.data_dir.is_dir() or settings.database_file is None:
        found += asyncio.run(ledger_state(settings))
    for finding in found:
        console.print(f"{'ok  ' if finding.well else 'BAD '} {finding.text}")
        ill |= not finding.well
    raise typer.Exit(1 if ill else 0)
