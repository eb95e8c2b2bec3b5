"""What can go wrong with the money. Numbers 970 to 999."""

from realtime.kernel.errors import AppError


class BudgetEmpty(AppError):
    """There is not enough money left in this budget for these nights."""

    number, name, temporary, status = 970, "budget_empty", False, 409


class BudgetClosed(AppError):
    """These nights are not in the period that this budget pays for."""

    number, name, temporary, status = 971, "budget_closed", False, 409


class BudgetElsewhere(AppError):
    """This budget pays for another département."""

    number, name, temporary, status = 972, "budget_elsewhere", False, 409


class NightTooDear(AppError):
    """This room costs more for a night than this budget pays."""

    number, name, temporary, status = 973, "night_too_dear", False, 409


class NothingOwed(AppError):
    """Nothing is owed to this hotel for that month."""

    number, name, temporary, status = 974, "nothing_owed", False, 409


class MonthNotOver(AppError):
    """This month is not over; it is paid when its last night is."""

    number, name, temporary, status = 975, "month_not_over", False, 409


class BooksUnbalanced(AppError):
    """The accounts do not balance; nothing was changed, and we have been told."""

    number, name, temporary, status = 976, "books_unbalanced", False, 500
