"""What can go wrong with an alert of witnesses. Numbers 1100 to 1149."""

from realtime.kernel.errors import AppError


class RoleTaken(AppError):
    """Somebody else is doing that already; another part is free."""

    number, name, temporary, status = 1100, "role_taken", False, 409


class WitnessNeedsAPlace(AppError):
    """Say a line, a stop or where you are."""

    number, name, temporary, status = 1101, "witness_needs_a_place", False, 400


class WitnessEnded(AppError):
    """This alert is over."""

    number, name, temporary, status = 1102, "witness_ended", False, 409


class NotOnTheSpot(AppError):
    """Only those who were there can say what they see."""

    number, name, temporary, status = 1103, "not_on_the_spot", False, 409


class TooManyMutes(AppError):
    """You have muted as many lines as you can."""

    number, name, temporary, status = 1104, "too_many_mutes", False, 409
