"""Sessions, tickets and the cookie rule."""
