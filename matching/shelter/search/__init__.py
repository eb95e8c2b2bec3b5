"""Which room, in which order, and why."""
