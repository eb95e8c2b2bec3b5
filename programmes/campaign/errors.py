"""What can go wrong with a campaign. Numbers 1200 to 1229."""

from realtime.kernel.errors import AppError


class UnknownCode(AppError):
    """This link is not one of ours; choose your line by hand."""

    number, name, temporary, status = 1200, "unknown_code", False, 404


class UnknownPlace(AppError):
    """This line or this stop is not known here; import its network, or write the place by hand."""

    number, name, temporary, status = 1201, "unknown_place", False, 404


class NoPlace(AppError):
    """A poster needs a place: a line, a stop, or a venue."""

    number, name, temporary, status = 1202, "no_place", False, 400


class CampaignEnded(AppError):
    """This campaign is over; its links still work, and nothing is counted any more."""

    number, name, temporary, status = 1203, "campaign_ended", False, 409


class DrillTooSoon(AppError):
    """There has been an exercise on this line in the last seven days, or one is planned."""

    number, name, temporary, status = 1204, "drill_too_soon", False, 409


class DrillTime(AppError):
    """An exercise can be planned up to three months ahead, and not in the past."""

    number, name, temporary, status = 1205, "drill_time", False, 400


class TooManyDrills(AppError):
    """Too many exercises are planned already."""

    number, name, temporary, status = 1206, "too_many_drills", False, 409


class PosterTooSmall(AppError):
    """The address of this installation is too long for a code that phones can read."""

    number, name, temporary, status = 1207, "poster_too_small", False, 409
