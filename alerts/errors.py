"""What can go wrong with a request for help. Numbers 650 to 699."""

from realtime.kernel.errors import AppError


class AlertAlreadyOpen(AppError):
    """You have already asked for help, and that request is still open."""

    number, name, temporary, status = 650, "alert_already_open", False, 409


class AlertEnded(AppError):
    """This request for help is over."""

    number, name, temporary, status = 651, "alert_ended", False, 409


class HelperNotComing(AppError):
    """This person has not accepted to help, or has turned back."""

    number, name, temporary, status = 652, "helper_not_coming", False, 409
