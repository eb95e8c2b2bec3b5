"""Errors a caller may see: a number, a stable name, and whether trying again can help.

Adapters translate what their driver raises into these; nothing above an adapter catches a driver's
exception. Numbers below 400 are Centrifugo's own, so that the SDKs react as their authors meant;
ours run from 400 to 1999. The docstring of a class is its English sentence: it never holds
personal data, and the catalogues say it in each language under the error's name.
"""

from collections.abc import Generator
from contextlib import contextmanager
from typing import ClassVar


class AppError(Exception):
    """Something went wrong on our side."""

    number: ClassVar[int] = 100
    name: ClassVar[str] = "internal"
    temporary: ClassVar[bool] = True
    #: What plain HTTP answers with.
    status: ClassVar[int] = 500
    #: In how many seconds trying again makes sense, where that is known.
    retry_s: float | None = None

    @property
    def sentence(self) -> str:
        return (type(self).__doc__ or "").strip()


class Unauthorized(AppError):
    """You are not signed in, or your session has ended."""

    number, name, temporary, status = 101, "unauthorized", False, 401


class UnknownChannel(AppError):
    """There is no such channel."""

    number, name, temporary, status = 102, "unknown_channel", False, 404


class NotAllowed(AppError):
    """You are not allowed to do that."""

    number, name, temporary, status = 103, "not_allowed", False, 403


class UnknownMethod(AppError):
    """There is no such command."""

    number, name, temporary, status = 104, "unknown_method", False, 404


class AlreadySubscribed(AppError):
    """You already listen to this channel."""

    number, name, temporary, status = 105, "already_subscribed", False, 409


class LimitExceeded(AppError):
    """That is more than is allowed here."""

    number, name, temporary, status = 106, "limit_exceeded", False, 429


class Malformed(AppError):
    """The request could not be understood."""

    number, name, temporary, status = 107, "malformed", False, 400


class NotAvailable(AppError):
    """This is not available here."""

    number, name, temporary, status = 108, "not_available", False, 404


class TicketExpired(AppError):
    """This ticket has been used or has expired; ask for another."""

    number, name, temporary, status = 109, "ticket_expired", False, 401


class TooManyRequests(AppError):
    """Too many requests at once; try again in a moment."""

    number, name, temporary, status = 111, "too_many_requests", True, 429


class UnrecoverablePosition(AppError):
    """Too much has happened since; start again from the snapshot."""

    number, name, temporary, status = 112, "unrecoverable_position", False, 409


class Unavailable(AppError):
    """A service we depend on is not answering."""

    number, name, temporary, status = 400, "unavailable", True, 503


class NotFound(AppError):
    """There is no such thing, or it is not yours to see."""

    number, name, temporary, status = 404, "not_found", False, 404


class Conflict(AppError):
    """Somebody else has changed this in the meantime."""

    number, name, temporary, status = 409, "conflict", False, 409


class Gone(AppError):
    """This has been deleted and cannot be read any more."""

    number, name, temporary, status = 410, "gone", False, 410


class TooLarge(AppError):
    """This is too large."""

    number, name, temporary, status = 413, "too_large", False, 413


def every_error(base: type[AppError] = AppError) -> list[type[AppError]]:
    """The error table: every class, each once, by number."""
    found = {
        base,
        *(kind for sub in base.__subclasses__() for kind in every_error(sub)),
    }
    return sorted(found, key=lambda error: error.number)


@contextmanager
def translating(*foreign: type[Exception], into: type[AppError]) -> Generator[None]:
    """Raise ``into`` whenever one of ``foreign`` escapes, keeping it as the cause."""
    try:
        yield
    except foreign as error:
        raise into from error
