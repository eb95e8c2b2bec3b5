"""What can go wrong on the way in. Numbers 850 to 889.

Whoever is not let in is told the same, whatever was wrong: who has an account is nobody's business.
"""

from realtime.kernel.errors import AppError


class NotAdmitted(AppError):
    """This key or this code does not open anything here."""

    number, name, temporary, status = 850, "not_admitted", False, 403


class InvitationSpent(AppError):
    """This invitation has been used, has expired or was never made; ask for another."""

    number, name, temporary, status = 851, "invitation_spent", False, 403


class WrongPin(AppError):
    """This is not the code of that person."""

    number, name, temporary, status = 852, "wrong_pin", False, 403


class PinLocked(AppError):
    """Too many wrong codes: wait a quarter of an hour, or sign in with a key."""

    number, name, temporary, status = 853, "pin_locked", False, 429


class WeakPin(AppError):
    """Anybody would try this code first; choose another."""

    number, name, temporary, status = 854, "weak_pin", False, 400


class StepUpNeeded(AppError):
    """Show your key, or type a code of your application, once more first."""

    number, name, temporary, status = 855, "step_up_needed", False, 403


class DeskRefused(AppError):
    """This link or this code does not open anything; after five mistakes ask for another link."""

    number, name, temporary, status = 856, "desk_refused", False, 403


class KeyRefused(AppError):
    """This key could not be enrolled; begin again."""

    number, name, temporary, status = 857, "key_refused", False, 400


class WrongTotp(AppError):
    """This is not the code that your application shows now."""

    number, name, temporary, status = 858, "wrong_totp", False, 403


class NotInvitable(AppError):
    """You may not invite somebody to that."""

    number, name, temporary, status = 859, "not_invitable", False, 403


class TooManyKeys(AppError):
    """You already have as many keys as one can have."""

    number, name, temporary, status = 860, "too_many_keys", False, 409


class NoAccount(AppError):
    """This session is nobody's account: it was made by a program."""

    number, name, temporary, status = 861, "no_account", False, 403


class NoSuchHotel(AppError):
    """There is no such hotel here."""

    number, name, temporary, status = 862, "no_such_hotel", False, 404
