"""Rooms counted: what is said, what is held, and whether it adds up."""
