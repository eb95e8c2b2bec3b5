"""The numbers of the helpline, in one table. Sources: issue 5, reference/features.md section 6."""

from datetime import timedelta

#: An offer is one operator's for so long; then it is somebody else's.
OFFER_FOR = timedelta(seconds=20)
#: Who lets that many offers in a row pass is taken off duty: she has left her desk.
MISSED_MOST = 2
#: Who let somebody pass is asked again, if nobody else has taken her, after so long.
ASK_AGAIN = timedelta(seconds=60)
#: Chats at once.
CAPACITY, TRAINEE_CAPACITY = 2, 1
#: Levels of risk, from her answers; from this one on it is code orange.
LEVELS, ORANGE = 4, 3
#: By level: as if she had come so much earlier. Whoever waits longer than the last of these before
#: another comes is never overtaken by them: that is the ageing.
HEAD_START = (
    timedelta(0),
    timedelta(minutes=3),
    timedelta(minutes=10),
    timedelta(minutes=60),
)
#: The same for her whose operator's line died in the midst of it: before everybody.
INTERRUPTED = timedelta(hours=3)
#: Code orange is with a human within this, or supervisors are called.
ORANGE_WITHIN = timedelta(seconds=60)
#: Her language, a skill, somebody who is no trainee: waited for so long, if they are on duty and
#: busy (code orange: no longer than above); then whoever is free answers, and may call them in.
WISHED_FOR = timedelta(minutes=5)
#: An operator whose line is dead for so long gives her rooms back.
DEAD_AFTER = timedelta(seconds=30)
#: How often lines are looked at; after a silence of three of these, nobody is taken for dead.
PULSE_EVERY = timedelta(seconds=5)
#: After an exit, her words bring her back for so long.
EXIT_KEPT = timedelta(minutes=30)
#: Wrong words of her own before the chat is closed to everybody.
WRONG_MOST = 5
#: A form is not waited for longer: the operator is free again.
WRAP_UP_FOR = timedelta(minutes=10)
#: Places and figures are told at most so often.
TOLD_EVERY = timedelta(seconds=5)
#: How long a chat lasts while nobody has been timed yet (RAINN: an hour and more; 3919: half).
USUAL_CHAT = timedelta(minutes=35)
#: An operator takes about so long to accept.
ANSWERS_IN = timedelta(seconds=10)
#: Figures are of this long, unless asked otherwise, and of no more than…
FIGURES_OF, FIGURES_MOST = timedelta(hours=24), timedelta(days=7)
#: NENA: so many of the calls are answered within so long.
NENA_WITHIN, NENA_SHARE = timedelta(seconds=15), 0.90
#: Conversations are kept for so long after they are closed, unless the installation says otherwise.
KEPT_DAYS = 30
#: Whoever has waited for so long is told the numbers that answer: the line has closed, or she is
#: not there any more, and would be before those who are.
WAITING_LONGEST = timedelta(hours=3)
#: Chats that wait, and are read at once: beyond it the line says that it is closed.
WAITING_MOST = 500


def capacity(*, trainee: bool) -> int:
    """How many chats somebody may have at once.

    >>> capacity(trainee=False), capacity(trainee=True)
    (2, 1)
    """
    return TRAINEE_CAPACITY if trainee else CAPACITY
