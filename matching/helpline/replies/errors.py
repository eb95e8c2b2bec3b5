"""What can go wrong with canned replies. Numbers 1050 to 1054."""

from realtime.kernel.errors import AppError


class UnknownVariable(AppError):
    """This text holds braces, or a variable, that nobody can fill in."""

    number, name, temporary, status = 1050, "unknown_variable", False, 400


class TooManyReplies(AppError):
    """There are as many replies as an operator can look through; drop one first."""

    number, name, temporary, status = 1051, "too_many_replies", False, 409
