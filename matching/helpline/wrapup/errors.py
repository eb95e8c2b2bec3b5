"""What can go wrong with counts. Numbers 1060 to 1064."""

from realtime.kernel.errors import AppError


class MonthNotTold(AppError):
    """Counts of a month are told once it is over."""

    number, name, temporary, status = 1060, "month_not_told", False, 409
