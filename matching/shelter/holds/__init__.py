"""A room kept for one household, from the asking to the morning she leaves."""
