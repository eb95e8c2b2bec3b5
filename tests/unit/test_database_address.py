"""The address of a PostgreSQL server: what is taken, what is refused, and what no error repeats."""

import ssl
from pathlib import Path

import pytest

from realtime.sql import Database
from realtime.sql.address import parsed


@pytest.mark.parametrize(
    "url",
    [
        "postgresql://entraide:canary@127.0.0.1:5432/entraide",
        "postgresql://entraide@localhost/entraide",
        "postgresql://entraide@[::1]/entraide",
        "postgresql:///entraide?host=/run/postgresql",
        "postgresql://entraide@db.example/entraide?sslmode=disable",
    ],
)
def test_a_line_that_stays_on_this_machine_is_not_encrypted_nor_one_that_asks_not_to_be(
    url: str,
) -> None:
    assert parsed(url)[1] is False


@pytest.mark.parametrize("url", ["postgresql://db/entraide", "postgresql://10.0.0.7/entraide"])
def test_a_line_to_another_machine_is_encrypted(url: str) -> None:
    tls = parsed(url)[1]

    assert isinstance(tls, ssl.SSLContext)
    assert tls.verify_mode is ssl.CERT_NONE


@pytest.mark.parametrize(("mode", "names"), [("verify-ca", False), ("verify-full", True)])
def test_the_server_must_be_who_it_says_where_that_is_asked(mode: str, names: bool) -> None:
    tls = parsed(f"postgresql://db/entraide?sslmode={mode}")[1]

    assert isinstance(tls, ssl.SSLContext)
    assert (tls.verify_mode, tls.check_hostname) == (ssl.CERT_REQUIRED, names)


def test_an_authority_of_ones_own_is_read_from_its_file(tmp_path: Path) -> None:
    with pytest.raises(OSError, match="No such file"):
        parsed(f"postgresql://db/x?sslmode=verify-full&sslrootcert={tmp_path / 'none.pem'}")


def test_the_driver_is_told_the_place_and_nothing_of_the_options() -> None:
    address, _ = parsed("postgresql://user:word@/entraide?host=/run/pg&sslmode=disable")

    assert address.drivername == "postgresql+asyncpg"
    assert dict(address.query) == {"host": "/run/pg"}


@pytest.mark.parametrize(
    "url",
    [
        "postgresql://user:canary@host:port/entraide",
        "postgresql://user:canary@host/entraide?password=canary",
        "postgresql://user:canary@host/entraide?sslmode=canary",
        "postgresql://user:canary@host/entraide?sslmode=prefer",
        "mysql://user:canary@host/entraide",
        "canary",
    ],
)
def test_what_cannot_be_an_address_is_refused_without_repeating_it(url: str) -> None:
    with pytest.raises(ValueError, match="database") as caught:
        Database.open(url)

    assert "canary" not in str(caught.value)
    assert caught.value.__cause__ is None


def test_an_address_is_taken_without_anything_being_connected() -> None:
    assert Database.open("postgresql://user:word@127.0.0.1:1/entraide").shared
