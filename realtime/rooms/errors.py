"""What can go wrong in a room."""

from realtime.kernel.errors import AppError


class NotAMember(AppError):
    """You are not a member of this room."""

    number, name, temporary, status = 700, "not_a_member", False, 403


class RoomClosed(AppError):
    """This room is closed: nothing more can be said in it."""

    number, name, temporary, status = 701, "room_closed", False, 409


class NotLast(AppError):
    """Only your own last message can be changed, for a few minutes."""

    number, name, temporary, status = 702, "not_last", False, 409


class DraftHeld(AppError):
    """A colleague is writing an answer; yours was not sent."""

    number, name, temporary, status = 703, "draft_held", True, 409


class OnlyListening(AppError):
    """You listen to this room without being seen: join it before you speak in it."""

    number, name, temporary, status = 704, "only_listening", False, 409


class SeatTaken(AppError):
    """That person has a seat in this room already."""

    number, name, temporary, status = 705, "seat_taken", False, 409


class NoSuchAttachment(AppError):
    """This picture is not there, or is not yours to show."""

    number, name, temporary, status = 706, "no_such_attachment", False, 404


class NotAPicture(AppError):
    """This file is not a picture that can be shown: JPEG, PNG or WebP."""

    number, name, temporary, status = 707, "not_a_picture", False, 415


class RoomFull(AppError):
    """This room holds as many pictures as it may."""

    number, name, temporary, status = 708, "room_full", False, 409
