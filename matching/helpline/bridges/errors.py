"""What can go wrong with a bridge. Numbers 1070 to 1079."""

from realtime.kernel.errors import AppError


class BridgeOver(AppError):
    """This is not asked any more; it has been answered, or its time is over."""

    number, name, temporary, status = 1070, "bridge_over", False, 409


class BridgeAsked(AppError):
    """She is being asked this already; leave her the time to answer."""

    number, name, temporary, status = 1071, "bridge_asked", False, 409


class PlaceNeeded(AppError):
    """To look near you, we need to know where you are; nothing was asked yet."""

    number, name, temporary, status = 1072, "place_needed", False, 400
