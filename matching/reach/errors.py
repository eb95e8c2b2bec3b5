"""What can go wrong with waking a phone. Numbers 570 to 579."""

from realtime.kernel.errors import AppError


class BadSubscription(AppError):
    """This browser's notification service is not one that we can use."""

    number, name, temporary, status = 570, "bad_subscription", False, 400
