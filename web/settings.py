"""Every knob of the service, read once at start from ``ENTRAIDE_…`` and refused as a whole.

In production, whatever would lose an alert or leak one is refused; every problem is named at once,
and none by its value: an address may hold a password.
"""

import os
from ipaddress import ip_network
from pathlib import Path
from typing import Annotated
from urllib.parse import urlsplit

from pydantic import AliasChoices, Field, ValidationError, field_validator
from pydantic_settings import NoDecode, SettingsConfigDict

from matching.helpline.rules import KEPT_DAYS
from web.feed_settings import FeedSettings
from web.keys import file_problems, memory_filesystem, network_filesystem
from web.push_settings import PushSettings
from web.reached import broker_problems, database_problems

PREFIX = "ENTRAIDE_"
_SEAL_KEY = AliasChoices("seal_key", f"{PREFIX}SEAL_KEY_FILE", f"{PREFIX}SEAL_KEY")
#: Settings that hold a password: each may come as the name of a file instead.
SECRET = ("database", "broker")
#: The shortest prefixes that proxies are named by: those of the largest that exist are longer.
WIDEST_PROXIES = {4: 8, 6: 16}
#: Where a development server keeps everything, unless told otherwise.
DEFAULT_FOLDER = Path("data")


class BadSettings(Exception):
    """Raised at start, naming every problem at once rather than one at a time."""

    def __init__(self, problems: list[str]) -> None:
        super().__init__("; ".join(problems))
        self.problems = problems


class Settings(PushSettings, FeedSettings):
    """What the environment and the command line say. Build it with ``read``."""

    model_config = SettingsConfigDict(env_prefix=PREFIX, frozen=True, extra="ignore")

    #: Database, keys and everything else that must outlive the process.
    data_dir: Path = DEFAULT_FOLDER
    #: ``sqlite:///file`` (embedded; empty: a file in the data folder) or ``postgresql://…``.
    database: str = ""
    #: ``memory://`` for one process, ``redis://…`` for several.
    broker: str = "memory://"
    #: 32 bytes in base64, the same on every node. None: in the data folder.
    seal_key: Annotated[Path | None, Field(validation_alias=_SEAL_KEY)] = None
    host: str = "127.0.0.1"
    port: Annotated[int, Field(ge=0, le=65535)] = 8000
    workers: Annotated[int, Field(ge=1, le=64)] = 1
    production: bool = False
    debug: bool = False
    #: Run the simulated city beside the server.
    demo: bool = True
    #: Our pages' origins, separated by commas: ``https://entraide.example``.
    origins: Annotated[tuple[str, ...], NoDecode] = ()
    #: Addresses of the proxies whose X-Forwarded-For and -Proto are believed.
    proxies: str = "127.0.0.1"
    #: Where "vite, je quitte" leads.
    exit_url: str = "https://meteofrance.com/"
    #: How long a conversation with the helpline is kept once it is closed; 0: not at all.
    chat_days: Annotated[int, Field(ge=0, le=365)] = KEPT_DAYS
    #: New sessions from one address before they are slowed down.
    session_burst: Annotated[int, Field(ge=1, le=100_000)] = 100

    @field_validator("origins", mode="before")
    @classmethod
    def _by_commas(cls, value: object) -> object:
        if isinstance(value, str):
            return tuple(part.strip().rstrip("/") for part in value.split(",") if part.strip())
        return value

    @classmethod
    def read(cls, **given: object) -> "Settings":
        """From the environment, what is ``given`` (and not None) coming first."""
        settings = cls.parsed(**given)
        if problems := settings.problems():
            raise BadSettings(problems)
        return settings

    @classmethod
    def parsed(cls, **given: object) -> "Settings":
        """The same, without asking whether it will do: ``problems`` tells."""
        said = _from_files() | {name: it for name, it in given.items() if it is not None}
        try:
            return cls(**said)  # type: ignore[arg-type]  # pydantic checks them
        except ValidationError as error:
            raise BadSettings(
                [f"{_name(it['loc'])}: {it['msg']}" for it in error.errors(include_input=False)]
            ) from None

    @property
    def database_url(self) -> str:
        return self.database or f"sqlite:///{self.data_dir / 'entraide.db'}"

    @property
    def in_memory(self) -> bool:
        """Whether what nodes share is in the memory of the only one there is."""
        return self.broker.partition("://")[0] == "memory"

    @property
    def seal_key_file(self) -> Path:
        return self.seal_key or self.data_dir / "keys" / "seal.key"

    @property
    def database_file(self) -> Path | None:
        """The file behind ``sqlite:///file``; None on another engine."""
        scheme, _, path = self.database_url.partition("://")
        return Path(path.removeprefix("/")) if scheme == "sqlite" else None

    @property
    def serves_demo(self) -> bool:
        return self.demo and not self.production

    @property
    def line_problems(self) -> list[str]:
        """What is wrong with the addresses of the database and the broker."""
        asked = {"production": self.production}
        return [
            *broker_problems(self.broker, f"{PREFIX}BROKER", **asked),
            *database_problems(self.database_url, f"{PREFIX}DATABASE", **asked),
        ]

    def problems(self) -> list[str]:
        """Everything wrong, whatever the profile, then what production adds."""
        found = [*_known(self), *_alone(self)]
        if self.production:
            found += _production(self)
        found += self.push_problems(PREFIX, self.data_dir, production=self.production)
        found += self.feed_problems(PREFIX, production=self.production)
        return found


