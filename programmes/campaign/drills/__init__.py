"""Exercises: planned, begun, measured."""
