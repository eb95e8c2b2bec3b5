"""Measurements: ``./run bench NAME``."""
