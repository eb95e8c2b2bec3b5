"""Posters, the short links printed on them, what is counted of both, and drills."""
