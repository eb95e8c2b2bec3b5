"""One pure file at a time."""
