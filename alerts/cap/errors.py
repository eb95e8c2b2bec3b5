"""What can go wrong with a warning that somebody gives us. Numbers 1150 to 1174."""

from realtime.kernel.errors import AppError


class NotAWarning(AppError):
    """This file is neither a CAP message nor a feed of them."""

    number, name, temporary, status = 1150, "not_a_warning", False, 400
