"""What operators are given does what it says: files are read, figures are there, commands run."""

import http.client
import json
import os
import re
import shutil
import subprocess
import sys
from collections.abc import Iterator
from contextlib import contextmanager
from ipaddress import IPv4Address, IPv4Network
from pathlib import Path
from typing import Any

import pytest
import yaml  # type: ignore[import-untyped]  # it has no types

from tests.support.postgres import Postgres
from tests.support.redis_servers import RedisServer
from web.settings import PREFIX, SECRET, Settings

ROOT = Path(__file__).parents[2]
DEPLOY = ROOT / "deploy"
#: Without what whoever runs the tests has set.
PLAIN = {"PATH": os.environ["PATH"], "PYTHONPATH": str(ROOT)}
UNITS = sorted((DEPLOY / "systemd").glob("*.service"))
_FIGURE = re.compile(r"\bentraide_[a-z_]+")


def rules() -> list[dict[str, Any]]:
    found = yaml.safe_load((DEPLOY / "prometheus" / "alerts.yml").read_text())
    return [rule for group in found["groups"] for rule in group["rules"]]


def board() -> dict[str, Any]:
    found: dict[str, Any] = json.loads((DEPLOY / "grafana" / "entraide.json").read_text())
    return found


def compose() -> dict[str, Any]:
    found: dict[str, Any] = yaml.safe_load((ROOT / "docker-compose.yml").read_text())
    return found


def expressions() -> list[str]:
    targets = [it["expr"] for panel in board()["panels"] for it in panel["targets"]]
    return [*(rule["expr"] for rule in rules()), *targets]


@contextmanager
def started(command: list[str], environment: dict[str, str]) -> Iterator[str]:
    """A service that says where it is ready; stopped as a supervisor stops it."""
    with subprocess.Popen(
        command, env=environment, stdout=subprocess.PIPE, stderr=subprocess.PIPE, text=True
    ) as running:
        try:
            assert running.stdout is not None
            line = running.stdout.readline()
            if not line.startswith("ready "):
                running.kill()
                raise AssertionError(running.communicate()[1][-2000:])
            yield line.removeprefix("ready ").strip()
        finally:
            running.terminate()
            running.communicate(timeout=45)


@pytest.fixture(scope="module")
def figures(tmp_path_factory: pytest.TempPathFactory) -> str:
    """What a running service answers, to one on its own machine."""
    folder = str(tmp_path_factory.mktemp("figures"))
    command = [sys.executable, "-P", "-m", "web", "serve", "--no-demo", "--port", "0"]
    with started([*command, "--data-dir", folder], PLAIN) as address:
        # One command, so that what has labels has some.
        assert asked(address, "POST", "/api/session").startswith("{")
        return asked(address, "GET", "/metrics")


def asked(address: str, method: str, path: str) -> str:
    line = http.client.HTTPConnection(address.removeprefix("http://"), timeout=30)
    try:
        line.request(method, path, b"{}", {"content-type": "application/json"})
        return line.getresponse().read().decode()
    finally:
        line.close()


def test_every_figure_that_is_named_is_there(figures: str) -> None:
    named = {name for it in expressions() for name in _FIGURE.findall(it)}
    there = {name for line in figures.splitlines() for name in _FIGURE.findall(line)}

    assert len(named) > 20
    assert named - there == set()


def test_every_figure_has_a_place_on_the_board_or_in_an_alarm(figures: str) -> None:
    named = {name for it in expressions() for name in _FIGURE.findall(it)}
    kinds = re.findall(r"^# TYPE (entraide_[a-z_]+) ", figures, re.MULTILINE)
    shown = {
        it for it in kinds if any(name.startswith(it.removesuffix("_total")) for name in named)
    }

    # Counted, but looked at only when something else has said that one should.
    assert set(kinds) - shown == {
        "entraide_requests_total",
        "entraide_waiting_arrivals",
    }


@pytest.mark.parametrize("rule", rules(), ids=lambda rule: rule["alert"])
def test_an_alarm_says_in_plain_words_what_is_wrong_and_where_to_read_on(
    rule: dict[str, Any],
) -> None:
    assert re.fullmatch(r"\d+[smh]", rule["for"])
    assert rule["labels"]["severity"] in {"page", "look"}
    summary = rule["annotations"]["summary"]
    assert summary.endswith(".")
    assert not _FIGURE.search(summary)
    assert f"### {rule['alert']}\n" in (DEPLOY / "README.md").read_text()
    assert rule["expr"].count("(") == rule["expr"].count(")")


