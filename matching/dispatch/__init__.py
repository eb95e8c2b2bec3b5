"""Choosing whom to ask for help, in what order, and when it is enough."""
