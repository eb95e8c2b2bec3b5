"""Sentences an operator need not type again."""