def _name(location: tuple[int | str, ...]) -> str:
    return PREFIX + str(location[0]).upper() if location else "settings"


def _from_files() -> dict[str, object]:
    """Addresses that hold a password, each as the first line of a file (``…_FILE``)."""
    said: dict[str, object] = {}
    for name in SECRET:
        variable = f"{PREFIX}{name.upper()}_FILE"
        if file := os.environ.get(variable):
            try:
                text = Path(file).read_text(encoding="utf-8").strip()
            except (OSError, ValueError):
                raise BadSettings([f"{variable} cannot be read"]) from None
            if not text:
                # Without a word, it would be a database of our own, that nobody else looks at.
                raise BadSettings([f"{variable} is empty"])
            said[name] = text.splitlines()[0].strip()
    return said


def _known(settings: Settings) -> list[str]:
    found = settings.line_problems
    exit_to = urlsplit(settings.exit_url)
    if exit_to.scheme != "https" or not exit_to.netloc:
        found.append(f"{PREFIX}EXIT_URL must be an https:// page")
    found += [
        f"{PREFIX}ORIGINS: an origin is scheme://host[:port], and nothing else"
        for origin in settings.origins
        if not _is_origin(origin)
    ]
    return found


def _alone(settings: Settings) -> list[str]:
    """Several processes that cannot hear each other would each lose the other's alerts."""
    if settings.workers == 1:
        return []
    found = []
    if settings.in_memory:
        found.append(f"{PREFIX}BROKER=memory:// serves one process: ask for 1 worker, or Redis")
    if settings.database_file is not None:
        found.append(f"{PREFIX}DATABASE=sqlite serves one process: ask for 1 worker, or PostgreSQL")
    return found


def _production(settings: Settings) -> list[str]:
    found = file_problems(settings.seal_key_file)
    if settings.debug:
        found.append(f"{PREFIX}DEBUG must be off in production")
    # Said aloud: ``demo`` is on by default in development only.
    if settings.demo and "demo" in settings.model_fields_set:
        found.append(f"{PREFIX}DEMO must be off in production")
    if not settings.origins:
        found.append(f"{PREFIX}ORIGINS must list our pages' origins in production")
    found += [
        f"{PREFIX}ORIGINS must be https:// and name one host each in production"
        for origin in settings.origins
        if not origin.startswith("https://") or "*" in origin
    ]
    if any(map(_is_anybody, settings.proxies.split(","))):
        found.append(f"{PREFIX}PROXIES must name the proxies that are believed in production")
    file = settings.database_file
    if file is None and settings.in_memory:
        # Nothing would tell a second process that it is one too many.
        found.append(f"{PREFIX}BROKER: whoever shares PostgreSQL shares a Redis too, in production")
    if file is not None and network_filesystem(file):
        found.append(f"{PREFIX}DATABASE: SQLite loses data on a network file system")
    if file is not None and memory_filesystem(file):
        found.append(f"{PREFIX}DATABASE: the file would be in memory, and lost with the power")
    return found


def _is_anybody(proxy: str) -> bool:
    """Whether strangers are among those who would be believed: a network of half the world is."""
    try:
        network = ip_network(proxy.strip())
    except ValueError:
        return "*" in proxy
    return network.prefixlen < WIDEST_PROXIES[network.version]


def _is_origin(origin: str) -> bool:
    try:
        parts = urlsplit(origin)
        _ = parts.port
    except ValueError:
        return False
    return (
        parts.scheme in {"http", "https"}
        and bool(parts.hostname)
        and not (parts.path or parts.query or parts.fragment or parts.username)
    )
