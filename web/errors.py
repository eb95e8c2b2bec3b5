"""From an exception to what a caller may read: a number, a name, a sentence, never a traceback.

Declares also the errors of this folder (numbers 800 to 899).
"""

import msgspec
import structlog

from realtime.kernel.errors import AppError

log = structlog.get_logger("web.errors")


class SignInLimited(AppError):
    """Too many new sessions from this address; try again in a minute."""

    number, name, temporary, status = 800, "sign_in_limited", True, 429


class ForeignOrigin(AppError):
    """This request does not come from one of our pages."""

    number, name, temporary, status = 801, "foreign_origin", False, 403


class WrongVerb(AppError):
    """This address does not take that kind of request."""

    number, name, temporary, status = 802, "wrong_verb", False, 405


class NotJson(AppError):
    """The body of a request is JSON, and says so in its content type."""

    number, name, temporary, status = 803, "not_json", False, 415


class ForeignHost(AppError):
    """This server does not answer to that name."""

    number, name, temporary, status = 804, "foreign_host", False, 421


class ErrorView(msgspec.Struct, frozen=True):
    """An error as HTTP tells it."""

    code: int
    name: str
    message: str
    temporary: bool


class ErrorAnswer(msgspec.Struct, frozen=True):
    error: ErrorView


def view(error: AppError) -> ErrorView:
    return ErrorView(
        code=error.number, name=error.name, message=error.sentence, temporary=error.temporary
    )


def body(error: AppError) -> bytes:
    return msgspec.json.encode(ErrorAnswer(error=view(error)))


def tamed(error: Exception, *, where: str) -> AppError:
    """The error to answer with. What we did not foresee is logged by kind and place only.

    Neither the text nor the arguments of an unforeseen exception are written: drivers put values
    in them.
    """
    if isinstance(error, AppError):
        return error
    last = error.__traceback__
    while last is not None and last.tb_next is not None:
        last = last.tb_next
    log.error(
        "unforeseen",
        where=where,
        kind=type(error).__name__,
        file=last.tb_frame.f_code.co_filename.rsplit("/", 1)[-1] if last else "",
        line=last.tb_lineno if last else 0,
    )
    return AppError()
