"""What can go wrong with networks. Numbers 1175 to 1199."""

from realtime.kernel.errors import AppError


class BadHook(AppError):
    """This address cannot be told: it must be https, a public name, on its usual port."""

    number, name, temporary, status = 1175, "bad_hook", False, 400


class NotOfNetwork(AppError):
    """This line or stop is not known on this network."""

    number, name, temporary, status = 1176, "not_of_network", False, 404


class TooLongAhead(AppError):
    """A service alert ends within twenty-four hours."""

    number, name, temporary, status = 1177, "too_long_ahead", False, 400


class TooManyServiceAlerts(AppError):
    """Too many service alerts stand on this network; end some of them first."""

    number, name, temporary, status = 1178, "too_many_service_alerts", False, 409
