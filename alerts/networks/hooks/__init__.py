"""Telling a network of an event on its line: in order, at least once, to nobody else."""
