"""What can go wrong with an offer. Numbers 600 to 649."""

from realtime.kernel.errors import AppError


class OfferClosed(AppError):
    """This offer does not allow that, or not any more."""

    number, name, temporary, status = 600, "offer_closed", False, 409
