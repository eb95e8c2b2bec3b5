"""What can go wrong between her who asks and those who answer. Numbers 1000 to 1049."""

from realtime.kernel.errors import AppError


class LineClosed(AppError):
    """The chat is closed now. By telephone: 3919, and in danger 17 or 112, or 114 by text."""

    number, name, temporary, status = 1000, "line_closed", False, 409


class ChatBlocked(AppError):
    """You cannot write here now. By telephone: 3919, and in danger 17 or 112, or 114 by text."""

    number, name, temporary, status = 1001, "chat_blocked", False, 403


class WrongWords(AppError):
    """These words open no conversation; look at them again, or start a new one."""

    number, name, temporary, status = 1002, "wrong_words", False, 403


class WordAsked(AppError):
    """Say the code word that you chose, too."""

    number, name, temporary, status = 1003, "word_asked", False, 409


class ChatOver(AppError):
    """This conversation is over."""

    number, name, temporary, status = 1004, "chat_over", False, 409


class TargetOff(AppError):
    """Nobody there is on duty; choose somebody else, or the queue."""

    number, name, temporary, status = 1005, "target_off", False, 409


class TargetFull(AppError):
    """They have as many conversations as they may; choose somebody else, or the queue."""

    number, name, temporary, status = 1006, "target_full", False, 409


class OverCapacity(AppError):
    """You have as many conversations as you may have at once."""

    number, name, temporary, status = 1007, "over_capacity", False, 409


class OfferOver(AppError):
    """This is not proposed to you any more: somebody else has it, or is being asked."""

    number, name, temporary, status = 1008, "offer_over", False, 409


class NotYours(AppError):
    """Another operator has this conversation."""

    number, name, temporary, status = 1009, "not_yours", False, 403


class OffDuty(AppError):
    """Go on duty first."""

    number, name, temporary, status = 1010, "off_duty", False, 409


class ChatAlreadyOpen(AppError):
    """You have a conversation that is open already."""

    number, name, temporary, status = 1011, "chat_already_open", False, 409


class WordsLimited(AppError):
    """Too many wrong words for now; start a new conversation, or try again in a few minutes."""

    number, name, temporary, status = 1012, "words_limited", True, 429
