"""What operators of the service may see of it: logs and figures, never people.

A log line may only hold keys of a short list, and only values that name no one. Everything else,
positions, names, texts, tokens, addresses, is dropped, and counted so that somebody notices.
"""

import logging
import re
import sys
from collections.abc import Callable, Iterator, Mapping, MutableMapping
from typing import Final, TextIO

import structlog
from prometheus_client import (
    CollectorRegistry,
    Counter,
    Gauge,
    Histogram,
    disable_created_metrics,
    generate_latest,
)
from prometheus_client.core import CounterMetricFamily, Metric
from prometheus_client.registry import Collector

from web.answered import Answered

#: What a line may say. A new key is added here, after asking whom it could hurt.
ALLOWED: Final = frozenset(
    {
        "event",
        "level",
        "timestamp",
        "logger",
        "where",
        "kind",
        "file",
        "line",
        "error",
        "attempt",
        "commands",
        "tasks",
        "count",
        "number",
        "name",
        "status",
        "method",
        "route",
        "milliseconds",
        "code",
        "reason",
        "sockets",
        "seconds",
        "signal",
        "port",
        "version",
        "refused",
        "dropped",
    }
)
#: Names of ours: an event, an error's class, a route. Not sentences, not tokens.
_NAME = re.compile(r"[A-Za-z0-9_.:/{}<> -]{0,64}\Z")
#: Random ids and tokens are 22 characters and more without a space.
_RANDOM = re.compile(r"(?=[A-Za-z0-9_-]*[0-9A-Z])[A-Za-z0-9_-]{20,}")
_DEGREES = re.compile(r"-?[0-9]{1,3}\.[0-9]{3,}")


def redact(
    logger: object, method: str, event: MutableMapping[str, object]
) -> MutableMapping[str, object]:
    """Keep what is on the list and looks like a name or a count of ours; drop everything else."""
    kept: dict[str, object] = {}
    dropped = 0
    for key, value in event.items():
        if key not in ALLOWED:
            dropped += 1
        elif key in {"timestamp", "level"}:
            kept[key] = value
        else:
            safe = _safe(value)
            kept[key] = "-" if safe is None else safe
            dropped += safe is None
    if dropped:
        kept["dropped"] = dropped
    return kept


def _safe(value: object) -> object | None:
    match value:
        case bool() | int():
            return value
        case float():
            # Durations have a few digits; a position could hide in more.
            return round(value, 2)
        case str() if (
            _NAME.match(value) and not _RANDOM.search(value) and not _DEGREES.search(value)
        ):
            return value
        case _:
            return None


def configure_logs(out: TextIO = sys.stderr, *, debug: bool = False) -> None:
    """JSON lines through ``redact``, for our own logs and everyone else's."""
    shared: list[structlog.typing.Processor] = [
        structlog.stdlib.add_log_level,
        structlog.stdlib.add_logger_name,
        structlog.processors.TimeStamper(fmt="iso", utc=True),
    ]
    structlog.configure(
        processors=[*shared, structlog.stdlib.ProcessorFormatter.wrap_for_formatter],
        logger_factory=structlog.stdlib.LoggerFactory(),
        wrapper_class=structlog.stdlib.BoundLogger,
        cache_logger_on_first_use=False,
    )
    handler = logging.StreamHandler(out)
    handler.setFormatter(
        structlog.stdlib.ProcessorFormatter(
            foreign_pre_chain=[*shared, _nameless],
            processors=[
                structlog.stdlib.ProcessorFormatter.remove_processors_meta,
                _exception_kind,
                redact,
                structlog.processors.JSONRenderer(),
            ],
        )
    )
    root = logging.getLogger()
    root.handlers[:] = [handler]
    root.setLevel(logging.DEBUG if debug else logging.INFO)
    # They repeat what they were given: a URL, a statement with its values.
    for name in ("uvicorn", "asyncio", "aiosqlite", "sqlalchemy", "websockets", "aiohttp"):
        logging.getLogger(name).setLevel(logging.WARNING)


def _nameless(
    logger: object, method: str, event: MutableMapping[str, object]
) -> MutableMapping[str, object]:
    """A library's sentence may hold anything: only its logger and level are kept."""
    event["event"] = "library"
    return event