def test_every_setting_is_in_the_guide_and_nothing_else() -> None:
    rows = re.findall(rf"^\| `({PREFIX}[A-Z_]+)`", (DEPLOY / "README.md").read_text(), re.MULTILINE)
    settings = {f"{PREFIX}{name.upper()}" for name in Settings.model_fields}
    files = {f"{PREFIX}{name.upper()}_FILE" for name in SECRET}
    # This one is a file in any case.
    named = settings - {f"{PREFIX}SEAL_KEY"} | {f"{PREFIX}SEAL_KEY_FILE"} | files

    assert sorted(rows) == sorted(named)


# docker-compose.yml


@pytest.mark.parametrize("name", sorted(compose()["services"]))
def test_a_service_may_do_no_more_than_it_must(name: str) -> None:
    service = compose()["services"][name]

    assert service["read_only"] is True
    assert service["cap_drop"] == ["ALL"]
    assert "no-new-privileges:true" in service["security_opt"]
    assert int(service["user"].split(":")[0]) > 0
    assert "privileged" not in service
    assert "latest" not in service["image"]
    assert name == "migrate" or "healthcheck" in service


def test_only_caddy_can_be_reached_and_the_database_reaches_nobody() -> None:
    found = compose()

    assert [name for name, it in found["services"].items() if "ports" in it] == ["caddy"]
    assert found["networks"]["inside"]["internal"] is True
    for name in ("database", "redis"):
        assert found["services"][name]["networks"] == ["inside"]
    assert list(found["services"]["caddy"]["networks"]) == ["edge"]


def test_nobody_is_given_an_address_that_is_another_s() -> None:
    """Docker gives the lowest that is free: a hub that starts first would have Caddy's."""
    found = compose()
    (edge,) = found["networks"]["edge"]["ipam"]["config"]
    given = IPv4Network(edge["ip_range"])
    fixed = [
        IPv4Address(joined["ipv4_address"])
        for it in found["services"].values()
        if isinstance(it["networks"], dict)
        for joined in it["networks"].values()
    ]

    assert given.subnet_of(IPv4Network(edge["subnet"]))
    assert [str(it) for it in fixed] == [found["x-settings"]["ENTRAIDE_PROXIES"]]
    assert not [it for it in (*fixed, IPv4Address(edge["gateway"])) if it in given]


def test_caddy_starts_without_any_right_and_can_keep_its_certificates() -> None:
    caddy = compose()["services"]["caddy"]
    image = (DEPLOY / "Dockerfile").read_text().partition("AS caddy\n")[2].partition("\nFROM ")[0]
    (folder,) = [it.partition(":")[2] for it in caddy["volumes"] if it.startswith("caddy:")]

    assert caddy["build"]["target"] == "caddy"
    # What is copied has no file capability: with one, it is not started where all are dropped.
    assert "RUN cp /usr/bin/caddy /usr/bin/plain && mv /usr/bin/plain /usr/bin/caddy" in image
    # A new volume is whose its folder in the image is.
    assert f"mkdir -m 0700 {folder} && chown {caddy['user']} {folder}\n" in image
    assert caddy["environment"]["XDG_DATA_HOME"] == folder


def test_hubs_wait_for_the_migration_and_it_for_the_database() -> None:
    services = compose()["services"]

    for name in ("hub-1", "hub-2"):
        assert services[name]["depends_on"]["migrate"] == {
            "condition": "service_completed_successfully"
        }
    assert services["migrate"]["depends_on"]["database"] == {"condition": "service_healthy"}
    assert services["migrate"]["command"] == ["migrate", "--pre"]


def test_secrets_are_files_and_each_that_is_named_is_made(tmp_path: Path) -> None:
    found = compose()
    used = {secret for it in found["services"].values() for secret in it.get("secrets", ())}
    subprocess.run(["sh", str(DEPLOY / "make-secrets.sh"), str(tmp_path)], check=True)
    made = {it.name: it.read_text() for it in tmp_path.iterdir()}
    subprocess.run(["sh", str(DEPLOY / "make-secrets.sh"), str(tmp_path)], check=True)

    assert used == set(found["secrets"]) == set(made)
    assert {it.name: it.read_text() for it in tmp_path.iterdir()} == made
    assert all(it.stat().st_mode & 0o077 == 0 for it in tmp_path.iterdir())
    words = (ROOT / "docker-compose.yml").read_text()
    assert not re.search(r"PASSWORD: |postgresql://|redis://", words)


