"""The migrations themselves, each frozen once it is released."""
