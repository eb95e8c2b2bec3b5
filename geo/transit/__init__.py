"""Lines, stops and tracks of networks; which of them a moving phone is on, and who else is."""