def _exception_kind(
    logger: object, method: str, event: MutableMapping[str, object]
) -> MutableMapping[str, object]:
    """Of an exception, its class only: drivers put values into their messages."""
    info = event.pop("exc_info", None)
    if isinstance(info, tuple) and info and isinstance(info[0], type):
        event.setdefault("error", info[0].__name__)
    elif isinstance(info, BaseException):
        event.setdefault("error", type(info).__name__)
    elif info:
        kind = sys.exc_info()[0]
        event.setdefault("error", kind.__name__ if kind else "")
    return event


#: From a button on a phone to another phone far away.
_LATENCY = (0.001, 0.0025, 0.005, 0.01, 0.025, 0.05, 0.1, 0.25, 0.5, 1, 2.5, 6)
_ANSWERED = (5, 10, 20, 30, 45, 60, 90, 120, 180, 300, 600)
#: From a request to the first phone that is asked: a step is due at once, so mostly below a second.
_OFFERED = (0.1, 0.25, 0.5, 1, 2, 5, 10, 20, 40, 60, 120)
#: Helpers asked in one step: seven near and fifty remote are the most.
_ASKED = (1, 2, 3, 5, 7, 10, 20, 30, 57)


class Metrics:
    """Figures for ``/metrics``. Labels are names of ours: nobody, nowhere, nothing said."""

    def __init__(self) -> None:
        # When a counter was made is nobody's question, and doubles the page.
        disable_created_metrics()  # type: ignore[no-untyped-call]  # it has no types
        self._registry = CollectorRegistry()
        self._answered = Answered(_LATENCY)
        self._registry.register(self._answered)
        self._accepted = Histogram(
            "entraide_first_acceptance_seconds",
            "From an alert to the first helper who accepted",
            buckets=_ANSWERED,
            registry=self._registry,
        )
        self._offered = Histogram(
            "entraide_first_offer_seconds",
            "From an alert to the first helper who was asked",
            buckets=_OFFERED,
            registry=self._registry,
        )
        self._asked = Histogram(
            "entraide_asked_helpers",
            "Helpers asked in one step of a search",
            buckets=_ASKED,
            registry=self._registry,
        )
        self._commits = Histogram(
            "entraide_commit_seconds",
            "From the first statement of a commit to its end",
            buckets=_LATENCY,
            registry=self._registry,
        )
        self._committed = Counter(
            "entraide_committed_commands",
            "Commands committed; divided by the commits, how many share one",
            registry=self._registry,
        )
        self._requests = Counter(
            "entraide_requests",
            "HTTP requests answered, by route and status",
            ["route", "status"],
            registry=self._registry,
        )

    def command(self, method: str, outcome: str, seconds: float) -> None:
        self._answered.count(method, outcome, seconds)

    def accepted_after(self, seconds: float) -> None:
        self._accepted.observe(seconds)

    def asked(self, since_raised: float, helpers: int, first: bool) -> None:
        """A step of a search has asked helpers, so many seconds after the alert."""
        self._asked.observe(helpers)
        if first:
            self._offered.observe(since_raised)

    def committed(self, seconds: float, commands: int) -> None:
        self._commits.observe(seconds)
        self._committed.inc(commands)

    def request(self, route: str, status: int) -> None:
        self._requests.labels(route, str(status)).inc()

    def watch(self, gauges: Mapping[str, tuple[str, Callable[[], float]]]) -> None:
        """Figures read when asked for: sockets, what waits to be written, tasks."""
        for name, (title, read) in gauges.items():
            Gauge(f"entraide_{name}", title, registry=self._registry).set_function(read)

    def count(self, counts: Mapping[str, tuple[str, Callable[[], float]]]) -> None:
        """The same for what only grows, counted elsewhere since the start."""
        self._registry.register(_Counts(counts))

    def page(self) -> bytes:
        return generate_latest(self._registry)


class _Counts(Collector):
    def __init__(self, counts: Mapping[str, tuple[str, Callable[[], float]]]) -> None:
        self._counts = counts

    def collect(self) -> Iterator[Metric]:
        for name, (title, read) in self._counts.items():
            yield CounterMetricFamily(f"entraide_{name}", title, value=read())
