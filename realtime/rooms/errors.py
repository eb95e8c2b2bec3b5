"""What can go wrong in a room."""

from realtime.kernel.errors import AppError


class NotAMember(AppError):
    """You are not a member of this room."""

    number, name, temporary, status = 700, "not_a_member", False, 403


class RoomClosed(AppError):
    """This room is closed: nothing more can be said in it."""

    number, name, temporary, status = 701, "room_closed", False, 409
