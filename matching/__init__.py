"""Bringing a need and an offer together."""
