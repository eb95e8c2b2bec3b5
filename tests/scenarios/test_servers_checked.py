"""What a start in production refuses, all of it in one message; and what the doctor says."""

import asyncio
from pathlib import Path

import pytest

from tests.support.postgres import Postgres
from tests.support.redis_servers import redis_alone
from web.chores import servers_state
from web.cli import serve_verb
from web.keys import make_key
from web.settings import BadSettings, Settings


@pytest.fixture(autouse=True)
def _production(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("ENTRAIDE_PRODUCTION", "1")


def refusals(monkeypatch: pytest.MonkeyPatch, folder: Path, **given: str) -> list[str]:
    for name, value in given.items():
        monkeypatch.setenv(f"ENTRAIDE_{name.upper()}", value)
    with pytest.raises(BadSettings) as refused:
        serve_verb(data_dir=folder)
    return refused.value.problems


def test_every_reason_not_to_start_is_in_one_message(
    monkeypatch: pytest.MonkeyPatch, tmp_path: Path, postgres: Postgres
) -> None:
    database = postgres.new_database()
    postgres.administer(
        f"ALTER DATABASE {database.rpartition('/')[2]} SET synchronous_commit = off"
    )

    found = refusals(
        monkeypatch,
        tmp_path,
        database=database,
        debug="1",
        demo="1",
        workers="2",
        proxies="*",
        origins="http://entraide.example",
    )

    text = "\n".join(found)
    for reason in (
        "seal.key is missing",
        "DEBUG must be off",
        "DEMO must be off",
        "PROXIES must name",
        "ORIGINS must be https://",
        "memory:// serves one process",
        "shares a Redis",
        "synchronous_commit=off: a power cut loses what was acknowledged",
    ):
        assert reason in text, found
    assert database.split("@")[0].rpartition(":")[2] not in text


def test_a_database_that_is_away_is_a_reason_too(
    monkeypatch: pytest.MonkeyPatch, tmp_path: Path
) -> None:
    make_key(tmp_path / "keys" / "seal.key")

    found = refusals(
        monkeypatch,
        tmp_path,
        database="postgresql://nobody:canary-word@127.0.0.1:1/nothing",
        broker="redis://127.0.0.1:1",
        origins="https://entraide.example",
    )

    (only,) = found
    assert "does not answer" in only
    assert "canary-word" not in only


def test_the_doctor_asks_both_servers(
    monkeypatch: pytest.MonkeyPatch, tmp_path: Path, postgres: Postgres
) -> None:
    # Another address of this machine's own: for all it can tell, others reach it.
    reached = ("--bind", "127.0.0.1", "127.0.0.2", "--protected-mode", "no")
    full = ("--maxmemory", "64mb", "--maxmemory-policy", "allkeys-lru")
    with redis_alone("--appendonly", "yes", *full, *reached) as redis:
        settings = Settings.parsed(
            data_dir=tmp_path, database=postgres.new_database(), broker=redis.url
        )
        said = asyncio.run(servers_state(settings))

    assert [it.well for it in said] == [True, False, False, False]
    assert "PostgreSQL: answers" in said[0].text
    told = " ".join(it.text for it in said)
    for word in ("writes every change to disk", "without a password", "allkeys-lru"):
        assert word in told
    gone = asyncio.run(servers_state(settings))
    assert "Redis does not answer" in gone[1].text
