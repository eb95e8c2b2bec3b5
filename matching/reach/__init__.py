"""Reaching a helper whose page is closed: her devices, waking them, the second channel."""
