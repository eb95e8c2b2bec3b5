"""What can go wrong with a need for a room. Numbers 950 to 969."""

from realtime.kernel.errors import AppError


class NeedAlreadyOpen(AppError):
    """You have already asked for a room, and that request is still open."""

    number, name, temporary, status = 950, "need_already_open", False, 409


class NeedEnded(AppError):
    """This request for a room is over."""

    number, name, temporary, status = 951, "need_ended", False, 409


class AddressClosed(AppError):
    """The address opens once the hotel has said yes."""

    number, name, temporary, status = 953, "address_closed", False, 409


class RevealsLocked(AppError):
    """Too many addresses in an hour: a supervisor has been called, and opens them again."""

    number, name, temporary, status = 955, "reveals_locked", False, 429


class SamePerson(AppError):
    """Somebody else must agree to this."""

    number, name, temporary, status = 956, "same_person", False, 403


class TooManyNeeds(AppError):
    """You have asked many times today; call the helpline."""

    number, name, temporary, status = 957, "too_many_needs", False, 429
