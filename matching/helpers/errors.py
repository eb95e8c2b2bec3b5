"""What can go wrong with helpers. Numbers 550 to 599."""

from realtime.kernel.errors import AppError


class NotAHelper(AppError):
    """Only approved helpers may do that."""

    number, name, temporary, status = 550, "not_a_helper", False, 403


class AlreadyApplied(AppError):
    """You have already applied to help."""

    number, name, temporary, status = 551, "already_applied", False, 409


class BadPhone(AppError):
    """This is not a phone number."""

    number, name, temporary, status = 552, "bad_phone", False, 400


class ExclusionListFull(AppError):
    """Your exclusion list is full."""

    number, name, temporary, status = 553, "exclusion_list_full", False, 409


class DutyNeedsAPlace(AppError):
    """To go on duty, say roughly where you are."""

    number, name, temporary, status = 554, "duty_needs_a_place", False, 400
