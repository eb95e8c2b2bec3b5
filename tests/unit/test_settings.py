"""Settings: what is refused, and that everything wrong is said at once and nothing is repeated."""

import base64
from pathlib import Path

import pytest

from web.keys import (
    BadKey,
    file_problems,
    make_key,
    memory_filesystem,
    network_filesystem,
    read_key,
)
from web.settings import BadSettings, Settings


@pytest.fixture(autouse=True)
def _no_environment(monkeypatch: pytest.MonkeyPatch) -> None:
    import os

    for name in list(os.environ):
        if name.startswith("ENTRAIDE_"):
            monkeypatch.delenv(name)


def problems(**given: object) -> list[str]:
    with pytest.raises(BadSettings) as caught:
        Settings.read(**given)
    return caught.value.problems


def good_production(folder: Path) -> dict[str, object]:
    make_key(folder / "keys" / "seal.key")
    return {"production": True, "data_dir": folder, "origins": "https://entraide.example"}


def test_a_newcomer_needs_no_setting() -> None:
    settings = Settings.read()

    assert settings.database_url == "sqlite:///data/entraide.db"
    assert settings.broker == "memory://"
    assert settings.serves_demo


def test_the_environment_is_read_under_its_prefix(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("ENTRAIDE_PORT", "8123")
    monkeypatch.setenv("ENTRAIDE_ORIGINS", "https://a.example/, https://b.example")

    settings = Settings.read()

    assert settings.port == 8123
    assert settings.origins == ("https://a.example", "https://b.example")


def test_the_command_line_comes_before_the_environment(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("ENTRAIDE_PORT", "8123")

    assert Settings.read(port=9000, host=None).port == 9000


def test_a_good_production_passes(tmp_path: Path) -> None:
    settings = Settings.read(**good_production(tmp_path))

    assert not settings.serves_demo


def test_production_names_every_problem_at_once(tmp_path: Path) -> None:
    found = problems(
        production=True, debug=True, demo=True, proxies="*", data_dir=tmp_path, origins="http://*"
    )

    text = "\n".join(found)
    for word in ("seal.key", "DEBUG", "DEMO", "PROXIES", "ORIGINS"):
        assert word in text, word


@pytest.mark.parametrize("database", ["", "sqlite:///x.db", "postgresql://db/entraide"])
def test_a_memory_broker_never_serves_two_processes(database: str) -> None:
    assert any("BROKER" in it for it in problems(workers=2, database=database))


@pytest.mark.parametrize("broker", ["memory://", "redis://r"])
def test_sqlite_never_serves_two_processes(broker: str) -> None:
    assert any("DATABASE" in it for it in problems(workers=2, broker=broker))


@pytest.mark.parametrize(
    ("given", "word"),
    [
        ({"broker": "kafka://x"}, "BROKER"),
        ({"broker": "redis+sentinel://x"}, "BROKER"),
        ({"broker": "redis://"}, "BROKER"),
        ({"database": "mysql://x"}, "DATABASE"),
        ({"database": "postgresql://db"}, "DATABASE"),
        ({"database": "postgresql://[db/entraide"}, "DATABASE"),
        ({"database": "sqlite:///:memory:"}, "DATABASE"),
        ({"database": "sqlite://"}, "DATABASE"),
        ({"database": "sqlite:///file:x?mode=memory&uri=true"}, "DATABASE"),
        ({"port": "eighty"}, "PORT"),
        ({"port": 70000}, "PORT"),
        ({"workers": 0}, "WORKERS"),
        ({"production": "perhaps"}, "PRODUCTION"),
        ({"origins": "entraide.example"}, "ORIGINS"),
        ({"origins": "https://entraide.example/page"}, "ORIGINS"),
        ({"origins": "https://a:b@entraide.example"}, "ORIGINS"),
        ({"exit_url": "javascript:alert(1)"}, "EXIT_URL"),
        ({"session_burst": 0}, "SESSION_BURST"),
    ],
)
def test_a_bad_value_is_refused_by_the_name_of_its_setting(
    given: dict[str, object], word: str
) -> None:
    assert any(f"ENTRAIDE_{word}" in it for it in problems(**given))


def test_a_refusal_never_repeats_a_value() -> None:
    found = problems(database="mysql://root:canary-word@db", port="canary-word")

    assert "canary-word" not in " ".join(found)


def test_a_key_is_made_once_for_its_owner_alone(tmp_path: Path) -> None:
    file = tmp_path / "keys" / "seal.key"

    first, second = make_key(file), make_key(file)

    assert first == second
    assert len(first) == 32
    assert file.stat().st_mode & 0o777 == 0o600
    assert [it.name for it in file.parent.iterdir()] == ["seal.key"]


@pytest.mark.parametrize("content", [b"", b"not base64!", base64.b64encode(b"short")])
def test_a_bad_key_file_is_refused_without_showing_it(tmp_path: Path, content: bytes) -> None:
    file = tmp_path / "seal.key"
    file.write_bytes(content)

    with pytest.raises(BadKey) as caught:
        read_key(file)

    assert not content or content.decode() not in str(caught.value)


def test_a_key_that_others_can_read_or_guess_is_a_problem(tmp_path: Path) -> None:
    file = tmp_path / "seal.key"
    file.write_bytes(base64.b64encode(bytes(32)))
    file.chmod(0o644)

    text = " ".join(file_problems(file))

    assert "chmod 600" in text
    assert "not random" in text


def test_what_systemd_shows_of_a_credential_s_access_list_is_no_right_of_others(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    file = tmp_path / "seal_key"
    make_key(file)
    file.chmod(0o440)
    assert "chmod 600" in " ".join(file_problems(file))

    monkeypatch.setenv("CREDENTIALS_DIRECTORY", str(tmp_path))

    assert file_problems(file) == []
    file.chmod(0o444)
    assert "chmod 600" in " ".join(file_problems(file))


def test_a_key_that_cannot_be_reached_is_a_problem_and_no_traceback(tmp_path: Path) -> None:
    assert file_problems(tmp_path / ("x" * 300)) == [f"{tmp_path / ('x' * 300)} cannot be read"]


@pytest.mark.parametrize(
    ("mounts", "away"),
    [
        ("/dev/sda / ext4 rw 0 0\nsrv:/x /data nfs4 rw 0 0\n", True),
        ("/dev/sda / ext4 rw 0 0\nsrv:/x /other nfs4 rw 0 0\n", False),
        ("srv:/ / nfs rw 0 0\n/dev/sda /data ext4 rw 0 0\n", False),
        ("", False),
    ],
)
def test_a_network_file_system_is_recognised(mounts: str, away: bool) -> None:
    assert network_filesystem(Path("/data/entraide.db"), mounts) is away


@pytest.mark.parametrize(
    ("mounts", "lost"),
    [
        ("/dev/sda / ext4 rw 0 0\ntmpfs /data tmpfs rw 0 0\n", True),
        ("tmpfs / tmpfs rw 0 0\n/dev/sda /data ext4 rw 0 0\n", False),
    ],
)
def test_a_file_system_in_memory_is_recognised(mounts: str, lost: bool) -> None:
    assert memory_filesystem(Path("/data/entraide.db"), mounts) is lost


def test_production_keeps_nothing_in_memory(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("web.settings.memory_filesystem", memory_filesystem)
    monkeypatch.setattr("web.keys._filesystem", lambda file, mounts: "tmpfs")

    (only,) = problems(**good_production(tmp_path))

    assert "lost with the power" in only


@pytest.mark.parametrize(
    ("proxies", "good"),
    [
        ("127.0.0.1", True),
        ("172.30.0.2, 10.0.0.0/8", True),
        ("104.16.0.0/13,2606:4700::/32", True),
        ("0.0.0.0/0", False),
        ("127.0.0.1,::/0", False),
        ("0.0.0.0/1,128.0.0.0/1", False),
    ],
)
def test_production_believes_no_stranger_s_word_about_addresses(
    proxies: str, good: bool, tmp_path: Path
) -> None:
    found = Settings.parsed(**good_production(tmp_path), proxies=proxies).problems()

    assert (found == []) is good, found


@pytest.mark.parametrize(
    "given",
    [
        {"database": "postgresql://db/entraide", "broker": "redis://r"},
        {"database": "postgresql:///entraide?host=/run/postgresql", "broker": "redis://r"},
        {"database": "postgresql://a:b@db/entraide", "broker": "redis+cluster://r:7000,s:7000"},
        {"database": "postgresql://db/entraide", "broker": "rediss+sentinel://r,s/name"},
    ],
)
def test_real_engines_serve_several_processes(given: dict[str, object], tmp_path: Path) -> None:
    settings = Settings.read(workers=4, **given)

    assert settings.database_file is None
    assert Settings.read(**good_production(tmp_path), **given).production


FAR = "198.51.100.7"


@pytest.mark.parametrize(
    ("database", "broker", "words"),
    [
        (f"postgresql://{FAR}/e", "redis://r", ["sslmode", "PostgreSQL must ask"]),
        (f"postgresql://a:b@{FAR}/e?sslmode=prefer", "redis://r", ["sslmode"]),
        (f"postgresql://a@{FAR}/e?sslmode=verify-full", "redis://r", ["PostgreSQL must ask"]),
        (f"postgresql://a:b@{FAR}/e?sslmode=verify-full", "redis://r", []),
        ("postgresql://a:b@/e?host=db.example.org,db.internal", "redis://r", ["sslmode"]),
        ("postgresql://db/e", "redis://r.example.org", ["rediss://", "Redis must ask"]),
        ("postgresql://db/e", f"rediss://{FAR}", ["Redis must ask"]),
        ("postgresql://db/e", f"rediss+cluster://:p@r,{FAR}", []),
        ("postgresql://db/e", f"redis+sentinel://:p@r,{FAR}/n", ["rediss://"]),
        ("postgresql://db/e", "memory://", ["shares a Redis"]),
    ],
)
def test_lines_beyond_a_private_network_are_encrypted_and_asked_for_a_password_in_production(
    database: str, broker: str, words: list[str], tmp_path: Path
) -> None:
    production = good_production(tmp_path)

    found = Settings.parsed(**production, database=database, broker=broker).problems()

    assert len(found) == len(words), found
    assert all(any(word in it for it in found) for word in words)
    assert Settings.read(database=database, broker=broker).workers == 1


def test_secrets_may_come_as_files(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    (tmp_path / "database").write_text("postgresql://a:secret@db/entraide\n")
    monkeypatch.setenv("ENTRAIDE_DATABASE_FILE", str(tmp_path / "database"))
    monkeypatch.setenv("ENTRAIDE_SEAL_KEY_FILE", str(tmp_path / "key"))

    settings = Settings.read()

    assert settings.database == "postgresql://a:secret@db/entraide"
    assert settings.seal_key_file == tmp_path / "key"
    monkeypatch.setenv("ENTRAIDE_DATABASE_FILE", str(tmp_path / "nothing"))
    assert problems() == ["ENTRAIDE_DATABASE_FILE cannot be read"]


def test_an_empty_file_is_not_taken_for_a_database_of_our_own(
    monkeypatch: pytest.MonkeyPatch, tmp_path: Path
) -> None:
    (tmp_path / "database").write_text("\n")
    monkeypatch.setenv("ENTRAIDE_DATABASE_FILE", str(tmp_path / "database"))

    assert problems() == ["ENTRAIDE_DATABASE_FILE is empty"]
