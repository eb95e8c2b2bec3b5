"""A backup is taken under load, restored elsewhere, and serves what had been acknowledged."""

import asyncio
from pathlib import Path

import msgspec
import pytest

from realtime.channels import own_channel
from realtime.ports import Caller
from tests.support.postgres import Postgres
from tests.support.world import World, world
from web.backup import backup, restore
from web.bootstrap import entraide
from web.settings import BadSettings, Settings

HERE = {"lat": 48.8566, "lon": 2.3522, "accuracy_m": 10}


@pytest.fixture(scope="module")
def anyio_backend() -> str:
    return "asyncio"


@pytest.fixture(params=["sqlite", "postgres"])
def addresses(request: pytest.FixtureRequest, tmp_path: Path) -> tuple[str, str]:
    """Of a database, and of another that is empty."""
    if request.param == "sqlite":
        return f"sqlite:///{tmp_path / 'live.db'}", f"sqlite:///{tmp_path / 'elsewhere.db'}"
    server: Postgres = request.getfixturevalue("postgres")
    return server.new_database(), server.new_database()


@pytest.fixture(autouse=True)
def _one_key(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """It is kept apart from the database, and both services have it."""
    monkeypatch.setenv("ENTRAIDE_SEAL_KEY_FILE", str(tmp_path / "keys" / "seal.key"))


def settings_of(database: str, folder: Path) -> Settings:
    return Settings.read(data_dir=folder, demo=False, database=database)


async def raised(there: World) -> tuple[Caller, str]:
    """Somebody asks for help: who, and the request that was acknowledged."""
    caller = there.somebody()
    answer = await there.ask(
        caller,
        "help.raise",
        id=f"raise-{caller.person}",
        kind="followed",
        mode="public",
        place=HERE,
    )
    return caller, str(answer["alert"])


async def raising(there: World, enough: asyncio.Event) -> None:
    while not enough.is_set():
        await raised(there)


async def test_what_was_acknowledged_before_a_backup_is_there_after_a_restore(
    addresses: tuple[str, str], tmp_path: Path
) -> None:
    live, elsewhere = addresses
    copy, kept = tmp_path / "copy", list[tuple[Caller, str]]()
    async with world(live) as there:
        for _ in range(5):
            kept.append(await raised(there))
        async with asyncio.TaskGroup() as load:
            load.create_task(raising(there, enough := asyncio.Event()))
            await backup(settings_of(live, tmp_path), copy)
            enough.set()
        before = await there.whole.durable.ledger.place(own_channel(kept[0][0].person))

    await restore(settings_of(elsewhere, tmp_path), copy)

    assert copy.stat().st_mode & 0o077 == 0
    async with entraide(settings_of(elsewhere, tmp_path)) as restored:
        for caller, alert in kept:
            asked = msgspec.json.encode({"alert": alert})
            found = msgspec.json.decode(await restored.pipeline.run(caller, "help.state", asked))
            assert found["place"]["lat"] == HERE["lat"]
        ledger = restored.durable.ledger
        resumed = await ledger.since(own_channel(kept[0][0].person), before)
        assert resumed.missed is None
        assert resumed.now.epoch != before.epoch
        assert await ledger.audit_break() is None


async def test_a_restore_replaces_nothing(addresses: tuple[str, str], tmp_path: Path) -> None:
    live, _ = addresses
    copy = tmp_path / "copy"
    async with world(live):
        await backup(settings_of(live, tmp_path), copy)

    with pytest.raises(BadSettings, match=r"already|not empty"):
        await restore(settings_of(live, tmp_path), copy)


async def test_a_backup_replaces_nothing(tmp_path: Path) -> None:
    copy = tmp_path / "copy"
    copy.write_bytes(b"an older one")

    with pytest.raises(BadSettings, match="already"):
        await backup(settings_of(f"sqlite:///{tmp_path / 'live.db'}", tmp_path), copy)

    assert copy.read_bytes() == b"an older one"


async def test_what_is_no_backup_is_not_restored(tmp_path: Path) -> None:
    copy, target = tmp_path / "copy", tmp_path / "live.db"
    copy.write_bytes(b"not a database at all, and longer than a page header would be" * 20)

    with pytest.raises(BadSettings, match="not a database"):
        await restore(settings_of(f"sqlite:///{target}", tmp_path), copy)

    assert [it.name for it in tmp_path.iterdir()] == ["copy"]


async def test_keys_are_in_no_backup(addresses: tuple[str, str], tmp_path: Path) -> None:
    live, _ = addresses
    copy = tmp_path / "copy"
    async with world(live) as there:
        await raised(there)
        await backup(settings_of(live, tmp_path), copy)
        key = bytes.fromhex(there.whole.durable.master.reveal())

    assert key not in copy.read_bytes()


async def test_an_unreachable_server_is_said_without_its_password(tmp_path: Path) -> None:
    settings = settings_of("postgresql://anna:canary@127.0.0.1:1/entraide", tmp_path)

    with pytest.raises(BadSettings) as refused:
        await backup(settings, tmp_path / "copy")

    assert "canary" not in str(refused.value)
    assert not (tmp_path / "copy").exists()
