"""Where hotels stand is told to nobody who is not sent there: an insider tries."""
