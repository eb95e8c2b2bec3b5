"""One suite of numbered promises, run on every backend."""
