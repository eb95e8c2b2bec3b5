"""Who changes the schema: a development server by itself, in production only the operator."""

import asyncio
from pathlib import Path

import pytest
from sqlalchemy import text

from tests.support.migrating import content, make_as_before, opened
from tests.support.postgres import OWNER, Postgres
from web.cli import main
from web.durable import open_durable
from web.keys import make_key
from web.migrate import NEW, OLD, POSTGIS, UNKNOWN
from web.migrations.history import Revision
from web.migrations.running import move, newest, standing
from web.settings import BadSettings, Settings

NEWEST = newest()
BEFORE = Revision(1, post=True)


@pytest.fixture(scope="module")
def anyio_backend() -> str:
    """Files are waited for: one event loop is enough."""
    return "asyncio"


def development(folder: Path) -> Settings:
    return Settings.read(data_dir=folder, demo=False)


def production(folder: Path) -> Settings:
    make_key(folder / "keys" / "seal.key")
    return Settings.read(data_dir=folder, production=True, origins="https://aide.example")


def address(folder: Path) -> str:
    return f"sqlite:///{folder / 'entraide.db'}"


async def at(folder: Path) -> Revision | None:
    async with opened(address(folder)) as database:
        return await standing(database)


async def stamp(folder: Path, name: str) -> None:
    async with opened(address(folder)) as database, database.writing() as db, db.begin():
        await db.execute(text("UPDATE alembic_version SET version_num = :name"), {"name": name})


async def refused(settings: Settings) -> list[str]:
    with pytest.raises(BadSettings) as refusal:
        async with open_durable(settings):
            pass
    return refusal.value.problems


async def test_a_development_server_migrates_what_an_older_one_left(tmp_path: Path) -> None:
    await asyncio.to_thread(make_as_before, tmp_path / "entraide.db")

    async with open_durable(development(tmp_path)):
        pass

    assert await at(tmp_path) == NEWEST
    async with opened(address(tmp_path)) as database, database.snapshot() as db:
        assert len((await db.run_sync(content))["helper"]) == 3


@pytest.mark.parametrize("found", [None, BEFORE])
async def test_production_refuses_an_old_schema_in_a_sentence_and_changes_nothing(
    tmp_path: Path, found: Revision | None
) -> None:
    settings = await asyncio.to_thread(production, tmp_path)
    if found is not None:
        await move(address(tmp_path), found)

    assert await refused(settings) == [OLD]
    assert "./run migrate --pre" in OLD
    assert await at(tmp_path) == found


async def test_production_serves_once_pre_has_been_run(tmp_path: Path) -> None:
    settings = await asyncio.to_thread(production, tmp_path)
    await move(address(tmp_path), Revision(NEWEST.release, post=False))

    async with open_durable(settings) as durable, durable.ledger.reading():
        pass

    assert await at(tmp_path) == Revision(NEWEST.release, post=False)


@pytest.mark.parametrize("serves", [True, False])
async def test_a_program_serves_while_the_next_is_coming_and_no_longer(
    tmp_path: Path, serves: bool
) -> None:
    await move(address(tmp_path), NEWEST)
    # Made by a program that does not exist yet: this one does not know the name.
    await stamp(tmp_path, Revision(NEWEST.release + 1, post=not serves).name)

    if serves:
        async with open_durable(development(tmp_path)):
            pass
    else:
        assert await refused(development(tmp_path)) == [NEW.format(release=NEWEST.release)]


async def test_tables_of_unknown_origin_are_refused_in_a_sentence(tmp_path: Path) -> None:
    await asyncio.to_thread(make_as_before, tmp_path / "entraide.db")
    async with opened(address(tmp_path)) as database, database.writing() as db, db.begin():
        await db.execute(text("DROP TABLE audit"))

    assert await refused(development(tmp_path)) == [UNKNOWN]


async def test_a_server_without_postgis_is_refused_in_a_sentence(
    tmp_path: Path, postgres: Postgres
) -> None:
    name = "without_postgis"
    postgres.administer(f"CREATE DATABASE {name} OWNER {OWNER}")
    settings = Settings.read(data_dir=tmp_path, demo=False, database=postgres.url(name))

    assert await refused(settings) == [POSTGIS]
    async with opened(postgres.url(name)) as database:
        assert await standing(database) is None


def test_the_verb_goes_up_by_halves_and_down_by_name(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    folder = tmp_path / "not" / "yet"
    pre = Revision(NEWEST.release, post=False)
    told = [
        (["--post"], 2, "--pre` first"),
        (["--pre"], 0, f"moved from nothing to {pre.name}"),
        (["--pre"], 0, f"is at {pre.name} already"),
        ([], 0, f"moved from {pre.name} to {NEWEST.name}"),
        (["--pre"], 0, f"is at {NEWEST.name} already"),
        (["--down", "pre_0001"], 0, f"moved from {NEWEST.name} to pre_0001"),
        (["--down", "pre_0002"], 2, "--down takes the name"),
        (["--down", "base"], 2, "--down takes the name"),
        (["--down", "pre_0001", "--post"], 2, "--down goes alone"),
    ]

    for words, code, sentence in told:
        monkeypatch.setattr("sys.argv", ["web", "migrate", "--data-dir", str(folder), *words])
        with pytest.raises(SystemExit) as ended:
            main()
        said = capsys.readouterr()

        assert int(ended.value.code or 0) == code, (words, said)
        assert sentence in said.out + said.err, (words, said)
