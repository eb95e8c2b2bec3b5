"""What can go wrong with blocks. Numbers 1065 to 1069."""

from realtime.kernel.errors import AppError


class BlockTooLong(AppError):
    """Thirty days at most; a supervisor may decide otherwise."""

    number, name, temporary, status = 1065, "block_too_long", False, 403
