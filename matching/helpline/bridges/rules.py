"""The numbers of bridges."""

from datetime import timedelta

#: A question that is not answered is taken back: later she may have forgotten what it was.
ASKED_FOR = timedelta(minutes=30)
#: The need or the alert that came of a yes is let go then: by that time it is followed elsewhere.
SUBJECT_KEPT = timedelta(hours=48)
#: Questions in one conversation, of all kinds together.
MOST = 50
