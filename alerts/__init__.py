"""Raising an alert and carrying it until someone answers."""
