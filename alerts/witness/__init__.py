"""Witnesses in transport: what is reported, who nearby is told, who does what, how it ends."""