def test_redis_keeps_nothing_and_forgets_nothing() -> None:
    (_, _, command) = compose()["services"]["redis"]["command"]

    assert "--save ''" in command
    assert "--appendonly no" in command
    assert "--maxmemory-policy noeviction" in command


def test_nothing_in_the_image_says_where_packages_come_from() -> None:
    for name in ("Dockerfile", "Caddyfile", "make-secrets.sh"):
        assert not re.search(r"https?://|index-url|registry=", (DEPLOY / name).read_text())
    image = (DEPLOY / "Dockerfile").read_text()
    assert "--require-hashes" in image
    assert image.index("USER 10001") < image.index("ENTRYPOINT")


# Running what is written.


@pytest.fixture
def environment(tmp_path: Path, postgres: Postgres, redis_server: RedisServer) -> dict[str, str]:
    """What the compose file gives a hub, with the addresses and files of this machine."""
    secrets = tmp_path / "secrets"
    subprocess.run(["sh", str(DEPLOY / "make-secrets.sh"), str(secrets)], check=True)
    for name, address in (
        ("database_url", postgres.new_database()),
        ("broker_url", redis_server.url),
    ):
        (secrets / name).chmod(0o600)
        (secrets / name).write_text(address)
    given = compose()["services"]["hub-1"]["environment"]
    said = {
        name: value.replace("/run/secrets", str(secrets))
        .replace("${ENTRAIDE_DOMAIN:?the name under which people reach it}", "entraide.example")
        .replace("${ENTRAIDE_PUSH_CONTACT:-}", "mailto:duty@entraide.example")
        for name, value in given.items()
    }
    said |= {"ENTRAIDE_HOST": "127.0.0.1", "ENTRAIDE_PORT": "0", "ENTRAIDE_DATA_DIR": str(tmp_path)}
    return {**PLAIN, **said}


def command_of(service: str) -> list[str]:
    """As written: the image's entry point and the service's command."""
    entry = re.search(r"^ENTRYPOINT (.*)$", (DEPLOY / "Dockerfile").read_text(), re.MULTILINE)
    assert entry is not None
    program, *words = json.loads(entry[1])
    assert program == "python"
    return [sys.executable, *words, *compose()["services"][service]["command"]]


@pytest.mark.timeout(120)
def test_each_of_our_services_runs_as_it_is_written(environment: dict[str, str]) -> None:
    too_early = subprocess.run(
        command_of("hub-1"), env=environment, capture_output=True, text=True, timeout=60
    )
    migrated = subprocess.run(
        command_of("migrate"), env=environment, capture_output=True, text=True, timeout=60
    )
    assert too_early.returncode == 2
    assert "migrate --pre" in too_early.stderr
    assert migrated.returncode == 0, migrated.stderr

    with started(command_of("hub-1"), environment) as address:
        check = compose()["services"]["hub-1"]["healthcheck"]["test"][3]
        check = check.replace("http://127.0.0.1:8000", address)
        healthy = subprocess.run([sys.executable, "-c", check], timeout=30, capture_output=True)

    assert healthy.returncode == 0, healthy.stderr


@pytest.mark.parametrize(
    "unit", sorted((DEPLOY / "systemd").glob("*.service")), ids=lambda it: it.name
)
def test_a_unit_takes_every_right_away_that_it_can(unit: Path) -> None:
    text = unit.read_text()

    for line in (
        "User=entraide",
        "NoNewPrivileges=yes",
        "CapabilityBoundingSet=",
        "ProtectSystem=strict",
        "ProtectHome=yes",
        "PrivateDevices=yes",
        "MemoryDenyWriteExecute=yes",
        "RestrictAddressFamilies=AF_INET AF_INET6 AF_UNIX",
    ):
        assert f"\n{line}\n" in text
    assert f"-m web {'serve' if unit.stem == 'entraide' else ''}" in text
    tool = shutil.which("systemd-analyze")
    if tool is not None:
        said = subprocess.run([tool, "verify", str(unit)], capture_output=True, text=True)
        ours = [it for it in said.stderr.splitlines() if unit.name in it]
        assert not [it for it in ours if "not executable" not in it]


def test_the_backup_s_folder_is_made_before_it_is_opened_to_the_unit() -> None:
    """A unit is not started whose writable path is not there."""
    text = (DEPLOY / "systemd" / "entraide-backup.service").read_text()
    made = re.search(r"^ExecStartPre=\+.* (\S+)$", text, re.MULTILINE)

    assert made is not None
    assert f"\nReadWritePaths={made[1]}\n" in text
