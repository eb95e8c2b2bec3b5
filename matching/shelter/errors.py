"""What can go wrong with a room for the night. Numbers 900 to 949."""

from realtime.kernel.errors import AppError


class RoomTaken(AppError):
    """This room has just been taken; others may be free."""

    number, name, temporary, status = 900, "room_taken", False, 409


class RoomsPromised(AppError):
    """These rooms are promised to people on their way; decline one of them first."""

    number, name, temporary, status = 901, "rooms_promised", False, 409


class HoldEnded(AppError):
    """This room is not held any more."""

    number, name, temporary, status = 902, "hold_ended", False, 409


class AlreadyExtended(AppError):
    """This room has already been held longer once."""

    number, name, temporary, status = 903, "already_extended", False, 409


class WrongCode(AppError):
    """This is not the code; look at it again."""

    number, name, temporary, status = 904, "wrong_code", False, 403


class CodeLocked(AppError):
    """Too many wrong codes; call the helpline, which can confirm who it is."""

    number, name, temporary, status = 905, "code_locked", False, 429


class AskCovered(AppError):
    """Covered: another hotel has taken her in. Thank you."""

    number, name, temporary, status = 906, "ask_covered", False, 409


class NotApproved(AppError):
    """A second person must agree to a stay of this length first."""

    number, name, temporary, status = 907, "not_approved", False, 409


class OptionGone(AppError):
    """This offer is no longer there; look again."""

    number, name, temporary, status = 908, "option_gone", False, 409


class CountDrifted(AppError):
    """The rooms of this hotel do not add up; nothing was changed, and we have been told."""

    number, name, temporary, status = 909, "count_drifted", False, 500


class AlreadyHeld(AppError):
    """A room is held already; give it back before another is taken."""

    number, name, temporary, status = 910, "already_held", False, 409


class HotelNotListed(AppError):
    """No hotel of that number is known here, or it has not joined; import the public list first."""

    number, name, temporary, status = 911, "hotel_not_listed", False, 404


class HotelJoined(AppError):
    """One of these hotels has joined already; nothing was changed."""

    number, name, temporary, status = 912, "hotel_joined", False, 409


class CodeNotLocked(AppError):
    """The hotel still takes her code: she says it at the desk."""

    number, name, temporary, status = 913, "code_not_locked", False, 409


class RoomDoesNotFit(AppError):
    """This room is not for them: it lacks beds, a cot, or what they need to come in."""

    number, name, temporary, status = 914, "room_does_not_fit", False, 409
