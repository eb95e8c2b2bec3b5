"""Who has agreed to be told of events on their way: consent, muted lines, agents of networks."""
